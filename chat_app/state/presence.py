"""Whether anybody looks at a tab: background work ends when nobody does.

Reflex cancels what a page's loading began as soon as its socket is gone or another page is opened.
So whoever is `present` there notices the end; a page that comes back in time was never away.
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

_here: Counter[str] = Counter()
_leaving: dict[str, asyncio.TimerHandle] = {}


@contextmanager
def present(token: str, *, gone: Callable[[str], None]) -> Generator[None]:
    """Within the block somebody looks at the tab; some time after it `gone` is called, if not."""
    _here[token] += 1
    _stay(token)
    try:
        yield
    finally:
        _here[token] -= 1
        if not _here[token]:
            del _here[token]
            expect(token, gone=gone)


def expect(token: str, *, gone: Callable[[str], None]) -> None:
    """Call `gone` after a while, unless somebody looks at the tab by then.

    An absence is counted from its own beginning: whoever came back before begins anew.
    """
    _stay(token)
    _leaving[token] = asyncio.get_running_loop().call_later(GRACE, _leave, token, gone)


def is_here(token: str) -> bool:
    """Whether somebody looks at the tab right now."""
    return token in _here


def _stay(token: str) -> None:
    if timer := _leaving.pop(token, None):
        timer.cancel()


def _leave(token: str, gone: Callable[[str], None]) -> None:
    del _leaving[token]
    if token not in _here:
        gone(token)
