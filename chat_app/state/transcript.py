"""The open thread as rows, and the open end of the answer being written.

Two substates on purpose: a component is drawn again when anything in its substate changes, and the
tail changes 25 times a second.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app.auth.rights import rights_of
from chat_app.config import settings
from chat_app.runs.timings import clock
from chat_app.state.addresses import Shown
from chat_app.state.agent_panels import Panels
from chat_app.state.agents import AgentsState, show_agents
from chat_app.state.comparison import ComparisonState
from chat_app.state.painter import Painter
from chat_app.state.person import person_of
from chat_app.state.row_buckets import Levels
from chat_app.state.rows import Row, TextRow
from chat_app.state.tab_session import tab_session
from chat_app.state.view import NEVER
from chat_app.state.workspace import FileState, Workspace, WorkspaceState, show_workspace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chat_app.state.painter import Paint
    from chat_app.state.row_buckets import Changed
    from chat_app.transcript.branches import Versions
    from chat_app.transcript.message import Transcript

WINDOW = "chat_window"
"""The key in the tab's own storage; a page that is loaded anew begins without."""
_NUMBER = re.compile(r"[0-9]{1,9}")
_MOST_AT_ONCE = 1000
"""Messages, some tenths of a second: what is further up is asked for as one scrolls. The page says
where it was, and could say the beginning of any thread each time that it connects."""
REST_LIMIT = 1000
"""Characters of the tail that are sent each time, before they join those that are not."""
_UNSTEADY = 200
"""Characters at the end of the tail in which the next view may differ: half-open marks."""
MOST_AT_ONCE = 4_000
"""Characters of new text that are painted within the event loop: at most some 15 ms of work."""


class TranscriptState(rx.State):
    """The rows, oldest first, in three lists (see `chat_app.state.row_buckets`)."""

    old: rx.Field[list[Row]] = rx.field(default_factory=list)
    middle: rx.Field[list[Row]] = rx.field(default_factory=list)
    new: rx.Field[list[Row]] = rx.field(default_factory=list)
    is_empty: rx.Field[bool] = rx.field(True)
    earlier: rx.Field[int] = rx.field(0)
    """How many messages stand before the rows: they come a page at a time."""
    asked_at: rx.Field[int] = rx.field(-1)
    """The index of the question of the turn that the first row belongs to; -1 if there is none."""
    count: rx.Field[int] = rx.field(0)
    """How many messages the thread has."""
    open_path: rx.Field[str] = rx.field("")
    """Inside which elements of the last row the tail goes on; empty where it stands alone."""

    window: str = rx.SessionStorage("", name=WINDOW)
    """The thread that was scrolled up in, and the index of the first message that the page has: a
    process that knows nothing of the page puts as many before the rows."""

    _canvas: Any = None
    """The `Canvas` of the open thread: kept off the vars, which Reflex wraps and tracks."""

    @rx.event
    async def show_earlier(self):
        """Put a page of earlier messages before the rows, if there are any."""
        canvas = await canvas_of(self)
        rows = await asyncio.to_thread(canvas.painter.earlier)
        await canvas.put(self, canvas.levels.put_before(rows))
        self.window = f"{tab_session(self).thread_id} {canvas.painter.first}"

    @rx.event
    async def reveal(self, key: str):
        """Show the whole of a long result, of which only the beginning was sent."""
        canvas = await canvas_of(self)
        if not isinstance(key, str):
            return
        if row := canvas.painter.reveal(key):
            await canvas.put(self, canvas.levels.swap(row))
        else:
            await show_agents(self, canvas.agents.reveal(key))


class TailState(rx.State):
    """What is being written right now: `head`, then `text`; `kind` is empty between blocks.

    A var is sent whole whenever it changes, so what hardly changes any more is kept apart.
    """

    kind: rx.Field[str] = rx.field("")
    head: rx.Field[str] = rx.field("")
    text: rx.Field[str] = rx.field("")
    is_plain: rx.Field[bool] = rx.field(False)
    """The text is to be shown as it is, not as Markdown."""


