"""Limits on websockets: how many, what they may send, how fast, and how long they may be silent.

A handshake beyond the number for an address or a person is answered with 429. Binary frames and
packets that no page sends close the socket before Socket.IO sees them, and so does silence: a page
answers a ping every 25 seconds. One that sends faster than its rate is read later, which slows it
down by way of TCP; one that is far ahead of its rate is closed.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.middleware.packets import LONGEST, Packet, is_simple, packet_of
from chat_app.middleware.quota import Quota
from chat_app.middleware.rates import Bucket, Rate
from chat_app.middleware.refusal import refusal
from chat_app.middleware.shared_limits import SharedLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from chat_app.middleware.clients import Clients
    from chat_app.middleware.quota import Key
    from chat_app.middleware.rates import Buckets

_log = logging.getLogger(__name__)

_UNSUPPORTED, _POLICY, _TOO_LARGE = 1003, 1008, 1009
_DISCONNECTED: Message = {"type": "websocket.disconnect", "code": _POLICY}


@dataclass(frozen=True)
class SocketLimits:
    """Numbers per socket; a person has some sockets' worth of each rate, an address more."""

    per_address: int = 100
    per_person: int = 30
    connect_within: float = 10.0
    """Seconds until the Socket.IO connection is there."""
    silent_for: float = 60.0
    """Seconds between two packets: a page answers a ping every 25."""
    packets: Rate = field(default_factory=lambda: Rate(per_second=40, burst=200))
    characters: Rate = field(default_factory=lambda: Rate(per_second=250_000, burst=4_000_000))
    handshakes: Mapping[str, Rate] = field(
        default_factory=lambda: {"person": Rate(0.5, burst=60), "address": Rate(1, burst=200)}
    )
    """Of a person and of an address: each may begin a tab, whose state is kept for a while."""
    most_wait: float = 15.0
    """Seconds that a packet waits at most; a socket that is further ahead is closed."""
    collect_after: int = 4_000_000
    """Characters from all sockets."""
    of_person: float = 3
    of_address: float = 10

    @classmethod
    def of(cls, per_address: int) -> SocketLimits:
        """Those of an app that as many sockets of one address may use at one time."""
        of_address = Rate(per_second=per_address / 100, burst=2 * per_address)
        return cls(per_address, handshakes={"person": Rate(0.5, burst=60), "address": of_address})


class SocketGate:
    """Counts the sockets of a process, and of those that `shared` hears of."""

    def __init__(
        self, limits: SocketLimits, clients: Clients, shared: SharedLimits | None = None
    ) -> None:
        shared = shared or SharedLimits()
        self.limits = limits
        self._clients = clients
        self._received = 0
        most = {"address": limits.per_address, "person": limits.per_person}
        self._open = shared.share("sockets", Quota(most), most)
        factors = {"person": limits.of_person, "address": limits.of_address}

        def buckets(name: str, rates: Mapping[str, Rate]) -> dict[str, Buckets]:
            return {
                kind: shared.buckets(f"{name} of a {kind}", kind, rate)
                for kind, rate in rates.items()
            }

        self._packets = buckets("packets", _times(limits.packets, factors))
        self._characters = buckets("characters", _times(limits.characters, factors))
        self._handshakes = buckets("handshakes", limits.handshakes)

    def enter(self, scope: Scope, now: float) -> tuple[Key, ...] | None:
        """Count one more socket; None where there are too many, or too many came at once."""
        keys = self._clients.keys(scope)
        if not self._open.try_acquire(keys, 1):
            return None
        if all(self._handshakes[kind].allow(key, 1, now) for kind, key in keys):
            return keys
        self._open.release(keys, 1)
        return None

    def refuses(self, scope: Scope) -> bool:
        """Whether one more socket of this client would be refused now. Nothing is counted."""
        keys, now = self._clients.keys(scope), time.monotonic()
        is_slow_enough = all(self._handshakes[kind].has(key, 1, now) for kind, key in keys)
        return not (is_slow_enough and self._open.is_free(keys, 1))

    def leave(self, keys: tuple[Key, ...]) -> None:
        """A socket is closed."""
        self._open.release(keys, 1)

    def collect(self, characters: int) -> None:
        """Free what was received, where much of it may wait in cycles of references.

        An exception in a handler holds its event, and itself by way of its traceback. Python would
        look for such cycles by the number of objects, which are few, however large.
        """
        self._received += characters
        if self._received > self.limits.collect_after:
            self._received = 0
            gc.collect(1)

    def wait(self, keys: tuple[Key, ...], characters: int, now: float) -> float:
        """Count a packet; returns the seconds that it has to wait for its person and address."""
        waits = [self._packets[kind].take(key, 1, now) for kind, key in keys]
        waits += [self._characters[kind].take(key, characters, now) for kind, key in keys]
        return max(waits)


