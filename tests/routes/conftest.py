"""The app's plain HTTP routes, asked as a page asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import pytest_asyncio

from chat_app.auth.anonymous import Anonymous
from chat_app.auth.rights import rights_of
from chat_app.auth.tabs import token_for
from chat_app.config import settings
from chat_app.middleware.authentication import with_logins
from chat_app.routes.router import with_routes
from chat_app.state import media_cache, tab_session
from tests.helpers.logins import cookie_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from chat_app.auth.person import Login
    from chat_app.state.tab_session import TabSession


TAB = "7c8e1d9a-52a3-4c0e-9a39-0d4f2b1c6e55"
"""The token that the page of the tab has."""
LOGIN = Anonymous().made()
VIEWER = rights_of(LOGIN.person)


async def _rest(scope: Scope, receive: Receive, send: Send) -> None:
    """What the routes stand before."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the page"})


@pytest.fixture
def login() -> Login:
    """That of the browser that asks."""
    return LOGIN


@pytest_asyncio.fixture
async def web(login: Login) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(with_logins(with_routes(_rest)))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        client.headers["cookie"] = cookie_of(login)
        yield client


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch, login: Login, tmp_path: Path) -> TabSession:
    """What is known of the tab with the token `TAB`, in an app with limits of its own."""
    limits = {"CHAT_FILES": "3", "CHAT_FILE_MB": "1"}
    for name, value in {**limits, "CHAT_DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    token = token_for(login, TAB) or ""
    known = tab_session.TabSession(token)
    monkeypatch.setattr(tab_session, "_tabs", {token: known})
    settings.cache_clear()  # the test may set more
    return known


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    settings.cache_clear()
    media_cache.clear()
    yield
    settings.cache_clear()
    media_cache.clear()
