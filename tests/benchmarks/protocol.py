"""The protocol in use against the newer one, on a real development server.

``scripts/bench protocol [--quick]``
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import httpx

from chat_app.client import get_client
from tests.benchmarks import report
from tests.benchmarks.protocol_features import FEATURES, Servers
from tests.benchmarks.protocol_ways import New, Old, Traffic, counted
from tests.benchmarks.report import Line
from tests.helpers.faults import faulty_proxy
from tests.helpers.server import GRAPHS, QUICK, graph_files, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from tests.benchmarks.protocol_ways import Heard, Way
    from tests.helpers.faults import FaultyProxy
    from tests.helpers.server import Server

LAST = Path(__file__).with_name("protocol.json")
_COLUMNS = ("in use", "newer")
_IDLE = 5.0
"""Seconds for which nothing happens in the open threads."""


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    tokens: int = 500
    """Of one answer, 100 a second."""
    rounds: int = 3
    people: int = 10
    """Who get 50 tokens a second at once, half as many as `tokens`."""
    earlier: int = 10
    """Answers of as many tokens that a long thread has already."""
    cuts: int = 10
    open: int = 50
    """Threads that are open while nothing happens."""


QUICK_SIZE = Size(tokens=60, rounds=1, people=3, earlier=2, cuts=2, open=5)


@dataclass(frozen=True)
class Stage:
    """What the cases work with: the server, a network to harm, and both ways through it."""

    server: Server
    proxy: FaultyProxy
    servers: Servers
    ways: tuple[Way, Way]
    size: Size


def main() -> None:
    """Start a server, measure, stop it."""
    chosen = report.arguments("scripts/bench protocol", __doc__, CASES, LAST)
    lines: list[Line] = []
    for case in chosen.cases or CASES:
        sys.stderr.write(f"{case} ...\n")
        lines += asyncio.run(_run(CASES[case], QUICK_SIZE if chosen.quick else Size()))
    sys.stdout.write(report.table(lines, columns=_COLUMNS) + "\n")
    report.save(chosen.json, lines, browser="none", quick=chosen.quick)


async def _run(case: Callable[[Stage], Awaitable[list[Line]]], size: Size) -> list[Line]:
    """One case on a server of its own: what one left behind would slow the next."""
    with tempfile.TemporaryDirectory() as folder:
        graphs = {name: graph_files()[name] for name in _graphs()}
        with serve(Path(folder), graphs=graphs) as server, faulty_proxy(server.url) as proxy:
            async with _stage(server, proxy, size) as stage:
                return await case(stage)


def _graphs() -> tuple[str, ...]:
    return (*GRAPHS["streaming_graphs"], "asks", "fails", "delegates")


@asynccontextmanager
async def _stage(server: Server, proxy: FaultyProxy, size: Size) -> AsyncGenerator[Stage]:
    traffic = Traffic(), Traffic()
    async with AsyncExitStack() as opened:
        clients = [
            await opened.enter_async_context(
                get_client(url=proxy.url, retry=QUICK, transport=counted(way))
            )
            for way in traffic
        ]
        http = await opened.enter_async_context(
            httpx.AsyncClient(base_url=proxy.url, transport=counted(traffic[1]), timeout=30)
        )
        ways = Old(clients[0], traffic[0]), New(clients[1], http, traffic[1])
        yield Stage(server, proxy, Servers(clients[0], http), ways, size)


async def _one_answer(stage: Stage) -> list[Line]:
    """An answer in a new thread, and one more in the same: one person, nothing else."""
    rows: list[list[Heard]] = [[], []]
    for _ in range(stage.size.rounds):
        for place, way in enumerate(stage.ways):
            thread_id = await way.new_thread()
            async with way.opened(thread_id):
                words = f"{stage.size.tokens} every 0.01"
                rows[place] += [await way.answer(thread_id, words, stage.server) for _ in "12"]
    return [
        *_both("answer", "requests for a message", "", rows, lambda heard: heard.requests),
        *_both("answer", "from the server", "KB", rows, lambda heard: heard.bytes / 1000),
        *_both("answer", "a token", "bytes", rows, lambda heard: heard.bytes / heard.number),
        *_both("answer", "first token after", "ms", rows, lambda heard: heard.first),
        *_both("answer", "lag of a token, median", "ms", rows, lambda heard: heard.lag(0.5)),
        *_both("answer", "lag of a token, p95", "ms", rows, lambda heard: heard.lag(0.95)),
        *_both("answer", "server's processor", "ms", rows, lambda heard: heard.server_ms),
        *_both("answer", "reader's processor", "ms", rows, lambda heard: heard.reader_ms),
    ]


async def _crowd(stage: Stage) -> list[Line]:
    """Answers in many threads at once."""
    size, rows = stage.size, [[], []]
    words = f"{size.tokens // 2} every 0.02"
    for place, way in enumerate(stage.ways):
        async with AsyncExitStack() as opened:
            threads = [await way.new_thread() for _ in range(size.people)]
            for thread_id in threads:
                await opened.enter_async_context(way.opened(thread_id))
            answers = [way.answer(thread_id, words, stage.server) for thread_id in threads]
            rows[place] = await asyncio.gather(*answers)
    case = f"crowd {size.people}"
    return [
        *_both(case, "first token after", "ms", rows, lambda heard: heard.first),
        *_both(case, "lag of a token, median", "ms", rows, lambda heard: heard.lag(0.5)),
        *_both(case, "lag of a token, p95", "ms", rows, lambda heard: heard.lag(0.95)),
        *_both(case, "server's processor", "ms", rows, lambda heard: heard.server_ms),
        *_both(case, "reader's processor", "ms", rows, lambda heard: heard.reader_ms),
    ]


async def _reconnect(stage: Stage) -> list[Line]:
    """A connection that is cut again and again in one answer, in a new thread and in a long one."""
    lines = []
    for case, earlier in (("reconnect", 0), ("reconnect, long", stage.size.earlier)):
        whole: list[list[Heard]] = [[], []]
        cut: list[list[Heard]] = [[], []]
        for place, way in enumerate(stage.ways):
            thread_id = await _thread(way, earlier, stage)
            words = f"{stage.size.tokens} every 0.01"
            async with way.opened(thread_id):
                await way.answer(thread_id, "1", stage.server)  # what came before was read
                whole[place] = [await way.answer(thread_id, words, stage.server)]
                every = stage.size.tokens // (stage.size.cuts + 1)
                cutting = way.answer(thread_id, words, stage.server, stage.proxy, every)
                cut[place] = [await cutting]
        extra = [(cut[n][0].bytes - whole[n][0].bytes) / 1000 / stage.size.cuts for n in (0, 1)]
        lines += [
            *_both(case, "next token after a cut", "ms", cut, lambda heard: heard.pause),
            Line(case, "sent again for a cut", "KB", extra[1], floor=extra[0]),
            *_both(case, "tokens lost", "", cut, lambda heard: heard.lost),
            *_both(case, "tokens doubled", "", cut, lambda heard: heard.doubled),
            *_both(case, "server's processor", "ms", cut, lambda heard: heard.server_ms),
        ]
    return lines


async def _join(stage: Stage) -> list[Line]:
    """A further reader, who knows nothing yet, comes to an answer under way in a long thread."""
    rows: list[list[Heard]] = [[], []]
    for place, way in enumerate(stage.ways):
        thread_id = await _thread(way, stage.size.earlier, stage)
        async with way.opened(thread_id):
            run_id, asked = await way.begin(thread_id, f"{stage.size.tokens} every 0.01")
            rows[place] = [await way.join(thread_id, run_id, stage.size.tokens // 2)]
            await asked
    return [
        *_both("join", "from the server until it is live", "KB", rows, lambda h: h.bytes / 1000),
        *_both("join", "live after", "ms", rows, lambda heard: heard.pause),
    ]


async def _idle(stage: Stage) -> list[Line]:
    """Threads that are open while nothing happens in them."""
    spent = []
    for way in stage.ways:
        async with AsyncExitStack() as opened:
            for _ in range(stage.size.open):
                thread_id = await way.new_thread()
                await opened.enter_async_context(way.opened(thread_id))
            before = way.traffic.mark(stage.server)
            await asyncio.sleep(_IDLE)
            after = way.traffic.mark(stage.server)
        spent.append(100 * (after.server - before.server) / _IDLE)
    name = f"idle {stage.size.open}"
    return [Line(name, "server's processor", "% of a core", spent[1], floor=spent[0])]


async def _features(stage: Stage) -> list[Line]:
    """1 for what a way has, 0 for what it has not."""
    lines = []
    for name, feature in FEATURES.items():
        old, new = await feature(stage.servers)
        lines.append(Line("has", name, "", new, floor=old))
    return lines


async def _thread(way: Way, earlier: int, stage: Stage) -> str:
    thread_id = await way.new_thread()
    for _ in range(earlier):
        _, asked = await way.begin(thread_id, str(stage.size.tokens))
        await asked
    return thread_id


def _both(
    case: str, measure: str, unit: str, rows: list[list[Heard]], of: Callable[[Heard], float]
) -> list[Line]:
    """The medians of a measure, of both ways."""
    old, new = (median([of(heard) for heard in row]) for row in rows)
    return [Line(case, measure, unit, new, floor=old)]


CASES: dict[str, Callable[[Stage], Awaitable[list[Line]]]] = {
    "answer": _one_answer,
    "crowd": _crowd,
    "reconnect": _reconnect,
    "join": _join,
    "idle": _idle,
    "features": _features,
}

if __name__ == "__main__":
    main()
