"""When a tab counts as left: an absence that lasts, not one of many short ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app.state import presence
from chat_app.state.presence import GRACE, expire_later, is_present, present

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """An event loop of which only the time is wanted, and that by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self._timers: list[tuple[float, Callable[[], Any]]] = []

    def call_later(self, delay: float, call: Callable[..., Any], *args: Any) -> Clock.Timer:
        timer = (self.now + delay, lambda: call(*args))
        self._timers.append(timer)
        return Clock.Timer(lambda: self._timers.remove(timer))

    def wait(self, seconds: float) -> None:
        self.now += seconds
        for timer in [timer for timer in self._timers if timer[0] <= self.now]:
            self._timers.remove(timer)
            timer[1]()

    class Timer:
        def __init__(self, cancel: Callable[[], None]) -> None:
            self.cancel = cancel


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(presence.asyncio, "get_running_loop", lambda: clock)
    return clock


@pytest.fixture
def gone() -> list[str]:
    return []


def test_a_tab_that_stays_away_is_gone_once(clock: Clock, gone: list[str]) -> None:
    with present("tab", gone=gone.append):
        clock.wait(10 * GRACE)
        assert is_present("tab")
    clock.wait(GRACE - 1)
    assert gone == []
    clock.wait(2)
    assert gone == ["tab"]
    clock.wait(10 * GRACE)
    assert gone == ["tab"]


def test_an_absence_counts_from_its_own_beginning(clock: Clock, gone: list[str]) -> None:
    for _ in range(5):
        with present("tab", gone=gone.append):
            clock.wait(1)
        clock.wait(GRACE - 1)
    assert gone == []
    clock.wait(2)
    assert gone == ["tab"]


def test_who_comes_before_the_others_have_left_is_still_there(
    clock: Clock, gone: list[str]
) -> None:
    with present("tab", gone=gone.append):
        with present("tab", gone=gone.append):
            clock.wait(1)
        clock.wait(2 * GRACE)
        assert is_present("tab")
    assert gone == []


def test_a_tab_whose_page_never_came_expires(clock: Clock, gone: list[str]) -> None:
    expire_later("tab", gone=gone.append)
    clock.wait(GRACE + 1)
    assert gone == ["tab"]
