"""Leads to a message that the address names behind its ``#``, as the results of a search do."""

from __future__ import annotations

import reflex as rx

from chat_app.components.conversation import JS
from chat_app.state.find import FindState
from chat_app.state.run import RunState
from chat_app.state.transcript import TranscriptState


def _find(
    message: rx.Var[str], query: rx.Var[str], request: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    return (message, query, request)


class Find(rx.Component):
    """Renders nothing. `place` is where the message is that was asked for by this `request`."""

    library = JS["find.jsx"]
    tag = "Find"

    thread: rx.Var[str]
    count: rx.Var[int]
    place: rx.Var[int]
    request: rx.Var[str]
    on_find: rx.EventHandler[_find]


def find() -> rx.Component:
    """Return the guide to messages."""
    return Find.create(
        thread=RunState.thread_id,
        count=TranscriptState.count,
        place=FindState.place,
        request=FindState.request,
        on_find=FindState.find,
    )
