"""The list is asked for less often where nothing happens, and at once when something does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from chat_app.client import UnreachableError
from chat_app.runs.availability import Availability
from chat_app.runs.threads import polling
from chat_app.runs.threads.polling import Polling
from chat_app.runs.times import REST_MOST, REST_SEEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chat_app.client import LangGraphClient


class Asked(Polling):
    """Notes when the list is asked for."""

    def __init__(self) -> None:
        self.times = 0
        self.again = asyncio.Event()
        super().__init__(self.ask, Availability(no_server))

    async def ask(self) -> None:
        self.asked_at = polling.time.monotonic()
        self.times += 1
        self.again.set()


async def no_server() -> LangGraphClient:
    raise UnreachableError


class Clock:
    """The time of the module, which a test sets forward."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.began = polling.time.monotonic()

    def monotonic(self) -> float:
        return self.began + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(polling, "time", clock)
    return clock


@pytest.fixture
async def asked(clock: Clock) -> AsyncIterator[Asked]:
    del clock
    asked = Asked()
    yield asked
    await asked.aclose()


def test_pauses_grow_with_the_time_in_which_nothing_happened(clock: Clock, asked: Asked):
    assert asked.rest == 0
    clock.ahead = 600
    assert asked.rest == pytest.approx(60)
    clock.ahead = 1_000_000
    assert asked.rest == REST_MOST


async def test_a_page_that_is_visible_is_never_late_by_much(clock: Clock, asked: Asked):
    asked.subscribe(lambda: None, is_visible=False)
    clock.ahead = 1_000_000
    assert asked.rest == REST_MOST
    asked.subscribe(print, is_visible=True)
    clock.ahead = 2_000_000
    assert asked.rest == REST_SEEN


async def test_who_comes_back_sees_the_newest_list_at_once(clock: Clock, asked: Asked):
    asked.subscribe(lambda: None, is_visible=True)
    await asked.again.wait()
    clock.ahead = 5000  # it has rested, and would for some minutes more
    asked.asked_at = clock.monotonic() - 10
    asked.again.clear()
    asked.touch()
    await asked.again.wait()
    assert asked.times == 2
    assert asked.rest == 0
