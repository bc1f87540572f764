"""What a state of the page is, and what drives a tab into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from playwright.sync_api import expect

from tests.helpers.browser import wait_for
from tests.helpers.threads import make_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager, ExitStack

    from playwright.sync_api import Locator

    from tests.helpers.app import AgentServer, RunningApp
    from tests.helpers.browser import Tab

_T = TypeVar("_T")


@dataclass(frozen=True)
class Device:
    """A kind of screen: its name, and options of a browser context."""

    name: str
    options: dict[str, Any] = field(default_factory=dict, compare=False)


LAPTOP = Device("laptop", {"viewport": {"width": 1280, "height": 800}})
PHONE = Device(
    "phone",
    {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
)
SMALL = Device("reflow", {"viewport": {"width": 320, "height": 256}})
"""1280 x 1024 pixels at 400 %."""


@dataclass
class Visit:
    """One tab on its way into a state.

    `agent` is the agent server behind `app`; what is entered by `keep` lasts until the
    tab is closed.
    """

    tab: Tab
    app: RunningApp
    agent: AgentServer
    device: Device
    _kept: ExitStack

    def at_the_end(self, action: Callable[[], object]) -> None:
        """Do this when the visit ends."""
        self._kept.callback(action)

    def keep(self, context: AbstractContextManager[_T]) -> _T:
        """Enter a context that ends with the visit."""
        return self._kept.enter_context(context)

    def test_id(self, name: str) -> Locator:
        """The elements with this test id."""
        return self.tab.page.get_by_test_id(name)

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.tab.page.locator(".log")

    def ask(self, message: str, graph: str = "") -> None:
        """Send a message in a new chat, to one of several graphs where it is named."""
        self.tab.open()
        if graph:
            self.choose(graph)
        self.tab.ask(message)

    def choose(self, graph: str) -> None:
        """Choose the assistant of a graph."""
        body = {"graph_id": graph, "limit": 1}
        with self.agent.client() as server:
            found = server.post("/assistants/search", json=body)
        assistant = str(UUID(found.raise_for_status().json()[0]["assistant_id"]))
        self.test_id("assistant-picker").select_option(value=assistant)

    def finished(self) -> None:
        """Wait until the run is over, however it ended."""
        wait_for(self.tab.page, "sessionStorage.getItem('chat_outbox') === null")
        self.tab.thread_id()
        expect(self.tab.rows("human").first).to_be_visible()
        expect(self.tab.stop).to_have_count(0)

    def open_thread(self, messages: Sequence[dict[str, Any]], **state: Any) -> None:
        """Open a thread that holds these messages, without a run."""
        self.tab.open(make_thread(self.agent, messages, **state))
        expect(self.tab.rows("human").first).to_be_visible()


@dataclass(frozen=True)
class State:
    """One state of the page. `reach` drives a tab there, in the app of that name (see `apps`).

    `devices` are those on which it exists. A `whole` one is drawn on a screen as high as all of
    its conversation. `text_size` is the reader's in percent, as set in the browser. Where there is
    a state `after` which it comes, `reach` begins there, in the same tab.
    """

    name: str
    app: str
    reach: Callable[[Visit], object]
    devices: tuple[Device, ...] = (LAPTOP, PHONE)
    whole: bool = False
    text_size: int = 100
    after: State | None = None

    @property
    def path(self) -> tuple[State, ...]:
        """The states on the way to this one, and it."""
        return (*(self.after.path if self.after else ()), self)


class States:
    """The states of one module, in order: a decorator adds one, named as its function is."""

    def __init__(self) -> None:
        self.all: list[State] = []

    def __call__(self, app: str, **options: Any) -> Callable[[Callable[[Visit], object]], State]:
        """Add a state of the app of that name; `options` are further fields of `State`."""

        def add(reach: Callable[[Visit], object]) -> State:
            state = State(reach.__name__.replace("_", "-"), app, reach, **options)
            self.all.append(state)
            return state

        return add
