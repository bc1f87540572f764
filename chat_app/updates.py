"""Updates go straight into the queue of the one socket they are for.

python-socketio makes a task for each recipient of a message and waits for all of them, which takes
two turns of the event loop. With a hundred people a turn takes tens of milliseconds, and a quarter
of what they waited for a token was this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from socketio import AsyncManager
from socketio.packet import EVENT

if TYPE_CHECKING:
    import asyncio

    import reflex as rx

MOST_WAITING = 16_000_000
"""Characters that wait to be sent to one socket; a minute of the fastest answer is less."""
_CHECK_EVERY = 16


class StraightManager(AsyncManager):
    """Knows the clients of one process, as python-socketio's own."""

    async def emit(  # pyright: ignore[reportIncompatibleMethodOverride] - the server's one call
        self, event: str, data: Any, namespace: str, **how: Any
    ) -> None:
        """Send `data`; what is asked for beside a `room` is done as ever."""
        room = how.pop("room", None)
        if any(how.values()) or not isinstance(room, str) or isinstance(data, tuple | None):
            await super().emit(event, data, namespace, room, **how)
            return
        sio: Any = self.server
        encoded = sio.packet_class(EVENT, namespace=namespace, data=[event, data]).encode()
        for _, socket in list(self.get_participants(namespace, room)):
            for piece in encoded if isinstance(encoded, list) else [encoded]:
                await sio.eio.send(socket, piece)
            if (peer := sio.eio.sockets.get(socket)) and _is_behind(peer.queue):
                await peer.close(wait=False, abort=True)


def _is_behind(queue: asyncio.Queue[Any]) -> bool:
    """Whether a client reads so little of what it asks for that it fills the memory."""
    waiting = queue.qsize()
    if not waiting or waiting % _CHECK_EVERY:
        return False
    packets = list(queue._queue)  # type: ignore[attr-defined]  # noqa: SLF001
    return sum(len(packet.data or "") for packet in packets if packet) > MOST_WAITING


def go_straight(app: rx.App) -> None:
    """Make an app send in this way, before any client is connected."""
    if app.sio:
        app.sio.manager = StraightManager()
        app.sio.manager.set_server(app.sio)
