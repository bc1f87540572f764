"""The load test: how many people one process serves, what a tab costs, and what too many do.

``scripts/bench crowd [PART ...] [--processes 1 2 4] [--people 160 240] [--seconds 300] [--quick]``

It starts the app, a scripted LangGraph server and simulated browsers, prints a table and stops what
it started.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks import report
from tests.benchmarks.crowds import cpu_of, memory_of, people_at, switches_of
from tests.benchmarks.report import Line
from tests.benchmarks.server import bench_server
from tests.helpers.app import running_app

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tests.benchmarks.crowds import Seen
    from tests.benchmarks.server import BenchServer
    from tests.helpers.app import RunningApp

LAST = Path(__file__).with_name("scale.json")
GOOD = 250
"""Milliseconds: the most that the p95 of all lags may be."""
_SETTLE = 5.0


def main() -> None:
    """Measure what is asked for, print a table, write the numbers to ``scale.json``."""
    parser = argparse.ArgumentParser(prog="scripts/bench crowd", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--people", type=int, nargs="+", help="for each process")
    parser.add_argument("--seconds", type=float, help="of chatting, 300 as it comes")
    parser.add_argument("--idle", type=int, help="tabs that do nothing, 2000 as it comes")
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument("--json", type=Path, default=LAST, help="where the numbers go")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}")
    chosen.people = chosen.people or ([20] if chosen.quick else [160, 200, 240, 280])
    chosen.seconds = chosen.seconds or (10 if chosen.quick else 300)
    chosen.idle = chosen.idle or (50 if chosen.quick else 2000)
    lines: list[Line] = []
    for part in chosen.parts or PARTS:
        for line in PARTS[part](chosen):
            sys.stderr.write(" ".join(line.cells()).strip() + "\n")
            lines.append(line)
    sys.stdout.write(report.table(lines) + "\n")
    report.save(chosen.json, lines, browser="none", quick=chosen.quick)


@contextmanager
def stage(processes: int, **more: str) -> Generator[tuple[RunningApp, BenchServer]]:
    """The app with so many processes, and its server."""
    with (
        tempfile.TemporaryDirectory() as folder,
        bench_server() as server,
        running_app(
            Path(folder),
            LANGGRAPH_API_URL=server.url,
            CHAT_WORKERS=str(processes),
            CHAT_SOCKETS_PER_ADDRESS="50000",  # all simulated people have one address
            **more,
        ) as app,
    ):
        yield app, server


def chatting(chosen: argparse.Namespace) -> Iterator[Line]:
    """People who chat all the time, in growing numbers, until the lag is too long."""
    for processes in chosen.processes:
        with stage(processes) as (app, server):
            for each in chosen.people:
                people = each * processes
                with people_at(app, server, people, chosen.seconds) as crowd:
                    seen = crowd.chat(people)
                yield from _lines(f"{processes}x {people} people", seen)
                if seen.lag(0.95) > 2 * GOOD:
                    break


def overload(chosen: argparse.Namespace) -> Iterator[Line]:
    """Twice as many as can be served well: slower or refused, and nothing lost."""
    people, seconds = 2 * max(chosen.people), min(chosen.seconds, 60)
    with stage(1) as (app, server), people_at(app, server, people, seconds) as crowd:
        yield from _lines(f"overload {people} people", crowd.chat(people), wanted=None)


def tabs(chosen: argparse.Namespace) -> Iterator[Line]:
    """What a tab costs that does nothing: memory, and processor."""
    for kind, seconds in (("hidden", -1), ("visible", 0)):
        with stage(1) as (app, server):
            with people_at(app, server, 50, seconds):
                pass  # what is made once
            yield from _idle(chosen, app, server, f"{chosen.idle} {kind} tabs", seconds)


def _idle(
    chosen: argparse.Namespace, app: RunningApp, server: BenchServer, case: str, seconds: float
) -> Iterator[Line]:
    memory, alone = memory_of(app), _work(app, chosen)
    with people_at(app, server, chosen.idle, seconds):
        time.sleep(_SETTLE)
        yield Line(case, "memory per tab", "MB", (memory_of(app) - memory) / chosen.idle)
        for minute in range(1 if chosen.quick else 3):
            cores, turns = (now - was for now, was in zip(_work(app, chosen), alone, strict=True))
            place, share = f"{case}, minute {minute + 1}", 100 * cores * 10_000 / chosen.idle
            yield Line(place, "processor of 10,000", "% of a core", share, wanted=5)
            yield Line(place, "wake-ups per tab", "per s", turns / chosen.idle)


def _work(app: RunningApp, chosen: argparse.Namespace) -> tuple[float, float]:
    """Cores and wake-ups per second that the app takes for what goes on."""
    before, turns, began = cpu_of(app), switches_of(app), time.monotonic()
    time.sleep(10 if chosen.quick else 60)
    after, took = cpu_of(app), time.monotonic() - began
    cores = sum(after.values()) - sum(before.values())
    return cores / took, (switches_of(app) - turns) / took


def talked(chosen: argparse.Namespace) -> Iterator[Line]:
    """What a tab costs that shows a conversation."""
    people = max(chosen.people)
    with stage(1) as (app, server):
        with people_at(app, server, 20, 1):
            pass
        memory = memory_of(app)
        with people_at(app, server, people, min(chosen.seconds, 30)) as crowd:
            crowd.chat(people)
            held = (memory_of(app) - memory) / people
            yield Line(f"{people} tabs with answers", "memory per tab", "MB", held, wanted=2)


def _lines(case: str, seen: Seen, *, wanted: float | None = GOOD) -> Iterator[Line]:
    yield Line(case, "lag p95", "ms", seen.lag(0.95), wanted=wanted)
    yield Line(case, "lag median", "ms", seen.lag(0.5))
    yield Line(case, "lag worst", "ms", seen.lag(1.0))
    yield Line(case, "answers read to their end", "", seen.counts["answers"])
    yield Line(case, "answers lost", "", seen.counts["unfinished"], wanted=0)
    yield Line(case, "messages refused and sent again", "", seen.counts["refused"])
    yield Line(case, "app's processor", "cores", seen.app)
    yield Line(case, "busiest process", "cores", max(seen.each, default=0.0))
    yield Line(case, "people per core", "", seen.per_core)
    yield Line(case, "scripted server's processor", "cores", seen.server)
    yield Line(case, "simulated people's processor", "cores", seen.drivers)
    yield Line(case, "server's own delay, worst", "ms", seen.counts["server_delay"])


PARTS = {"chatting": chatting, "overload": overload, "tabs": tabs, "talked": talked}


if __name__ == "__main__":
    main()
