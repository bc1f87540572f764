"""Presence of tabs: background work for a tab ends some time after its page is gone.

Reflex cancels the event handlers of a page as soon as its socket is gone or another page is opened.
So a handler inside `present` notices the end; a page that is back within `GRACE` was never gone.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

GRACE = 10.0
"""Seconds that a tab may be away: a reload, a short loss of the network."""

_present: Counter[str] = Counter()
_expiries: dict[str, asyncio.TimerHandle] = {}


@contextmanager
def present(token: str, *, gone: Callable[[str], None]) -> Generator[None]:
    """The tab is present within the block. `GRACE` seconds after it `gone` is called, if not."""
    _present[token] += 1
    _cancel_expiry(token)
    try:
        yield
    finally:
        _present[token] -= 1
        if not _present[token]:
            del _present[token]
            expire_later(token, gone=gone)


def expire_later(token: str, *, gone: Callable[[str], None]) -> None:
    """Call `gone` in `GRACE` seconds, unless the tab is present by then; restarts the timer."""
    _cancel_expiry(token)
    _expiries[token] = asyncio.get_running_loop().call_later(GRACE, _expire, token, gone)


def is_present(token: str) -> bool:
    """Whether the tab's page is there now."""
    return token in _present


def _cancel_expiry(token: str) -> None:
    if timer := _expiries.pop(token, None):
        timer.cancel()


def _expire(token: str, gone: Callable[[str], None]) -> None:
    del _expiries[token]
    if token not in _present:
        gone(token)
