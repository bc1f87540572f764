"""People at the real app, in each mode of sign-in: programs that send what browsers send."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import httpx

from chat_app.auth.accounts import FILE, Accounts
from chat_app.shared_store.accounts import SharedAccounts
from chat_app.shared_store.redis import shared_store
from tests.benchmarks.page import Page, Profile
from tests.benchmarks.wire import event
from tests.helpers.own_provider import come_back, configured
from tests.helpers.served import served
from tests.helpers.signing_in import PASSWORD, QUICK, sign_in

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    import pytest

    from tests.helpers.own_provider import OwnProvider

_QUIET = 0.7
"""Seconds in which a page at rest is told all that a run has left to tell."""
MODES = ("none", "password", "oidc", "proxy")
_PROXY = {"CHAT_TRUSTED_PROXIES": '["127.0.0.1"]', "CHAT_PROXY_HEADER": "X-Remote-User"}


class HeardPage(Page):
    """A page that keeps all that it is sent."""

    def __init__(self, url: str, path: str, profile: Profile, token: str = "") -> None:
        super().__init__(url, path, profile, token)
        self.heard: list[str] = []

    @property
    def is_closed(self) -> bool:
        """Whether the app has closed the socket."""
        return self._hearing is not None and self._hearing.done()

    async def quiet(self) -> None:
        """Wait until the app has told all that it has to tell of its own accord."""
        count = -1
        while count != len(self.heard):
            count = len(self.heard)
            await asyncio.sleep(_QUIET)

    async def send(self, name: str, payload: dict[str, Any]) -> None:
        """Send an event by the full name of its handler."""
        assert self._wire
        await self._wire.send(event(name, payload, self.path))

    async def _receive(self, name: str, content: Any) -> None:
        self.heard.append(json.dumps([name, content]))
        await super()._receive(name, content)


@dataclass
class Browser:
    """One browser, in which a person has signed in."""

    web: httpx.AsyncClient
    """Asks the app over HTTP."""
    name: str
    """Of the person's account."""
    headers: dict[str, str] = field(default_factory=dict)
    """What a proxy in front adds."""

    @property
    def profile(self) -> Profile:
        cookies = "; ".join(f"{name}={value}" for name, value in self.web.cookies.items())
        return Profile(cookies, headers=self.headers)

    def page(self, path: str = "/", *, token: str = "") -> HeardPage:
        """A tab, which is to be loaded."""
        return HeardPage(str(self.web.base_url).rstrip("/"), path, self.profile, token)

    async def attach(
        self, page: Page, data: bytes | AsyncIterator[bytes], thread_id: str = ""
    ) -> httpx.Response:
        """Upload a file for a tab."""
        named = {"x-file-name": quote("a.png"), "x-chat-tab": page.token}
        return await self.web.post(
            "/_attachments", content=data, headers={**named, "x-chat-thread": thread_id}
        )


class People:
    """Those of one app, which is at `url`."""

    def __init__(self, url: str, mode: str, accounts: Accounts, provider: OwnProvider) -> None:
        self.url = url
        self._mode = mode
        self.accounts = accounts
        self._provider = provider
        self._suffix = uuid4().hex[:8]
        self._stack = AsyncExitStack()

    async def come(self, name: str) -> Browser:
        """A person signs in, in a browser of its own, who is not that of another test."""
        web, name = self.stranger(), f"{name}-{self._suffix}"
        browser = Browser(web, name)
        if self._mode == "password":
            if name not in {account.name for account in self.accounts.all()}:
                self.accounts.add(name, PASSWORD)
            await sign_in(web, name)
        elif self._mode == "oidc":
            self._provider.claims = {"sub": name, "name": name}
            await come_back(web, self._provider)
        elif self._mode == "proxy":
            browser.headers = {"x-remote-user": name}
            web.headers.update(browser.headers)
        assert (await web.get("/_login")).status_code == 200
        return browser

    def stranger(self) -> httpx.AsyncClient:
        """A browser of no one."""
        same = {"sec-fetch-site": "same-origin", "origin": self.url}
        web = httpx.AsyncClient(base_url=self.url, trust_env=False, headers=same, timeout=30)
        self._stack.push_async_callback(web.aclose)
        return web

    async def aclose(self) -> None:
        """Close all browsers."""
        await self._stack.aclose()


@asynccontextmanager
async def people_at(
    mode: str, monkeypatch: pytest.MonkeyPatch, folder: Path, agent: str, **variables: str
) -> AsyncGenerator[People]:
    """The app in a mode of sign-in, before the LangGraph server `agent`, and who comes there."""
    settings = {"LANGGRAPH_API_URL": agent, "CHAT_ASSISTANT": "slow", "CHAT_AUTH": mode}
    with configured(monkeypatch, folder) as provider:
        async with AsyncExitStack() as stack:
            settings |= _PROXY if mode == "proxy" else {}
            app = served(monkeypatch, folder, **settings, **variables)
            url = await stack.enter_async_context(app)
            store = shared_store()
            kept = SharedAccounts(store) if store else folder / FILE
            stack.callback((accounts := Accounts(kept, QUICK)).close)
            people = People(url, mode, accounts, provider)
            stack.push_async_callback(people.aclose)
            yield people
