"""One of several processes that serve one port: started by `scripts.workers`, and not by hand.

    python -m scripts.worker LINK LISTENER

Both are numbers of inherited sockets. Over the link, lines of JSON come from the supervisor: first
the key of the demo agent, later where that is, and to hand over to a new process. Back go `ready`
and signs of life. The link ends with the supervisor, and the worker with the link.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from chat_app.config import SettingsError, settings
from chat_app.shared_demo import SharedDemo, share_demo
from scripts.draining_server import DrainingServer
from scripts.serve import application, prepare, server_config

if TYPE_CHECKING:
    from uvicorn.config import Config

_TICKS_A_SIGN = 10
"""Of the server's ten a second."""


class WorkerServer(DrainingServer):
    """The server of a worker: does what the supervisor says, and ends with it."""

    def __init__(
        self, config: Config, link: socket.socket, demo: SharedDemo, *, drain_seconds: float
    ) -> None:
        super().__init__(config, drain_seconds=drain_seconds)
        self._link = link
        self._demo = demo
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say when this process serves."""
        reader, self._writer = await asyncio.open_connection(sock=self._link)
        self._listening = asyncio.create_task(self._listen(reader), name="supervisor")
        await super().startup(sockets)
        self._say("ready")

    async def on_tick(self, counter: int) -> bool:
        """Tell the supervisor that this process is not stuck."""
        if counter % _TICKS_A_SIGN == 0:
            self._say("alive")
        return await super().on_tick(counter)

    def _say(self, word: str) -> None:
        if self._writer and not self._writer.is_closing():
            self._writer.write(f"{word}\n".encode())

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        with suppress(OSError):
            while line := await reader.readline():
                self._do(json.loads(line))
        self.should_exit = True

    def _do(self, told: dict[str, Any]) -> None:
        if "agent_url" in told:
            self._demo.started(told["agent_url"])
        elif "agent_failed" in told:
            self._demo.failed(told["agent_failed"])
        elif "hand_over" in told:
            self.hand_over()


def main(link_number: int, listener_number: int) -> None:
    """Serve until told to end."""
    try:
        chosen = settings()
    except SettingsError as problem:
        sys.exit(f"These settings cannot be used:\n{problem}")
    link, listener = socket.socket(fileno=link_number), socket.socket(fileno=listener_number)
    demo = SharedDemo(key=_first_line(link)["agent_key"])
    share_demo(demo)
    prepare()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the supervisor's business
    server = WorkerServer(
        server_config(application, chosen), link, demo, drain_seconds=chosen.drain_seconds
    )
    with suppress(KeyboardInterrupt):
        server.run([listener])


def _first_line(link: socket.socket) -> dict[str, Any]:
    """What is sent before anything else, and nothing after it."""
    line = b""
    while not line.endswith(b"\n"):
        if not (octet := link.recv(1)):
            sys.exit("The supervisor has ended.")
        line += octet
    return json.loads(line)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
