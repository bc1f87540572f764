"""How updates get to the browser: into the queue of its socket, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from engineio.async_socket import AsyncSocket
from socketio import AsyncManager, AsyncServer

from chat_app.chat_app import app
from chat_app.updates import StraightManager

if TYPE_CHECKING:
    from collections.abc import Coroutine

NAMESPACE = "/_event"


class Connected:
    """A server, its manager, and the sockets of two browsers, `here` and `elsewhere`."""

    def __init__(self, manager: AsyncManager) -> None:
        self.manager = manager
        self.server = AsyncServer(async_mode="asgi", client_manager=manager)
        self.names: dict[str, str] = {}

    async def connect(self) -> None:
        for socket in ("here", "elsewhere"):
            self.server.eio.sockets[socket] = AsyncSocket(self.server.eio, socket)
            self.names[socket] = str(await self.manager.connect(socket, NAMESPACE))

    def said(self, socket: str) -> list[str]:
        """What is in the socket's queue."""
        queue = self.server.eio.sockets[socket].queue
        return [queue.get_nowait().encode() for _ in range(queue.qsize())]


@pytest.fixture(params=[AsyncManager, StraightManager])
async def connected(request: pytest.FixtureRequest) -> Connected:
    connected = Connected(request.param())
    await connected.connect()
    return connected


def turns(coroutine: Coroutine[Any, Any, Any]) -> int:
    """How often a coroutine waits for the event loop before it is done."""
    count = 0
    try:
        while True:
            coroutine.send(None)
            count += 1
    except StopIteration:
        return count


async def emit(connected: Connected, data: Any, to: str | None = "here", **how: Any) -> None:
    room = connected.names[to] if to else None
    await connected.server.emit("event", data, to=room, namespace=NAMESPACE, **how)


@pytest.mark.parametrize("connected", [StraightManager], indirect=True)
async def test_an_update_is_in_the_queue_without_a_turn_of_the_event_loop(connected: Connected):
    assert turns(emit(connected, {"delta": 1})) == 0
    assert connected.said("here") == ['42/_event,["event",{"delta":1}]']


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"delta": {"a": "b\n"}}, ['42/_event,["event",{"delta":{"a":"b\\n"}}]']),
        ((1, "two"), ['42/_event,["event",1,"two"]']),
        (None, ['42/_event,["event"]']),
        (
            {"bytes": b"raw"},
            ['451-/_event,["event",{"bytes":{"_placeholder":true,"num":0}}]', b"raw"],
        ),
    ],
)
async def test_what_is_sent_is_what_python_socketio_sends(
    connected: Connected, data: Any, said: list[str | bytes]
):
    await emit(connected, data)
    assert connected.said("here") == said
    assert connected.said("elsewhere") == []


async def test_who_speaks_to_all_may_leave_one_out(connected: Connected):
    await emit(connected, 1, to=None)
    await emit(connected, 2, to=None, skip_sid=connected.names["elsewhere"])
    assert connected.said("here") == ['42/_event,["event",1]', '42/_event,["event",2]']
    assert connected.said("elsewhere") == ['42/_event,["event",1]']


async def test_a_socket_that_is_gone_is_passed_over(connected: Connected):
    del connected.server.eio.sockets["here"]
    await emit(connected, 1)
    await connected.server.emit("event", 2, to="nobody", namespace=NAMESPACE)
    assert connected.said("elsewhere") == []


def test_the_app_sends_in_this_way():
    assert app.sio
    assert isinstance(app.sio.manager, StraightManager)
    assert app.sio.manager.server is app.sio


async def test_a_socket_whose_client_reads_nothing_is_closed() -> None:
    connected = Connected(StraightManager())
    await connected.connect()
    peer = connected.server.eio.sockets["here"]
    sent = 0
    while not peer.closed and sent < 100:
        await emit(connected, "a" * 1_000_000)
        sent += 1
    assert peer.closed
    assert sent < 40
    for _ in range(1000):
        await emit(connected, "a short update", to="elsewhere")
    assert not connected.server.eio.sockets["elsewhere"].closed
