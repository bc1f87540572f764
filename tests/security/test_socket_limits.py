"""What a socket may send, how fast, and how long it may be silent: the middleware alone."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.middleware.clients import Clients
from chat_app.middleware.packets import Packet, is_simple, packet_of
from chat_app.middleware.rates import Bucket, Buckets, Rate
from chat_app.middleware.sockets import SocketGate, SocketLimits, limit_sockets

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

CLIENT = {"type": "http", "client": ("192.0.2.1", 1), "headers": [], "path": "/_login"}
CONNECT = '40/_event,{"token":"0"}'
EVENT = '42/_event,["event",{"name":"a"}]'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3", Packet.PONG),
        ("1", Packet.CLOSE),
        ("40/_event,", Packet.CONNECT),
        (CONNECT, Packet.CONNECT),
        (EVENT, Packet.EVENT),
        ('42/_event,["event", {"name": "a"}]', Packet.EVENT),
        ('42/_event,17["event",{}]', Packet.EVENT),
        ('42/_event,["client_error",{}]', Packet.EVENT),
        ("41/_event,", Packet.DISCONNECT),
    ],
)
def test_what_a_page_sends_is_known(text: str, kind: Packet) -> None:
    assert packet_of(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "2",
        "2probe",
        "3probe",
        "33",
        "5",
        "6",
        "bAAAA",
        "4",
        "40",
        "40{}",
        "40/other,{}",
        "40/_event?token=a,{}",
        "40/_eventful,{}",
        "41/_event,{}",
        "42",
        '42["event",{}]',
        "42/_event,[]",
        "42/_event,{}",
        '42/_event,["connect",{"QUERY_STRING":"token=a"},{}]',
        '42/_event,["disconnect"]',
        '42/_event,["\\u0065vent",{}]',
        '42/_event,[["event"],{}]',
        '421-/_event,["event",{}]',
        '42/_event,1234567890["event",{}]',
        '42/_event,\u0661["event",{}]',
        "43/_event,1[]",
        "44/_event,{}",
        '451-/_event,["event",{"_placeholder":true,"num":0}]',
        '451000000-/_event,["event",{"_placeholder":true,"num":0}]',
        '45/_event,["event",{}]',
        "461-/_event,1[]",
        "47/_event,",
        "\u0664" + EVENT[1:],
    ],
)
def test_what_no_page_sends_is_none(text: str) -> None:
    assert packet_of(text) is None


@given(st.text(max_size=2000))
def test_a_text_of_any_content_is_one_value(content: str) -> None:
    assert is_simple(f'42/_event,["event",{json.dumps({"a": content * 30})}]')


@pytest.mark.parametrize("part", ["[]", "{}", '"a"', "0", '{"a":[0]}'])
def test_very_many_values_are_too_many(part: str) -> None:
    assert is_simple(f"[{','.join([part] * 4000)}]")
    assert not is_simple(f"[{','.join([part] * 30_000)}]")


def test_a_long_text_with_many_marks_is_no_list() -> None:
    assert is_simple(json.dumps(["event", {"csv": '"a", [b], {c}\n' * 60_000}]))


@given(st.lists(st.floats(0, 100), max_size=30))
def test_a_rate_holds_however_it_is_used(pauses: list[float]) -> None:
    bucket, now = Bucket(Rate(2, burst=10), 0.0), 0.0
    for taken, pause in enumerate(pauses, 1):
        now += pause
        now += bucket.take(1, now)
        assert taken <= 10 + 2 * now + 1e-6


def test_buckets_that_are_full_are_forgotten() -> None:
    buckets = Buckets(Rate(1, burst=5))
    for number in range(1000):
        buckets.take(number, 1, now=float(number))
    assert len(buckets) < 5


class Peer:
    """The client's end of a socket whose other end is the app."""

    def __init__(self, gate: SocketGate, address: str = "192.0.2.1") -> None:
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[Message] = []
        self.heard: list[str] = []
        self.ended: Message = {}
        self._to_app.put_nowait({"type": "websocket.connect"})
        scope = {"type": "websocket", "client": (address, 1), "headers": [], "path": "/_event"}
        app = limit_sockets(self._app, gate)
        self.task = asyncio.ensure_future(app(scope, self._to_app.get, self._send))

    def send(self, text: str | None = None, **more: Any) -> None:
        self._to_app.put_nowait({"type": "websocket.receive", "text": text, **more})

    async def end(self) -> int:
        """Wait for the end; returns the code with which the socket was closed."""
        async with asyncio.timeout(20):
            await self.task
        return self.ended["code"]

    def leave(self) -> None:
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": 1000})

    async def _send(self, message: Message) -> None:
        self.sent.append(message)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.heard.append(message["text"])
        self.ended = message
        await send({"type": "websocket.close", "code": 1000})


