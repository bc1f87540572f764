"""Announcements to screen readers, all through one live region."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.conversation import JS
from chat_app.components.shared import JS as SHARED
from chat_app.state.assistants import AssistantOption, AssistantsState
from chat_app.state.queue import QUEUE, QueueState
from chat_app.state.rows import Row
from chat_app.state.run import RunState
from chat_app.state.transcript import TranscriptState
from chat_app.state.view import ViewState


class LiveRegion(rx.Component):
    """The live region of the page; `announce` of `shared/announce.js` adds to it."""

    library = SHARED["live_region.jsx"]
    tag = "LiveRegion"


class Announcer(rx.Component):
    """Announces what happens in the open thread; renders nothing.

    `sent` is the number of messages sent here; during a run they wait if it `queues` them. `rows`
    are those of the thread, without what is being written. The agent is named `agent`, or as the
    `chosen` one of the `options`.
    """

    library = JS["announcer.jsx"]
    tag = "Announcer"

    thread: rx.Var[str]
    sent: rx.Var[int]
    queues: rx.Var[bool]
    running: rx.Var[bool]
    stopping: rx.Var[bool]
    cut: rx.Var[bool]
    agent: rx.Var[str]
    options: rx.Var[list[AssistantOption]]
    chosen: rx.Var[str]
    rows: rx.Var[list[Row]]


def announcer() -> rx.Component:
    """Return both; they stay on the page while a new chat becomes a thread."""
    return rx.fragment(
        LiveRegion.create(),
        Announcer.create(
            thread=RunState.thread_id,
            sent=RunState.sent,
            queues=QueueState.strategy == QUEUE,
            running=RunState.running,
            stopping=RunState.stopping,
            cut=RunState.cut,
            agent=rx.cond(ViewState.is_demo, text.DEMO_AGENT, ""),
            options=AssistantsState.options,
            chosen=AssistantsState.chosen,
            rows=(TranscriptState.old + TranscriptState.middle + TranscriptState.new).to(list[Row]),
        ),
    )
