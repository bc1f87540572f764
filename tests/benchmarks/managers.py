"""What it would cost to keep the states of tabs in Redis: the same views with both managers.

``python -m tests.benchmarks.managers [--views 500]``. A view sets the end of an answer, as the app
does up to 25 times a second for each tab, in the app's own tree of states with a page of rows. It
needs ``redis-server`` (see scripts/services), and no app.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from redis.asyncio import Redis
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State

import chat_app.chat_app  # noqa: F401 - makes all states known
from chat_app.state.rows import TextRow
from chat_app.state.transcript import TailState, TranscriptState
from tests.benchmarks import answer, report
from tests.benchmarks.report import Line
from tests.helpers.redis_server import redis_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reflex.istate.manager import StateManager

_ROWS = 40
"""As many as a page of a conversation has."""
_ROW = 600
"""Characters of each."""
_TAIL = 800
_VIEWS_PER_SECOND = 25


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.managers", description=__doc__)
    parser.add_argument("--views", type=int, default=500)
    chosen = parser.parse_args()
    lines = list(_both(chosen.views))
    sys.stdout.write(report.table(lines) + "\n")


def _both(views: int) -> Iterator[Line]:
    memory = asyncio.run(_measured(StateManagerMemory(), views))
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as server:
        redis = asyncio.run(_in_redis(server.url, views))
    for name, found in (("memory", memory), ("Redis", redis)):
        yield Line(f"states in {name}", "a view, by the clock", "ms", 1000 * found["clock"])
        yield Line(f"states in {name}", "a view, processor", "ms", 1000 * found["cpu"])
        share = 100 * found["cpu"] * _VIEWS_PER_SECOND
        yield Line(f"states in {name}", "one tab at 25 views/s", "% of a core", share)
        first = 1000 * found["first"]
        yield Line(f"states in {name}", "a tab that comes to another process", "ms", first)


async def _in_redis(url: str, views: int) -> dict[str, float]:
    async with Redis.from_url(url) as client:
        return await _measured(StateManagerRedis(redis=client), views)


async def _measured(manager: StateManager, views: int) -> dict[str, float]:
    """Seconds of one view by the clock and of processor; `first`: until a fresh tree is there."""
    token = BaseStateToken(ident=str(uuid4()), cls=State)
    text = "".join(answer.tokens(4000))
    async with manager.modify_state(token) as root:
        rows = await root.get_state(TranscriptState)
        rows.old = [TextRow(f"0.{n}", text[n * _ROW : (n + 1) * _ROW]) for n in range(_ROWS)]
        root._clean()
    began, cpu = time.perf_counter(), time.process_time()
    for number in range(views):
        async with manager.modify_state(token) as root:
            tail = await root.get_state(TailState)
            tail.text = text[number : number + _TAIL]
            await root._get_resolved_delta()
            root._clean()
    clock, taken = time.perf_counter() - began, time.process_time() - cpu
    fresh = BaseStateToken(ident=str(uuid4()), cls=State)
    if isinstance(manager, StateManagerRedis):
        fresh = token
    began = time.perf_counter()
    await manager.get_state(fresh)
    first = time.perf_counter() - began
    await manager.close()
    return {"clock": clock / views, "cpu": taken / views, "first": first}


if __name__ == "__main__":
    main()
