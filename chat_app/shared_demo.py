"""The demo agent that several worker processes share: the supervisor that started them runs it.

The supervisor (see `scripts.workers`) tells each worker where it is. The agent's key comes this
way, too, over a socket pair, as a command line can be read by everyone. A process that serves alone
has no supervisor: `shared_demo` is None there.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


class DemoFailedError(Exception):
    """The demo agent cannot be had; the text is the supervisor's, a sentence."""


@dataclass
class SharedDemo:
    """What the supervisor has said of it so far."""

    key: str = ""
    _url: str = ""
    _failure: str = ""
    _is_told: asyncio.Event = field(default_factory=asyncio.Event)

    def started(self, url: str) -> None:
        """It answers at `url`."""
        self._url, self._failure = url, ""
        self._is_told.set()

    def failed(self, why: str) -> None:
        """It did not start."""
        self._failure = why
        self._is_told.set()

    async def url(self) -> str:
        """Where it is, as soon as it answers.

        Raises:
            DemoFailedError: it did not start.
        """
        await self._is_told.wait()
        if self._failure:
            raise DemoFailedError(self._failure)
        return self._url


_shared: SharedDemo | None = None


def shared_demo() -> SharedDemo | None:
    """That of this worker; None in a process that serves alone."""
    return _shared


def share_demo(demo: SharedDemo) -> None:
    """Use this one in this process. It is called before the app is loaded."""
    global _shared  # noqa: PLW0603 - one process has one supervisor
    _shared = demo
