"""The end of a process: what is open leaves it first, and how long that takes at most."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.draining import Drain
from chat_app.middleware.new_pages import without_new_pages
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

AGES = 300.0


class Page:
    """A page that reconnects elsewhere when it is asked, or never."""

    def __init__(self, drain: Drain, sid: str, *, obeys: bool = True, breaks: bool = False) -> None:
        self.asked: list[float] = []
        self.is_dropped = False
        self._drain, self._sid, self._obeys, self._breaks = drain, sid, obeys, breaks
        drain.enter(sid, self)

    async def ask_to_move(self, seconds: float) -> None:
        self.asked.append(seconds)
        if self._breaks:
            raise OSError
        if self._obeys:
            asyncio.get_running_loop().call_later(seconds / 2, self._drain.leave, self._sid)

    async def drop(self) -> None:
        self.is_dropped = True
        if not self._breaks:
            self._drain.leave(self._sid)


async def test_without_open_pages_it_is_over_at_once() -> None:
    async with asyncio.timeout(30):
        assert await Drain().drain(AGES) == 0


async def test_pages_leave_by_themselves_and_more_of_them_get_more_time() -> None:
    drain = Drain()
    pages = [Page(drain, str(number)) for number in range(10)]
    async with asyncio.timeout(30):
        assert await drain.drain(AGES) == 0
    assert {tuple(page.asked) for page in pages} == {(0.5,)}
    assert not any(page.is_dropped for page in pages)
    many, crowd = Drain(), 1000
    for number in range(crowd):
        many.enter(str(number), pages[0])
    pages[0].asked.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2):
            await many.drain(10)
    assert set(pages[0].asked) == {6.0}


async def test_a_page_that_stays_is_dropped_and_one_that_fails_keeps_no_other_one() -> None:
    drain = Drain()
    stays = Page(drain, "1", obeys=False)
    broken = Page(drain, "2", breaks=True)
    goes = Page(drain, "3")
    began = time.monotonic()
    assert await drain.drain(2) == 1
    assert time.monotonic() - began >= 2
    assert stays.is_dropped
    assert broken.is_dropped
    assert not goes.is_dropped


async def test_it_waits_for_a_request_to_the_agent_server_that_is_under_way() -> None:
    drain = Drain()
    is_under_way, looks = True, 0

    def look() -> bool:
        nonlocal looks
        looks += 1
        return is_under_way

    take_back = drain.wait_for(look)
    draining = asyncio.create_task(drain.drain(AGES))
    await until(lambda: looks > 2)
    assert not draining.done()
    is_under_way = False
    assert await asyncio.wait_for(draining, 30) == 0
    take_back()
    looks = 0
    await drain.drain(AGES)
    assert looks == 0


async def answered(kind: str, drain: Drain) -> list[Message]:
    """What the middleware sends for a request or a handshake."""
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"connection", b"keep-alive"), (b"x-of", b"the app")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Any = {"type": kind, "path": "/", "extensions": {"websocket.http.response": {}}}
    await without_new_pages(app, drain)(scope, receive, send)
    return sent


async def test_new_sockets_are_refused_and_requests_are_answered_for_the_last_time() -> None:
    drain = Drain()
    assert (await answered("websocket", drain))[0]["status"] == 200
    assert (b"connection", b"keep-alive") in (await answered("http", drain))[0]["headers"]
    await drain.drain(AGES)
    refused = (await answered("websocket", drain))[0]
    assert (refused["type"], refused["status"]) == ("websocket.http.response.start", 503)
    assert (b"retry-after", b"1") in refused["headers"]
    last = (await answered("http", drain))[0]
    assert last["status"] == 200
    assert last["headers"] == [(b"x-of", b"the app"), (b"connection", b"close")]
