"""What a worker process gets from the supervisor that started it (see `scripts.workers`).

Of several workers none starts the demo agent: the supervisor does, and tells each where it is. The
agent's key comes this way, too, over a socket pair, as a command line can be read by everyone.
A process that serves alone has no supervisor, and `given` is None.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


class AgentFailedError(Exception):
    """The demo agent cannot be had; the text is the supervisor's, a sentence."""


@dataclass
class Given:
    """What the supervisor has said so far."""

    agent_key: str = ""
    _agent_url: str = ""
    _failure: str = ""
    _is_told: asyncio.Event = field(default_factory=asyncio.Event)

    def agent_is_at(self, url: str) -> None:
        """The demo agent answers at `url`."""
        self._agent_url, self._failure = url, ""
        self._is_told.set()

    def agent_failed(self, why: str) -> None:
        """The demo agent did not start."""
        self._failure = why
        self._is_told.set()

    async def agent_url(self) -> str:
        """Where the demo agent is, as soon as it answers.

        Raises:
            AgentFailedError: it did not start.
        """
        await self._is_told.wait()
        if self._failure:
            raise AgentFailedError(self._failure)
        return self._agent_url


_given: Given | None = None


def given() -> Given | None:
    """What this worker was given; None in a process that serves alone."""
    return _given


def be_given(told: Given) -> None:
    """Be a worker, before the app is loaded."""
    global _given  # noqa: PLW0603 - one process has one supervisor
    _given = told
