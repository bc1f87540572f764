"""The real app with shared chats, and a browser without a cookie that asks for them.

A module of tests imports its fixtures: ``afresh`` (for each test) and ``web``.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from chat_app.auth.person import Person
from chat_app.middleware.rates import Rate
from chat_app.routes import shared
from tests.security.people import People, people_at

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    import httpx

ADA = Person("password:ada@example.com", "Ada Lovelace")
NO_LINK = "/s/" + "a" * 43


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page of another test is kept, and the tests of one machine are not too often there."""
    monkeypatch.setattr(shared, "_RATE", Rate(1000, 1000))
    shared.forget()


@asynccontextmanager
async def app_at(
    monkeypatch: pytest.MonkeyPatch, folder: Path, agent: str, mode: str = "none", **more: str
) -> AsyncGenerator[People]:
    async with people_at(mode, monkeypatch, folder, agent, **more) as people:
        shared.forget()
        yield people


@pytest_asyncio.fixture
async def web(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, langgraph_server: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without any cookie, as one has who is sent a link."""
    async with app_at(monkeypatch, tmp_path, langgraph_server) as people:
        yield people.stranger()


class Elements(HTMLParser):
    """The names and attributes of a page's elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def told(response: httpx.Response) -> tuple[object, ...]:
    varies = {"date"}
    headers = {name: value for name, value in response.headers.items() if name not in varies}
    return response.status_code, response.text, headers
