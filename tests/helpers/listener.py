"""A listener on loopback, TCP and UDP, that notes by which way something reached it."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: 0\r\n"
    b"Access-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n"
)
_TURN = 0.05  # s


@dataclass
class Listener:
    """`heard` has the name of each way by which a connection or a packet came, if only empty."""

    heard: set[str] = field(default_factory=set)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _ports: dict[str, int] = field(default_factory=dict)

    def port(self, way: str, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
        """The port at which only this way is listened for."""
        if way not in self._ports:
            ear = socket.socket(socket.AF_INET, kind)
            ear.bind(("127.0.0.1", 0))
            if kind == socket.SOCK_STREAM:
                ear.listen()
            ear.setblocking(False)
            self._ports[way] = ear.getsockname()[1]
            self._selector.register(ear, selectors.EVENT_READ, way)
        return self._ports[way]

    def url(self, way: str) -> str:
        """An address for HTTP."""
        return f"http://127.0.0.1:{self.port(way)}/{way}"

    def stun(self, way: str) -> str:
        """An address for WebRTC."""
        return f"stun:127.0.0.1:{self.port(way, socket.SOCK_DGRAM)}"

    def serve(self, ended: threading.Event) -> None:
        """Note who comes, and answer with nothing."""
        open_sockets: list[socket.socket] = []
        while not ended.is_set():
            for key, _ in self._selector.select(_TURN):
                ear: socket.socket = key.fileobj  # type: ignore[assignment]
                self.heard.add(key.data)
                if ear.type == socket.SOCK_DGRAM:
                    ear.recv(2048)
                    continue
                connection = ear.accept()[0]
                connection.setblocking(True)
                connection.sendall(_ANSWER)
                open_sockets.append(connection)
        for one in [*open_sockets, *(key.fileobj for key in self._selector.get_map().values())]:
            one.close()
        self._selector.close()


@contextmanager
def listener() -> Generator[Listener]:
    """Listen until the end of the block."""
    ended, listening = threading.Event(), Listener()
    thread = threading.Thread(target=listening.serve, args=(ended,), daemon=True)
    thread.start()
    yield listening
    ended.set()
    thread.join()