def _times(rate: Rate, factors: Mapping[str, float]) -> dict[str, Rate]:
    return {kind: rate.times(factor) for kind, factor in factors.items()}


def limit_sockets(app: ASGIApp, gate: SocketGate) -> ASGIApp:
    """`app`, with limits on its websockets."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await app(scope, receive, send)
            return
        keys = gate.enter(scope, time.monotonic())
        if keys is None:
            _log.info("Refused a socket: too many")
            refused = refusal(429, text.REFUSED_SOCKETS, {"Retry-After": "10"})
            await refused(scope, receive, send)
            return
        socket = _LimitedSocket(gate, keys, receive, send)
        try:
            await app(scope, socket.receive, socket.send)
        finally:
            gate.leave(keys)

    return limited


class _LimitedSocket:
    """Between the server's end of one socket and the app."""

    def __init__(
        self, gate: SocketGate, keys: tuple[Key, ...], receive: Receive, send: Send
    ) -> None:
        self._gate = gate
        self._keys = keys
        self._receive = receive
        self._send = send
        now = time.monotonic()
        self._packets = Bucket(gate.limits.packets, now)
        self._characters = Bucket(gate.limits.characters, now)
        self._connect_by = now + gate.limits.connect_within
        self._is_accepted = False
        self._is_connected = False
        self._is_closed = False
        self._pause = 0.0
        """Seconds to wait before the next packet: the server holds it back meanwhile."""

    async def receive(self) -> Message:
        """The next message for the app: what it may see, or the end."""
        if self._is_closed:
            return _DISCONNECTED
        if not self._is_accepted:
            return await self._receive()
        if self._pause:
            await asyncio.sleep(self._pause)
            self._pause = 0.0
        loop_now, now = asyncio.get_running_loop().time(), time.monotonic()
        timeout = self._gate.limits.silent_for if self._is_connected else self._connect_by - now
        try:
            async with asyncio.timeout_at(loop_now + timeout):
                message = await self._receive()
        except TimeoutError:
            return await self._close(_POLICY, "silent")
        if message["type"] != "websocket.receive":
            return message
        packet = message.get("text")
        if packet is None:
            return await self._close(_UNSUPPORTED, "binary")
        return await self._judged(packet, message)

    async def _judged(self, packet: str, message: Message) -> Message:
        if len(packet) > LONGEST or not is_simple(packet):
            return await self._close(_TOO_LARGE, "too large")
        kind = packet_of(packet)
        if kind is None or (kind is Packet.CONNECT) is self._is_connected:
            return await self._close(_POLICY, "unexpected packet")
        self._is_connected = True
        now = time.monotonic()
        wait = max(
            self._packets.take(1, now),
            self._characters.take(len(packet), now),
            self._gate.wait(self._keys, len(packet), now),
        )
        if wait > self._gate.limits.most_wait:
            return await self._close(_POLICY, "too fast")
        self._pause = wait
        self._gate.collect(len(packet))
        return message

    async def send(self, message: Message) -> None:
        """Pass on what the app sends, until the socket is closed from here."""
        if self._is_closed:
            return
        if message["type"] == "websocket.accept":
            self._is_accepted = True
        await self._send(message)

    async def _close(self, code: int, why: str) -> Message:
        self._is_closed = True
        _log.info("Closed a socket: %s", why)
        await self._send({"type": "websocket.close", "code": code})
        return {**_DISCONNECTED, "code": code}
