"""The case of many people at one worker: how late each of them reads, and what one costs."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import quantiles
from time import monotonic
from typing import TYPE_CHECKING

import uvloop

from tests.benchmarks.sockets import Socket
from tests.helpers.app import processes_marked

if TYPE_CHECKING:
    from tests.benchmarks.server import BenchServer
    from tests.helpers.app import RunningApp

RATE = 50
"""Tokens per second of each stream."""
_SETTLE = 1.0
"""Seconds between the last page that opened and the first question."""
_SPREAD = 1.0
"""Seconds over which the questions are spread."""
_PATIENCE = 60.0
"""Seconds after which a stream that should have ended is given up."""
_TICKS = os.sysconf("SC_CLK_TCK")


def crowd(app: RunningApp, server: BenchServer, *, people: int, seconds: int) -> dict[str, float]:
    """Have `people` streams of `RATE` tokens per second go on for `seconds` at once.

    Milliseconds from the model to the socket, of every marked token of every stream: `lag_median`,
    `lag_p95`, `lag_worst`. `cpu`: seconds of processor the app took per second, all its processes;
    `cpu_per_stream` the same for one stream, in per cent of a core. `unfinished`: streams given
    up. `server_delay`: the server's own worst lateness in milliseconds.
    """
    sockets = [Socket(app.url, server.new_thread()) for _ in range(people)]
    number = RATE * seconds
    cpu, wall, unfinished = uvloop.run(_streams(app, sockets, number=number))
    lags, delays = [], []
    for socket in sockets:
        run = server.timetable(socket.thread_id)
        delays.append(run["worst_delay"])
        lags += [when - run["began"] - mark / run["rate"] for mark, when in socket.seen.items()]
    cuts = quantiles(lags, n=20)
    return {
        "lag_median": 1000 * cuts[9],
        "lag_p95": 1000 * cuts[18],
        "lag_worst": 1000 * max(lags),
        "unfinished": unfinished,
        "cpu": cpu / wall,
        "cpu_per_stream": 100 * cpu / (people * seconds),
        "received": sum(socket.received for socket in sockets) / people,
        "server_delay": 1000 * max(delays),
    }


async def _streams(
    app: RunningApp, sockets: list[Socket], *, number: int
) -> tuple[float, float, int]:
    """Return seconds of processor and of the clock, and how many streams did not end."""
    words = f"Write {number} tokens at {RATE}/s"
    async with AsyncExitStack() as pages:
        for socket in sockets:
            await pages.enter_async_context(socket)
        await asyncio.sleep(_SETTLE)
        before, began = cpu_seconds(app), monotonic()

        async def ask(socket: Socket, after: float) -> None:
            await asyncio.sleep(after)
            async with asyncio.timeout(number / RATE + _PATIENCE):
                await socket.ask(words, last=number - 1)

        asking = (
            ask(socket, _SPREAD * place / len(sockets)) for place, socket in enumerate(sockets)
        )
        ends = await asyncio.gather(*asking, return_exceptions=True)
        return cpu_seconds(app) - before, monotonic() - began, sum(end is not None for end in ends)


def cpu_seconds(app: RunningApp) -> float:
    """Seconds of processor that all processes of `app` have taken so far."""
    return sum(_cpu_ticks(pid) for pid in processes_marked(app.mark)) / _TICKS


def _cpu_ticks(pid: int) -> int:
    """User and system time of a process: fields 14 and 15 of its ``stat``, see proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
