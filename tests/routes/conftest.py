"""The app's plain HTTP routes, asked as a page asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import pytest_asyncio

from chat_app.config import settings
from chat_app.routes.router import with_routes
from chat_app.state import media_cache, tab_session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.types import Receive, Scope, Send

    from chat_app.state.tab_session import TabSession


async def _rest(scope: Scope, receive: Receive, send: Send) -> None:
    """What the routes stand before."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the page"})


@pytest_asyncio.fixture
async def web() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(with_routes(_rest))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> TabSession:
    """The desk of the tab with the token `tab`, in an app with limits of its own."""
    for name, value in {"CHAT_FILES": "3", "CHAT_FILE_MB": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tab_session, "_tabs", {"tab": tab_session.TabSession()})
    return tab_session._tabs["tab"]


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    settings.cache_clear()
    media_cache.clear()
    yield
    settings.cache_clear()
    media_cache.clear()
