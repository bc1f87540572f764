"""A clock that stands still until the test moves it."""

from __future__ import annotations

import pytest


class Clock:
    """Called, it tells `now` in seconds."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()
