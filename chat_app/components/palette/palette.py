"""The palette, the help, and the keys of the page."""

from __future__ import annotations

import reflex as rx

from chat_app.components.palette import JS
from chat_app.state.assistants import AssistantOption, AssistantsState
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadLink, ThreadsState


def _chosen(assistant_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (assistant_id,)


class Commands(rx.Component):
    """Handles the keys of the page, and opens the palette and the help.

    The table is in the words of the page (`chat_app.components.shared.words`).
    """

    library = JS["commands.jsx"]
    tag = "Commands"

    threads: rx.Var[list[ThreadLink]]
    thread: rx.Var[str]
    options: rx.Var[list[AssistantOption]]
    chosen: rx.Var[str]
    on_assistant: rx.EventHandler[_chosen]


def commands() -> rx.Component:
    """Return what does the commands of the page; it is on it once."""
    return Commands.create(
        threads=ThreadsState.links,
        thread=RunState.thread_id,
        options=AssistantsState.options,
        chosen=AssistantsState.chosen,
        on_assistant=AssistantsState.choose,
    )
