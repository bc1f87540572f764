"""The open thread as rows, and the open end of the answer being written.

Two substates on purpose: a component is drawn again when anything in its substate changes, and the
tail changes 25 times a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app.state.levels import Levels
from chat_app.state.painter import Painter
from chat_app.state.rows import Row

if TYPE_CHECKING:
    from chat_app.transcript.message import Transcript


class TranscriptState(rx.State):
    """The rows, oldest first, in three lists (see `chat_app.state.levels`)."""

    old: rx.Field[list[Row]] = rx.field(default_factory=list)
    middle: rx.Field[list[Row]] = rx.field(default_factory=list)
    new: rx.Field[list[Row]] = rx.field(default_factory=list)
    is_empty: rx.Field[bool] = rx.field(True)

    _canvas: Any = None
    """The `Canvas` of the open thread: kept off the vars, which Reflex wraps and tracks."""


class TailState(rx.State):
    """What is being written right now; `kind` is empty between blocks."""

    kind: rx.Field[str] = rx.field("")
    text: rx.Field[str] = rx.field("")


class Canvas:
    """What a tab shows of one thread, and what it takes to show the next view of it."""

    def __init__(self) -> None:
        self.painter = Painter()
        self.levels = Levels()


async def shown(tab: rx.State) -> Transcript:
    """The transcript on the screen of `tab`. Needs the tab's lock."""
    return _canvas(await tab.get_state(TranscriptState)).painter.transcript


async def show(tab: rx.State, transcript: Transcript, *, footer: list[Row] | None = None) -> None:
    """Paint `transcript`, then the rows of `footer`. Needs the tab's lock."""
    rows = await tab.get_state(TranscriptState)
    tail = await tab.get_state(TailState)
    canvas = _canvas(rows)
    paint = canvas.painter.paint(transcript)
    for name, level in canvas.levels.place(paint.keep, [*paint.rows, *(footer or [])]).items():
        setattr(rows, name, level)
    _update(rows, is_empty=not canvas.levels)
    _update(tail, kind=paint.tail.kind, text=paint.tail.text)


async def clear(tab: rx.State) -> None:
    """Show nothing. Needs the tab's lock."""
    rows = await tab.get_state(TranscriptState)
    rows.reset()
    (await tab.get_state(TailState)).reset()


def _update(state: rx.State, **values: object) -> None:
    """Set what is different: a var that is set is sent, changed or not."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)


def _canvas(rows: TranscriptState) -> Canvas:
    if rows._canvas is None:  # noqa: SLF001 - this module's own
        rows._canvas = Canvas()  # noqa: SLF001
    return rows._canvas  # noqa: SLF001
