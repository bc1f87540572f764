from __future__ import annotations

import pytest

from chat_app.runs.load import TOO_LATE, Load


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def told(load: Load, clock: Clock, late: float, *, seconds: float, every: float = 0.01) -> None:
    for _ in range(round(seconds / every)):
        clock.now += every
        load.note(late)


def test_one_late_timer_is_not_too_much(clock: Clock):
    load = Load(clock)
    clock.now += 1000
    load.note(5.0)
    assert not load.is_too_much


def test_many_late_timers_are_and_it_passes(clock: Clock):
    load = Load(clock)
    told(load, clock, 2 * TOO_LATE, seconds=20)
    assert load.is_too_much
    told(load, clock, 0.0, seconds=20)
    assert not load.is_too_much


def test_without_answers_it_passes_by_itself(clock: Clock):
    load = Load(clock)
    told(load, clock, 3 * TOO_LATE, seconds=20)
    clock.now += 30
    assert not load.is_too_much


def test_what_is_a_little_late_always_goes_on(clock: Clock):
    load = Load(clock)
    told(load, clock, TOO_LATE / 2, seconds=300)
    assert not load.is_too_much
