"""The connections of the server: uvicorn's own, with limits on what is not yet a whole message.

An ASGI app sees requests with all their headers and messages with all their fragments. What a
client has begun and does not finish is the server's to bound: the head of a request, the fragments
of a message, frames faster than they are read, answers that are not read. Granian, which Reflex
uses, gathers up to 64 MB of one message and has no setting for it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from chat_app.config import settings
from chat_app.middleware.client_address import client_address, limit_key
from chat_app.middleware.quota import Quota
from chat_app.trusted_peers import is_trusted, networks

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Buffer
    from websockets.frames import Frame

    from chat_app.middleware.quota import Key

LONGEST_MESSAGE = 1_000_000
"""Bytes of one message of a websocket, all fragments together."""

_HEAD = 32_000
"""Bytes of a request's line and headers."""
_HEAD_WITHIN = 10.0
_REST_WITHIN = 30.0
"""Seconds for the rest of a body whose request is answered already."""
_MESSAGE_WITHIN = 30.0
_READ_WITHIN = 60.0
"""Seconds until a client reads on that does not read what it asked for."""
_FRAGMENTS = 300
_MESSAGES = 200
"""Messages that wait to be read."""
_CLOSING_WITHIN = 5.0
_PER_SOCKET = 4
"""Connections of an address for each websocket that it may have."""

_arrived = Quota({"address": 8_000_000, "all": 64_000_000})
"""Bytes of messages that are not complete, or that the app does not read yet."""


