"""A tab of a browser without the browser: a real socket, and the page as the deltas make it."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from reflex.state import OnLoadInternalState, State
from reflex_base.utils.format import format_event_handler
from websockets.exceptions import ConnectionClosed

from chat_app.state.draft import DraftState
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from chat_app.state.transcript import TailState, TranscriptState
from tests.benchmarks.wire import NAMESPACE, Wire, event, login_at
from tests.helpers.row_words import words_of
from tests.helpers.waiting import until

if TYPE_CHECKING:
    import reflex as rx

_MARK = "_rx_state_"
_HYDRATE = State.event_handlers["hydrate_and_load"]
_NAVIGATE = OnLoadInternalState.event_handlers["on_load_internal"]
_STORED = ((QueueState, "strategy"),)
"""What the page keeps in the browser's local storage and tells the app when it is loaded."""
_ALL_THAT_TIME = 30.0
"""Seconds in which a page comes up, also while the server behind the app cannot be reached."""

_TAKEN_IN = 10.0
"""Seconds after which a page that is up gives back a message that the app did not take."""

Row = tuple[str, str, str]
"""Key, kind and text."""


class _Sent(NamedTuple):
    """A message that is taken once the app has counted `due` of them; sent `at`, monotonic."""

    text: str
    due: int
    at: float


@dataclass
class Profile:
    """What the tabs of one browser share: the cookie, and the local storage."""

    login: str = ""
    storage: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    """What a proxy in front adds to each request."""


