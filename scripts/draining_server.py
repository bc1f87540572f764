"""uvicorn's server, which drains before it ends: see `chat_app.draining`."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING

from uvicorn.server import Server

from chat_app.draining import drain

if TYPE_CHECKING:
    from types import FrameType

    from uvicorn.config import Config

_log = logging.getLogger("chat_app.draining")


class DrainingServer(Server):
    """Ends at once on SIGINT, and after it has drained on SIGTERM; a second SIGTERM ends it.

    While it drains it listens on, and refuses: a balancer that asks whether it is ready hears that
    it is not. Where another process of this host takes the port over it stops listening first (see
    `hand_over`).
    """

    def __init__(self, config: Config, *, drain_seconds: float) -> None:
        super().__init__(config)
        self._drain_seconds = drain_seconds
        self._is_asked = False
        self._draining: asyncio.Task[int] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal came."""
        if sig == signal.SIGTERM and not self._is_asked:
            self._is_asked = True
            return
        super().handle_exit(sig, frame)

    def hand_over(self) -> None:
        """Drain, and take no connection any more: another process listens at the same port."""
        for server in self.servers:
            server.close()
        self._is_asked = True

    async def on_tick(self, counter: int) -> bool:
        """Look what was asked for, several times a second."""
        if self._is_asked and self._draining is None:
            self._draining = asyncio.create_task(drain().drain(self._drain_seconds), name="drain")
        if self._draining and self._draining.done():
            if left := self._draining.result():
                _log.warning("Ends with %d pages that did not reconnect in time", left)
            self.should_exit = True
        return await super().on_tick(counter)