class Canvas:
    """What a tab shows of one thread, and what it takes to show the next view of it.

    Vars are set through proxies, which take their time. So a canvas knows what the page has, and
    touches what is different: mostly the end of the tail alone.
    """

    def __init__(self) -> None:
        steps = settings().steps != NEVER
        self.painter = Painter(clock, steps=steps)
        self.agents = Panels(clock, steps=steps)
        self.workspace = Workspace(steps=steps)
        self.levels = Levels()
        self._page: dict[str, object] = {
            "is_empty": True,
            "earlier": 0,
            "asked_at": -1,
            "count": 0,
            "open_path": "",
        }
        self._open_path = ""
        self._tail: dict[str, object] = {"kind": "", "head": "", "text": "", "is_plain": False}

    async def show(
        self,
        tab: TailState,
        transcript: Transcript,
        *,
        footer: Sequence[Row] | None = None,
        at_rest: bool = True,
        versions: Mapping[str, Versions] | None = None,
    ) -> None:
        """Paint `transcript`, then the rows of `footer`. Needs the tab's lock.

        Where the thread is not `at_rest`, a run goes on that the tab does not watch yet.

        Of all states the tail's is at hand: looking for it would be a tenth of most views' cost.
        """
        paint = await self._paint(
            transcript, at_rest=at_rest, has_footer=bool(footer), versions=versions
        )
        rows = self.levels.place(paint.keep, [*paint.rows, *(footer or [])])
        last = self.levels.last()
        self._open_path = paint.tail.path if isinstance(last, TextRow) else ""
        head = _head(str(self._tail["head"]), paint.tail.text)
        tail = {
            "kind": paint.tail.kind,
            "head": head,
            "text": paint.tail.text[len(head) :],
            "is_plain": paint.tail.is_plain,
        }
        await self.put(tab, rows)
        for name, value in _news(self._tail, tail).items():
            setattr(tab, name, value)
        if news := self.agents.look(transcript, time.monotonic()):
            await show_agents(tab, news)
        if changes := self.workspace.look(transcript):
            await show_workspace(tab, self.workspace, changes)

    async def _paint(self, transcript: Transcript, **how: Any) -> Paint:
        """Paint in a worker thread where it would block the event loop.

        The interpreter switches between threads every few milliseconds, so other tabs go on. The
        painter belongs to this tab and is only used under its lock, which stays held.
        """
        if self.painter.unread(transcript) < MOST_AT_ONCE:
            return self.painter.paint(transcript, **how)
        return await asyncio.to_thread(self.painter.paint, transcript, **how)

    def counts(self) -> dict[str, object]:
        """How much there is, on the screen and before it."""
        return {
            "is_empty": not self.levels,
            "earlier": self.painter.first,
            "asked_at": self.painter.asked_at,
            "count": len(self.painter.transcript.messages),
            "open_path": self._open_path,
        }

    async def put(self, tab: rx.State, changed: Changed) -> None:
        """Show the lists of rows that changed, and how many there are. Needs the tab's lock."""
        changes = {**changed, **_news(self._page, self.counts())}
        if changes:
            rows = await tab.get_state(TranscriptState)
            for name, value in changes.items():
                setattr(rows, name, value)


async def canvas_of(tab: rx.State) -> Canvas:
    """The canvas of the thread that is open in `tab`. Needs the tab's lock."""
    rows = await tab.get_state(TranscriptState)
    if rows._canvas is None:  # noqa: SLF001 - this module's own
        canvas = rows._canvas = Canvas()  # noqa: SLF001
        (await tab.get_state(AgentsState))._panels = canvas.agents  # noqa: SLF001
        (await tab.get_state(WorkspaceState))._workspace = canvas.workspace  # noqa: SLF001
    canvas, viewer = rows._canvas, rights_of(person_of(tab))  # noqa: SLF001
    mine = tab_session(tab)
    leaf = mine.showing.snapshot.view.leaf if mine.showing else ""
    canvas.painter.where = Shown(mine.thread_id, viewer, leaf)
    canvas.agents.viewer = viewer
    return canvas


async def shown(tab: rx.State) -> Transcript:
    """The transcript on the screen of `tab`. Needs the tab's lock."""
    return (await canvas_of(tab)).painter.transcript


async def show(
    tab: rx.State,
    transcript: Transcript,
    *,
    footer: Sequence[Row] | None = None,
    at_rest: bool = True,
) -> None:
    """Paint `transcript`, then the rows of `footer`; see `Canvas.show`. Needs the tab's lock."""
    canvas, tail = await canvas_of(tab), await tab.get_state(TailState)
    await canvas.show(tail, transcript, footer=footer, at_rest=at_rest)


async def trim(tab: rx.State) -> None:
    """Drop all rows but those of the last page. Needs the tab's lock."""
    canvas = await canvas_of(tab)
    await canvas.put(tab, canvas.levels.drop(canvas.painter.trim()))
    rows = await tab.get_state(TranscriptState)
    if rows.window:
        rows.window = ""


async def show_window(tab: rx.State, canvas: Canvas) -> None:
    """Put as many earlier messages before the rows as the page had. Needs the tab's lock."""
    thread_id, _, first = (await tab.get_state(TranscriptState)).window.partition(" ")
    if thread_id != canvas.painter.where.thread_id or not _NUMBER.fullmatch(first):
        return
    longest = len(canvas.painter.transcript.messages) - _MOST_AT_ONCE
    while canvas.painter.first > max(int(first), longest):
        rows = await asyncio.to_thread(canvas.painter.earlier)
        await canvas.put(tab, canvas.levels.put_before(rows))


async def clear(tab: rx.State, next_id: str = "") -> None:
    """Show nothing; `next_id` is the thread to be shown next. Needs the tab's lock."""
    window = (await tab.get_state(TranscriptState)).window
    for state in _OF_THREAD:
        (await tab.get_state(state)).reset()
    if next_id and window.partition(" ")[0] == next_id:
        (await tab.get_state(TranscriptState)).window = window


_OF_THREAD = (TranscriptState, TailState, AgentsState, WorkspaceState, FileState, ComparisonState)


def _news(known: dict[str, object], now: Mapping[str, object]) -> dict[str, object]:
    """What of `now` was not known; from then on it is."""
    news = {name: value for name, value in now.items() if known[name] != value}
    known.update(news)
    return news


def _head(head: str, text: str) -> str:
    """The part of `text` that is sent apart: as before for as long as that will do."""
    if not text.startswith(head):
        head = ""
    return text[:-_UNSTEADY] if len(text) - len(head) > REST_LIMIT else head