class Page:
    """One tab at `path`. What it shows is empty until it is `load`ed."""

    def __init__(self, url: str, path: str, profile: Profile, token: str = "") -> None:
        self.path = path
        self.drafts: list[str] = []
        """Messages that the app did not take: they are in the composer again."""
        self._url = url
        self.token = token or str(uuid4())
        self._profile = profile
        self._shown: dict[str, dict[str, Any]] = {}
        self._outbox: list[_Sent] = []
        self._wire: Wire | None = None
        self._hearing: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Load the page, anew where it stands, and wait until the app has told it all.

        Raises:
            ConnectionError: the app does not let it.
            TimeoutError: it never did.
        """
        await self.close()
        self._shown = {}
        await self.connect()

    async def connect(self) -> None:
        """Bring back a page whose socket was cut, or is not there yet.

        Raises:
            ConnectionError: the app does not let it.
            TimeoutError: it does not come up.
        """
        self._set(State, "is_hydrated", value=False)
        first = event(format_event_handler(_HYDRATE), {"vars": self._profile.storage}, self.path)
        mine = self._profile
        mine.login = mine.login or await login_at(self._url)
        self._wire = await Wire.open(self._url, mine.login, self.token, first, mine.headers)
        self._hearing = asyncio.create_task(self._hear(self._wire), name=f"page {self.path}")
        hearing = self._hearing
        await until(lambda: self.is_up or hearing.done(), patience=_ALL_THAT_TIME)
        if hearing.done():
            hearing.result()
            raise ConnectionError("the app closed the socket")
        self._bring_back()

    async def close(self) -> None:
        """Close the tab in good order."""
        if self._wire:
            await self._wire.close()
        await self._end_hearing()

    async def cut(self) -> None:
        """Lose the socket."""
        if self._wire:
            self._wire.cut()
        await self._end_hearing()

    async def show_all(self) -> None:
        """Bring the earlier rows of a long conversation, a page at a time."""
        while earlier := self.var(TranscriptState, "earlier", 0):
            await self.do(TranscriptState.event_handlers["show_earlier"])
            await until(lambda now=earlier: self.var(TranscriptState, "earlier", 0) != now)

    async def do(self, handler: Any, **payload: Any) -> None:
        """Send an event, and do not wait for what follows from it."""
        assert self._wire
        await self._wire.send(event(format_event_handler(handler), payload, self.path))

    async def submit(self, text: str) -> None:
        """Send what is in the composer."""
        due = max(self.taken, *(message.due for message in self._outbox), 0) + 1
        self._outbox.append(_Sent(text, due, time.monotonic()))
        await self.do(QueueState.submit, message=text)

    @property
    def outbox(self) -> list[str]:
        """What was sent and the app has yet to take; in time it returns to the `drafts`."""
        if self._outbox and time.monotonic() - self._outbox[-1].at > _TAKEN_IN:
            self._bring_back()
        return [message.text for message in self._outbox]

    def _bring_back(self) -> None:
        self.drafts += [message.text for message in self._outbox]
        self._outbox = []

    def var(self, state: type[rx.State], name: str, default: Any = None) -> Any:
        """The value of a var as the browser has it."""
        return self._shown.get(state.get_full_name(), {}).get(name + _MARK, default)

    @property
    def name(self) -> str:
        return f"page {self.token[:4]}"

    @property
    def is_up(self) -> bool:
        """Whether the page shows the thread that its address names."""
        there = self.path.removeprefix("/t/").strip("/")
        return bool(self.var(State, "is_hydrated")) and (not there or self.thread_id == there)

    @property
    def thread_id(self) -> str:
        return self.var(RunState, "thread_id", "")

    @property
    def running(self) -> bool:
        return self.var(RunState, "running", default=False)

    @property
    def taken(self) -> int:
        """How many messages the app has taken from this tab."""
        return self.var(DraftState, "taken", 0)

    @property
    def returned(self) -> str:
        """The message in the composer that the server did not take."""
        return self.var(DraftState, "returned", "")

    @property
    def can_retry(self) -> bool:
        return self.var(RunState, "can_retry", default=False)

    @property
    def waiting(self) -> list[str]:
        """The texts of the messages in the queue."""
        return [message["text"] for message in self.var(QueueState, "waiting", [])]

    @property
    def paused(self) -> int:
        """How many of them wait for the person."""
        return self.var(QueueState, "paused", 0)

    @property
    def rows(self) -> list[Row]:
        """All that is written in the conversation, what is being written last."""
        lists = (self.var(TranscriptState, name, []) for name in ("old", "middle", "new"))
        rows = [(row["key"], row["kind"], words_of(row)) for rows in lists for row in rows]
        kind, head, text = (self.var(TailState, name, "") for name in ("kind", "head", "text"))
        return [*rows, ("tail", kind, head + text)] if kind else rows

    def id_of(self, text: str) -> str:
        """What names a message of the queue."""
        waiting = self.var(QueueState, "waiting", [])
        return next(message["id"] for message in waiting if message["text"] == text)

    async def _hear(self, wire: Wire) -> None:
        async for frame in wire:
            packet, _, content = frame.partition(NAMESPACE)
            if packet == "44":
                raise ConnectionError(f"the app refused the page: {content}")
            if packet == "42":
                await self._receive(*json.loads(content))

    async def _receive(self, name: str, content: Any) -> None:
        if name == "new_token":
            self.token = content
        elif name == "event":
            edits = self.var(DraftState, "edits")
            for state, changes in (content.get("delta") or {}).items():
                self._shown.setdefault(state, {}).update(changes)
            if edits is not None and self.var(DraftState, "edits") > edits:
                self.drafts.append(self.var(DraftState, "edited", ""))
            self._outbox = [message for message in self._outbox if message.due > self.taken]
            self._store()
            for asked in content.get("events") or []:
                if asked["name"] == "_redirect":
                    await self._go(str(asked["payload"]["path"]).strip('"'))

    def _store(self) -> None:
        """A page that is not told all yet does not write to the storage."""
        if self.var(State, "is_hydrated"):
            for state, name in _STORED:
                self._profile.storage[f"{state.get_full_name()}.{name}{_MARK}"] = self.var(
                    state, name
                )

    async def _go(self, path: str) -> None:
        self.path = path
        self._set(State, "is_hydrated", value=False)
        with suppress(ConnectionClosed):  # then it is loaded there once the socket is back
            await self.do(_NAVIGATE)

    def _set(self, state: type[rx.State], name: str, *, value: Any) -> None:
        self._shown.setdefault(state.get_full_name(), {})[name + _MARK] = value

    async def _end_hearing(self) -> None:
        hearing, self._hearing, self._wire = self._hearing, None, None
        if hearing:
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing
