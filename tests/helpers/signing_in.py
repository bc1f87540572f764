"""The app in mode `password`, in this process: two accounts, and browsers that ask over HTTP."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import httpx
import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from chat_app.auth import identify, password
from chat_app.auth.accounts import Accounts
from chat_app.auth.identify import authenticator
from chat_app.auth.logins import Logins
from chat_app.auth.secret import signing_secret
from chat_app.auth.throttle import Throttle
from chat_app.config import settings
from chat_app.middleware import protected
from chat_app.middleware.authentication import login_of
from chat_app.routes.router import with_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from tests.helpers.clock import Clock

    Browsers = Callable[..., httpx.AsyncClient]

PASSWORD = "correct horse battery"
AT = "http://localhost:3000"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def mode(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: Clock
) -> Iterator[password.Password]:
    """Mode ``password``, with the accounts of Anna and Ben."""
    monkeypatch.setenv("CHAT_AUTH", "password")
    monkeypatch.setenv("CHAT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHAT_ADMINS", '["Ben"]')
    monkeypatch.setenv("CHAT_ORIGINS", '["https://chat.example.com"]')
    monkeypatch.setenv("CHAT_TITLE", "Tea & <b>biscuits</b>")
    settings.cache_clear()
    store = Logins(
        tmp_path / "logins.sqlite",
        secret=signing_secret(),
        lasts=12 * 3600,
        idle=2 * 3600,
        now=clock,
    )
    accounts = Accounts(tmp_path / "accounts.sqlite", QUICK)
    throttle = Throttle(tmp_path / "accounts.sqlite", clock)
    accounts.add("Anna", PASSWORD)
    accounts.add("Ben", f"{PASSWORD} of ben")
    made = password.Password(store, accounts, throttle)
    identify.authenticator.cache_clear()
    monkeypatch.setattr(password, "Password", lambda: made)
    assert authenticator() is made
    monkeypatch.setattr(password, "Password", type(made))
    yield made
    settings.cache_clear()
    identify.authenticator.cache_clear()


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    """The app behind: says who it is for."""
    login = login_of(scope)
    said = f"{login.person.id} {login.person.name} {login.person.is_admin}" if login else "nobody"
    headers = [(b"content-type", b"text/html"), (b"cache-control", b"public, max-age=60")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said.encode()})


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Callable[..., httpx.AsyncClient]]:
    """Makes browsers, each with cookies of its own."""
    clients = []

    def open_one(at: str = AT, client: str = "192.0.2.1") -> httpx.AsyncClient:
        app = protected(with_routes(_page), settings(), uploads=("/_attachments",))
        transport = httpx.ASGITransport(app, client=(client, 50_000))
        clients.append(httpx.AsyncClient(transport=transport, base_url=at))
        return clients[-1]

    yield open_one
    for each in clients:
        await each.aclose()


async def sign_in(
    web: httpx.AsyncClient, name: str = "anna", secret: str = PASSWORD, next: str = "/"
) -> httpx.Response:
    shown = await web.get("/sign-in", params={"next": next})
    fields = dict(re.findall(r'name="(token|next)" value="([^"]*)"', unescape(shown.text)))
    return await web.post("/sign-in", data={**fields, "username": name, "password": secret})


async def who(web: httpx.AsyncClient) -> str:
    answer = await web.get("/")
    return answer.text if answer.status_code == 200 else answer.headers["location"]


def scope_of(web: httpx.AsyncClient) -> Scope:
    cookies = "; ".join(f"{name}={value}" for name, value in web.cookies.items())
    headers = [(b"host", b"localhost:3000"), (b"cookie", cookies.encode())]
    return {"type": "http", "scheme": "http", "path": "/", "query_string": b"", "headers": headers}