def gate(**limits: Any) -> SocketGate:
    return SocketGate(SocketLimits(**limits), Clients())


@pytest.mark.parametrize("binary", [b"", b"x", b"x" * 1000])
async def test_a_binary_frame_ends_the_socket_unseen(binary: bytes) -> None:
    peer = Peer(gate())
    peer.send(CONNECT)
    peer.send(bytes=binary)
    assert await peer.end() == 1003
    assert peer.heard == [CONNECT]
    assert peer.sent[1:] == [{"type": "websocket.close", "code": 1003}]


@pytest.mark.parametrize(
    ("packets", "code"),
    [
        ([EVENT], 1008),
        (["3"], 1008),
        ([CONNECT, CONNECT], 1008),
        ([CONNECT, '451-/_event,["event",{"_placeholder":true,"num":0}]'], 1008),
        ([CONNECT, '42/_event,["connect",{}]'], 1008),
        ([CONNECT, "bAAAA"], 1008),
        ([CONNECT, f"{EVENT}{' ' * 1_000_000}"], 1009),
        ([CONNECT, f'42/_event,["event",[{"[]," * 100_000}0]]'], 1009),
    ],
)
async def test_a_packet_that_no_page_sends_ends_the_socket_unseen(
    packets: list[str], code: int
) -> None:
    peer = Peer(gate())
    for packet in packets:
        peer.send(packet)
    assert await peer.end() == code
    assert peer.heard == packets[:-1]


async def test_a_socket_that_does_not_connect_in_time_is_closed() -> None:
    assert await Peer(gate(connect_within=0.05)).end() == 1008


async def test_a_socket_that_says_nothing_is_closed() -> None:
    peer = Peer(gate(silent_for=0.05))
    peer.send(CONNECT)
    assert await peer.end() == 1008
    assert peer.heard == [CONNECT]


async def test_a_socket_that_sends_too_fast_is_slowed_down() -> None:
    peer = Peer(gate(packets=Rate(per_second=100, burst=5)))
    began = asyncio.get_running_loop().time()
    peer.send(CONNECT)
    for _ in range(24):
        peer.send(EVENT)
    peer.leave()
    await peer.end()
    assert len(peer.heard) == 25
    assert asyncio.get_running_loop().time() - began > 0.19


async def test_a_socket_far_ahead_of_its_rate_is_closed() -> None:
    peer = Peer(gate(characters=Rate(per_second=100, burst=1000)))
    peer.send(CONNECT)
    peer.send(f"{EVENT}{' ' * 10_000}")
    assert await peer.end() == 1008
    assert peer.heard == [CONNECT]


async def test_many_sockets_of_an_address_share_its_rate() -> None:
    shared = gate(characters=Rate(per_second=100, burst=1000), of_address=2, most_wait=1)
    peers = [Peer(shared) for _ in range(10)]
    for peer in peers:
        peer.send(CONNECT)
        peer.send(f"{EVENT}{' ' * 500}")
        peer.leave()
    await asyncio.gather(*(peer.end() for peer in peers))
    closed = [peer for peer in peers if peer.ended["code"] == 1008]
    assert 2 <= len(closed) <= 8
    other = Peer(shared, "192.0.2.2")
    other.send(CONNECT)
    other.send(f"{EVENT}{' ' * 500}")
    other.leave()
    assert await other.end() == 1000


async def test_sockets_of_one_address_are_counted_and_freed() -> None:
    shared = gate(per_address=2)
    peers = [Peer(shared) for _ in range(3)]
    await asyncio.wait_for(peers[2].task, 5)
    assert [message["type"] for message in peers[2].sent] == ["websocket.close"]
    assert not peers[0].task.done()
    assert shared.refuses(CLIENT)
    elsewhere = Peer(shared, "192.0.2.2")
    peers[0].leave()
    await peers[0].end()
    assert not shared.refuses(CLIENT)
    again = Peer(shared)
    for peer in (again, peers[1], elsewhere):
        peer.leave()
        assert await peer.end() == 1000


async def test_very_many_handshakes_in_a_row_are_refused() -> None:
    shared = gate(handshakes={"address": Rate(per_second=0.001, burst=3)})
    for number in range(6):
        assert shared.refuses(CLIENT) == (number >= 3)
        peer = Peer(shared)
        peer.leave()
        await asyncio.wait_for(peer.task, 5)
        assert bool(peer.ended) == (number < 3)