class _Timers:
    """Deadlines of one connection, by name."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._set: dict[str, asyncio.TimerHandle] = {}

    def set(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        """Call `then` in so many seconds, unless this deadline is set already."""
        if name not in self._set:
            self._set[name] = self._loop.call_later(seconds, then)

    def unset(self, name: str) -> None:
        """Forget a deadline, if it is set."""
        if timer := self._set.pop(name, None):
            timer.cancel()

    def unset_all(self) -> None:
        """Forget all deadlines."""
        for name in list(self._set):
            self.unset(name)


class _Connections:
    """How many connections each address has; those of trusted proxies are not counted."""

    def __init__(self) -> None:
        self.trusted = networks(settings().trusted_proxies)
        self._open = Quota({"address": _PER_SOCKET * settings().sockets_per_address})

    def enter(self, peer: tuple[str, int] | None) -> tuple[Key, ...] | None:
        """Count one more; None where there are too many."""
        address = client_address({"client": peer, "headers": []}, ())
        if not address or is_trusted(ip_address(address), self.trusted):
            return ()
        keys: tuple[Key, ...] = (("address", limit_key(address)),)
        return keys if self._open.try_acquire(keys, 1) else None

    def leave(self, keys: tuple[Key, ...]) -> None:
        """One is closed."""
        if keys:
            self._open.release(keys, 1)


@lru_cache(maxsize=1)
def _connections() -> _Connections:
    return _Connections()


class _Written(asyncio.Protocol):
    """A protocol that ends its connection if the client does not read what it is sent."""

    transport: Any
    _timers: _Timers

    def pause_writing(self) -> None:
        """Wait for the client to read, not for ever."""
        super().pause_writing()
        self._timers.set("read", _READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        self._timers.unset("read")


class LimitedHttp(_Written, HttpToolsProtocol):
    """A connection that carries requests."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._timers = _Timers(self.loop)
        self._place: tuple[Key, ...] = ()
        self._head_size = 0
        self._is_head = True
        self._is_whole = True
        """Whether the request was received to its end."""

    def connection_made(  # pyright: ignore[reportIncompatibleMethodOverride] - as uvicorn's own
        self, transport: asyncio.Transport
    ) -> None:
        """Take a place among the connections of this address, or end at once."""
        super().connection_made(transport)
        place = _connections().enter(self.client)
        if place is None:
            transport.abort()
            return
        self._place = place
        self._timers.set("head", _HEAD_WITHIN, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._timers.unset_all()
        self._leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, up to the longest head."""
        if self.transport.is_closing():
            return
        if self._is_head:
            self._timers.set("head", _HEAD_WITHIN, self.transport.abort)
            self._head_size += len(data)
        super().data_received(data)
        if self._is_head and self._head_size > _HEAD and not self.transport.is_closing():
            self.send_400_response("The headers are too long.")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; what comes after the body is none (the trailers of a chunked one)."""
        if self._is_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Go on to the body."""
        self._is_head, self._is_whole, self._head_size = False, False, 0
        self._timers.unset("head")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for the next request."""
        super().on_message_complete()
        self._is_head, self._is_whole = True, True
        self._timers.unset("rest")

    def on_response_complete(self) -> None:
        """Give the client some time for a body that is not needed any more."""
        super().on_response_complete()
        if not self._is_whole:
            self._timers.set("rest", _REST_WITHIN, self.transport.abort)

    def handle_websocket_upgrade(self) -> None:
        """Hand the place over to the websocket."""
        super().handle_websocket_upgrade()
        self._timers.unset_all()
        socket = self.transport.get_protocol()
        if isinstance(socket, LimitedWebSocket):
            socket.leave, self._place = self._leaving(), ()

    def _leave(self) -> None:
        self._leaving()()
        self._place = ()

    def _leaving(self) -> Callable[[], None]:
        place = self._place
        return lambda: _connections().leave(place)


class LimitedWebSocket(_Written, WebSocketsSansIOProtocol):
    """A connection that carries messages."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._timers = _Timers(self.loop)
        self._keys: tuple[Key, ...] = ()
        self._held = 0
        self._waiting: deque[int] = deque()
        """The sizes of the messages in the queue."""
        self._fragments = 0
        self.leave: Callable[[], None] = lambda: None
        """Gives back the connection's place."""

    def handle_connect(self, event: Any) -> None:
        """Count what arrives for the address that the handshake came from."""
        super().handle_connect(event)
        if scope := getattr(self, "scope", None):
            address = client_address(scope, _connections().trusted)
            self._keys = (("address", limit_key(address)),)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give everything back."""
        self._timers.unset_all()
        self._hold(0)
        self.leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, while the quota of unread bytes allows it."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if not self._count():
            self._end(1009)

    async def receive(self) -> Any:
        """Hand a message over."""
        message = await super().receive()
        if message["type"] == "websocket.receive":
            self._waiting.popleft()
            self._count()
        return message

    def send_receive_event_to_app(self) -> None:
        """Queue a message."""
        size = len(self.frames[0])
        super().send_receive_event_to_app()
        if not self.close_sent:
            self._waiting.append(size)

    def handle_text(self, event: Frame) -> None:
        """Begin a message."""
        self._fragments = 0
        if event.fin and not _is_text(event.data):
            self._end(1007)
            return
        super().handle_text(event)
        self._check_queue()

    def handle_bytes(self, event: Frame) -> None:
        """Begin a message that the app will refuse, so it is not gathered: the socket ends."""
        del event
        self._end(1003)

    def handle_cont(self, event: Frame) -> None:
        """Add to the message in place: a list of very many very short fragments is large."""
        self._fragments += 1
        if self._fragments > _FRAGMENTS or not self.frames:
            self._end(1009)
            return
        whole = self.frames[0]
        if not isinstance(whole, bytearray):
            self.frames[0] = whole = bytearray(whole)  # type: ignore[assignment]
        whole += event.data
        if not event.fin:
            return
        if not _is_text(whole):
            self._end(1007)
            return
        self.send_receive_event_to_app()
        self._check_queue()

    def handle_ping(self) -> None:
        """Answer, unless the client reads no answers."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def _count(self) -> bool:
        """Charge the bytes that the app did not read; False where their quota is exceeded."""
        begun = len(self.conn.reader.buffer) + sum(map(len, self.frames))
        if begun and not self.read_paused:
            self._timers.set("message", _MESSAGE_WITHIN, self.transport.abort)
        else:
            self._timers.unset("message")
        return self._hold(begun + sum(self._waiting))

    def _hold(self, size: int) -> bool:
        more = size - self._held
        if more < 0:
            _arrived.release(self._keys, -more)
        elif more > 0 and not _arrived.try_acquire(self._keys, more):
            return False
        self._held = size
        return True

    def _check_queue(self) -> None:
        if self.queue.qsize() > _MESSAGES:
            self._end(1008)

    def _end(self, code: int) -> None:
        """Close the socket from here, and do not wait for the client to agree."""
        if self.transport.is_closing():
            return
        self.frames = []
        if not self.handshake_complete or self.close_sent:
            self.transport.abort()
            return
        self.conn.fail(code)
        self.handle_parser_exception()
        self.loop.call_later(_CLOSING_WITHIN, self.transport.abort)


def _is_text(data: Buffer) -> bool:
    try:
        str(data, "utf-8")
    except UnicodeDecodeError:
        return False
    return True
