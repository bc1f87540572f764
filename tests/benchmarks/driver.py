"""Simulated people in a process of their own, which the load test starts as many of as it needs.

``python -m tests.benchmarks.driver APP SERVER PEOPLE SECONDS``. With 0 seconds they have their page
open and do nothing, and with -1 it is hidden. It writes a line once all pages are open, waits for
one, lets the people chat, writes what they saw as JSON, and keeps the pages open until its input
ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress
from typing import Any

import httpx
import uvloop

from chat_app.text import TOO_BUSY
from tests.benchmarks.crowd import RATE
from tests.benchmarks.sockets import Socket

ANSWER = 20
"""Seconds that one answer takes; then the person asks again."""
_SPREAD = 4.0
"""Seconds over which the first questions are spread."""
_PATIENCE = 120.0
"""Seconds after which an answer that should have ended is given up."""
_AGAIN_AFTER = 5.0
"""Seconds until a message is sent again that was refused because of the load."""
_OPENING = 8
"""Pages that are opened at a time."""


class Crowd:
    """So many people, each with a page of its own."""

    def __init__(self, app: str, server: str, people: int) -> None:
        self.lags: Counter[int] = Counter()
        """How often each lag was seen, in milliseconds."""
        self.counts: Counter[str] = Counter()
        self._app = app
        self._people = people
        self._sockets: list[Socket] = []
        self._http = httpx.AsyncClient(base_url=server, trust_env=False, timeout=60)

    async def open(self, pages: AsyncExitStack) -> None:
        """Open all pages, some at a time."""
        gate = asyncio.Semaphore(_OPENING)

        async def open_one() -> None:
            async with gate:
                made = await self._http.post("/threads", json={})
                socket = Socket(self._app, made.json()["thread_id"])
                self._sockets.append(await pages.enter_async_context(socket))

        async with asyncio.TaskGroup() as opening:
            for _ in range(self._people):
                opening.create_task(open_one())

    async def talk(self, seconds: float) -> None:
        """Everybody asks, reads, and asks again for so long."""
        async with asyncio.TaskGroup() as talking:
            for place, socket in enumerate(self._sockets):
                after = _SPREAD * place / len(self._sockets)
                talking.create_task(self._talk(socket, after, seconds))

    async def rest(self, *, is_visible: bool) -> None:
        """Hear what comes, and answer pings."""
        async with asyncio.TaskGroup() as resting:
            for socket in self._sockets:
                resting.create_task(socket.rest(is_visible=is_visible))

    async def _talk(self, socket: Socket, after: float, seconds: float) -> None:
        end = time.monotonic() + seconds
        await asyncio.sleep(after)
        first, number = 0, int(RATE * min(ANSWER, seconds))
        while time.monotonic() < end - 1:
            words = f"Write {number} tokens at {RATE}/s from {first}"
            try:
                async with asyncio.timeout(number / RATE + _PATIENCE):
                    while not await socket.try_ask(words, last=first + number - 1, no=TOO_BUSY):
                        self.counts["refused"] += 1
                        await asyncio.sleep(_AGAIN_AFTER)
                self.counts["answers"] += 1
            except (TimeoutError, ConnectionError):
                self.counts["unfinished"] += 1
                break
            first += number

    async def look_back(self) -> None:
        """Compare what was seen with the server's timetable: afterwards, for it takes time."""
        for socket in self._sockets:
            await self._look_back(socket)

    async def _look_back(self, socket: Socket) -> None:
        runs = (await self._http.get(f"/threads/{socket.thread_id}/runs")).json()
        for run in runs:
            table = (await self._http.get(f"/bench/runs/{run['run_id']}")).json()
            delay = int(1000 * table["worst_delay"])
            self.counts["server_delay"] = max(self.counts["server_delay"], delay)
            for index in range(table["number"]):
                if when := socket.seen.get(table["first"] + index):
                    lag = when - table["began"] - index / table["rate"]
                    self.lags[max(0, int(1000 * lag))] += 1
        asked = sum(1 for _ in runs)
        self.counts["asked"] += asked

    def told(self) -> dict[str, Any]:
        """What was seen, for JSON."""
        received = sum(socket.received for socket in self._sockets)
        return {"lags": self.lags, "counts": self.counts, "received": received}


async def main(app: str, server: str, people: int, seconds: float) -> None:
    """Do what the module says."""
    loop, lines = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async with AsyncExitStack() as pages:
        crowd = Crowd(app, server, people)
        await crowd.open(pages)
        _tell("open")
        resting = asyncio.create_task(crowd.rest(is_visible=not seconds)) if seconds <= 0 else None
        await lines.readline()
        if not resting:
            await crowd.talk(seconds)
            _tell("over")
            await crowd.look_back()
        _tell(json.dumps(crowd.told() | {"cpu": time.process_time()}))
        await lines.read()
        if resting:
            resting.cancel()
            with suppress(asyncio.CancelledError):
                await resting


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
