"""A server that sends one recorded run, over connections that break where a test wants.

It replays as the development server does: what stands strictly after ``Last-Event-ID``, where
several events share one id.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx

from chat_app.client import LangGraphClient, get_client
from tests.helpers import captures
from tests.helpers.scripted import AT_ONCE, Body, opened, reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client import Event

_ID = re.compile(rb"id: \S+")
_FIRST = 1_795_000_000_000
"""Milliseconds since 1970, UTC."""


class Recorded:
    """The capture `name`, `shared` events to an id."""

    def __init__(self, name: str, *, shared: int = 1) -> None:
        self.frames: list[bytes] = []
        self._places: list[str] = []
        for n, frame in enumerate(captures.body(name).split(b"\r\n\r\n")[:-1]):
            place = f"{_FIRST + n // shared}-0"
            self._places.append(place)
            self.frames.append(_ID.sub(b"id: " + place.encode(), frame) + b"\r\n\r\n")
        self.events: list[Event] = captures.parse(self.frames, requested=captures.requested(name))

    def client(self, cuts: Sequence[int], *, is_over: bool = False) -> LangGraphClient:
        """A client whose connections are cut after so many bytes each, and then no more.

        The run goes on until all was sent, unless it `is_over` from the beginning.
        """
        left = list(cuts)
        status = "success" if is_over else "running"

        def answer(request: httpx.Request) -> httpx.Response:
            nonlocal status
            if not request.url.path.endswith("/stream"):
                return reply(json={"run_id": "r", "thread_id": "t", "status": status})()
            after = request.headers.get("last-event-id", "")
            sent = zip(self._places, self.frames, strict=True)
            body = b"".join(frame for place, frame in sent if place > after)
            headers = {"content_location": "/threads/t/runs/r"}
            if left:
                broken = httpx.ReadError("cut")
                return opened(Body([body[: left.pop(0)]], breaks=broken), **headers)()
            status = "success"
            return opened(Body([body]), **headers)()

        transport = httpx.MockTransport(answer)
        return get_client(url="http://agent.test", transport=transport, retry=AT_ONCE)
