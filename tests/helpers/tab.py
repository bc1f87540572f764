"""A browser's tab without the browser: real states, real events, deltas kept as the page would."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import OnLoadInternalState, State
from reflex.utils.format import json_dumps
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.utils.format import format_event_handler

import chat_app.chat_app  # noqa: F401 - the page's route and its on_load
from chat_app.auth import tabs as auth_tabs
from chat_app.auth.person import Login, Person
from chat_app.state import tab_session
from chat_app.state.run import RunState
from chat_app.state.thread import ThreadState
from chat_app.state.transcript import TailState, TranscriptState
from tests.helpers.row_words import words_of
from tests.helpers.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    import reflex as rx
    from reflex.state import StateUpdate
    from reflex_base.event.processor.future import EventFuture

_MARK = "_rx_state_"


class Tab:
    """One tab. `page` is what its browser knows: full state name to var to JSON value."""

    def __init__(
        self,
        processor: BaseStateEventProcessor,
        states: StateManagerMemory,
        tabs: dict[str, Tab],
        person: Person,
    ) -> None:
        self.token = str(uuid4())
        self.person = person
        """Who is at the tab, from its next load on."""
        self.path = "/"
        self.page: dict[str, dict[str, Any]] = {}
        self.sent: list[str] = []
        """Every delta as JSON, as it goes over the socket."""
        self.redirects: list[str] = []
        self._processor = processor
        self._states = states
        tabs[self.token] = self

    def receive(self, update: StateUpdate) -> None:
        if update.delta:
            self.sent.append(json_dumps(update.delta))
            for state, changes in json.loads(self.sent[-1]).items():
                self.page.setdefault(state, {}).update(changes)
        for event in update.events:
            if event.name == "_redirect":
                self.redirects.append(str(event.payload["path"]).strip('"'))

    def var(self, state: type[rx.State], name: str) -> Any:
        """The value of a var as the browser has it."""
        return self.page[state.get_full_name()][name + _MARK]

    async def enqueue(self, handler: Any, **payload: Any) -> EventFuture:
        """Send an event, of a handler or of its full name, and do not wait for its end."""
        router = {
            "token": self.token,
            "sid": self.token,
            "pathname": "/[[place]]/[[thread]]/[[view]]",
            "asPath": self.path,
            "query": {},
            "headers": {"origin": "http://chat.test"},
            "ip": "127.0.0.1",
        }
        name = handler if isinstance(handler, str) else format_event_handler(handler)
        return await self._processor.enqueue(self.token, Event(name, router, payload))

    async def do(self, handler: Any, **payload: Any) -> None:
        """Send an event and wait until all that follows from it is over, and painted."""
        async with asyncio.timeout(PATIENCE):
            await over(await self.enqueue(handler, **payload))
            await self.painted()

    async def joined(self) -> None:
        """Wait until a run that the page joined is over."""
        mine = tab_session.find(self.token)
        if mine and mine.session:
            turn = mine.session.snapshot.conversation.turn
            if turn and turn.tab != self.token:
                await mine.session.at_rest()
        await self.painted()

    async def painted(self) -> None:
        """Wait until the page shows all that there is."""

        def is_painted() -> bool:
            mine = tab_session.find(self.token)  # one without a page is forgotten soon
            return mine is None or mine.is_current

        await until(is_painted)

    def close(self) -> None:
        """Close the tab."""
        self._processor._on_disconnect(self.token)
        auth_tabs.tabs().unbind(self.token, self.token)

    async def begin_load(self, path: str = "/") -> EventFuture:
        """Load the page anew at `path`, as a reload does or a lost socket that is back."""
        self.path = path
        self._processor._on_disconnect(self.token)
        login = Login(self.person.id, self.person)
        auth_tabs.tabs().bind(self.token, login, self.token, lambda: None)
        return await self.enqueue(State.event_handlers["hydrate_and_load"], vars={})

    async def load(self, path: str = "/") -> None:
        """Load the page anew, and wait until all that follows from it is over."""
        async with asyncio.timeout(PATIENCE):
            await over(await self.begin_load(path))
            await self.joined()

    async def go(self, path: str) -> None:
        """Follow a link inside the app."""
        self.path = path
        await self.do(OnLoadInternalState.event_handlers["on_load_internal"])
        await self.joined()

    async def send(self, message: Any) -> None:
        """Send a message and wait for the end of the answer."""
        await self.do(RunState.send, message=message)

    async def send_in_two_threads(self) -> tuple[str, str]:
        """Send "1" in a thread and "2" in another one, which stays open; returns their ids."""
        await self.send("1")
        first = self.thread_id
        await self.go("/")
        await self.send("2")
        return first, self.thread_id

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until what the browser shows fulfils `condition`."""
        await until(condition)

    async def state(self) -> str:
        """All that the server side holds for the page of this tab, as JSON."""
        token = BaseStateToken(ident=self.token, cls=State)
        async with self._states.modify_state(token) as state:
            return json_dumps(state.dict())

    @property
    def running(self) -> bool:
        return self.var(RunState, "running")

    @property
    def thread_id(self) -> str:
        return self.var(RunState, "thread_id")

    @property
    def trouble(self) -> str:
        return self.var(ThreadState, "trouble")

    @property
    def rows(self) -> list[dict[str, str]]:
        """The three lists as the page reads them."""
        return [row for name in ("old", "middle", "new") for row in self.var(TranscriptState, name)]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Kind and text of each row, the open tail last; without the lines below answers."""
        rows = [(row["kind"], words_of(row)) for row in self.rows if row["kind"] != "end"]
        kind, *words = (self.var(TailState, name) for name in ("kind", "head", "text"))
        return rows + ([(kind, "".join(words))] if kind else [])

    def texts(self, kind: str) -> list[str]:
        return [text for shown, text in self.shown if shown == kind]


async def over(event: EventFuture) -> None:
    """Wait until all that follows from an event is over, but for attending, which never ends."""

    def left(future: EventFuture) -> list[EventFuture]:
        attends = future.supersede_key and "attend" in future.supersede_key[0]
        mine = [] if future.done() or attends else [future]
        return mine + [one for child in future.children for one in left(child)]

    async with asyncio.timeout(2 * PATIENCE):
        while waits := left(event):
            await asyncio.wait(waits)


def no_tab() -> State:
    """The state of a tab without a page, of some person."""
    person = Person(str(uuid4()))
    auth_tabs.tabs().bind("", Login(person.id, person), "", lambda: None)
    return State(_reflex_internal_init=True)  # type: ignore[call-arg]


@asynccontextmanager
async def browser() -> AsyncGenerator[Callable[[], Tab]]:
    """Open tabs of one person in one app; all of its tasks end with the block."""
    person = Person(str(uuid4()))
    tabs: dict[str, Tab] = {}

    class Namespace:
        async def emit_update(self, update: StateUpdate, token: str) -> None:
            tabs[token].receive(update)

    states = StateManagerMemory()
    processor = BaseStateEventProcessor().configure(
        state_manager=states,
        event_namespace=Namespace(),  # type: ignore[arg-type]
    )
    begun, over = asyncio.Event(), asyncio.Event()

    async def process() -> None:
        async with processor:
            begun.set()
            await over.wait()

    # A task of its own: the processor must be left in the context in which it was entered, and
    # pytest enters and leaves a fixture in two.
    processing = asyncio.ensure_future(process())
    await begun.wait()
    try:
        yield lambda: Tab(processor, states, tabs, person)
    finally:
        over.set()
        await processing
