"""The app's states connected to a server, without a browser."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import pytest_asyncio

from chat_app.auth.person import Login, Person
from chat_app.client import LangGraphClient, get_client
from chat_app.config import settings
from chat_app.middleware.authentication import with_logins
from chat_app.routes.router import with_routes
from chat_app.runs import tasks
from chat_app.state import server
from chat_app.state.inspector.panel import InspectorState
from tests.helpers.logins import cookie_of
from tests.helpers.network import Network, network_to
from tests.helpers.queueing import made_busy
from tests.helpers.server import QUICK
from tests.helpers.tab import Tab, browser

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

    from tests.helpers.long_answer import LongAnswer

    Ask = Callable[..., Awaitable[httpx.Response]]

SECRET = "a-key-no-browser-may-see"


async def at(url: str, up: asyncio.Event | None = None) -> str:
    """The address of a server, once it is `up`."""
    if up:
        await up.wait()
    return url


@asynccontextmanager
async def app(
    monkeypatch: pytest.MonkeyPatch, url: str, up: asyncio.Event | None = None, **variables: str
) -> AsyncGenerator[Callable[[], Tab]]:
    """The app with `LANGGRAPH_API_URL` at `url`; gives what opens a tab.

    With `up` the server can be asked once that is set, as an agent that comes up with the app.
    """
    for name, value in {
        "LANGGRAPH_API_URL": url,
        "LANGSMITH_API_KEY": SECRET,
        "CHAT_ASSISTANT": "slow",
        "CHAT_SEARCH_MB": "0",  # no requests in the background
        **variables,
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    monkeypatch.setattr(server, "get_client", partial(get_client, retry=QUICK))
    try:
        async with server.connected(at(url, up)), browser() as new_tab:
            yield new_tab
    finally:
        await tasks.shutdown()
        settings.cache_clear()


@pytest_asyncio.fixture
async def start(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Awaitable]]:
    """``new_tab = await start(url, CHAT_TITLE="...")``; see `app`."""
    async with AsyncExitStack() as stack:

        async def start(
            url: str, up: asyncio.Event | None = None, **variables: str
        ) -> Callable[[], Tab]:
            return await stack.enter_async_context(app(monkeypatch, url, up, **variables))

        yield start


@pytest_asyncio.fixture
async def network(langgraph_server: str) -> AsyncIterator[Network]:
    """The network between the app and its server, in a test that asks for it."""
    with network_to(langgraph_server) as network:
        yield network


@pytest.fixture
def server_url(request: pytest.FixtureRequest, langgraph_server: str) -> str:
    """Where the app finds its server: behind `network`, in a test that asks for that."""
    if "network" in request.fixturenames:
        return request.getfixturevalue("network").url
    return langgraph_server


@pytest_asyncio.fixture
async def new_tab(
    start: Callable[..., Awaitable[Callable[[], Tab]]], server_url: str
) -> Callable[[], Tab]:
    """Opens a tab of an app that talks to a real server, to its `slow` assistant."""
    return await start(server_url)


@pytest_asyncio.fixture
async def asking(
    start: Callable[..., Awaitable[Callable[[], Tab]]], server_url: str
) -> Callable[..., Awaitable[Tab]]:
    """``tab = await asking("consults", "words")``: the assistant asks what that message names."""

    async def ask(assistant: str, message: str, *, url: str = server_url) -> Tab:
        tab = (await start(url, CHAT_ASSISTANT=assistant))()
        await tab.load("/")
        await tab.send(message)
        assert tab.rows[-1]["kind"] == "ask"
        return tab

    return ask


@pytest_asyncio.fixture
async def tab(new_tab: Callable[[], Tab]) -> Tab:
    """A tab at `/`."""
    tab = new_tab()
    await tab.load("/")
    return tab


@pytest_asyncio.fixture
async def busy(tab: Tab, long_answer: LongAnswer) -> Tab:
    """A tab whose thread has one answer and writes a long one."""
    return await made_busy(tab, long_answer)


@pytest_asyncio.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest_asyncio.fixture
async def web() -> AsyncIterator[httpx.AsyncClient]:
    """The app's routes; who asks is in the cookie."""

    async def rest(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError(scope["path"])

    transport = httpx.ASGITransport(with_logins(with_routes(rest)))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client


@pytest.fixture
def ask(web: httpx.AsyncClient) -> Ask:
    """``await ask(tab, "events", after=3)``: as the page of that tab, or another `person`."""

    async def asked(
        tab: Tab, path: str, *, person: Person | None = None, **query: Any
    ) -> httpx.Response:
        who = person or tab.person
        headers = {"cookie": cookie_of(Login(who.id, who))}
        address = tab.var(InspectorState, "address")
        assert address.startswith("/_inspect/")
        return await web.get(f"{address}/{path}", params=query, headers=headers)

    return asked
