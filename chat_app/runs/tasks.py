"""All background tasks: named, referenced, their failures logged.

Nothing else calls `asyncio.create_task`. An unreferenced task can be collected while it runs, and
an unnamed one cannot be found in a shut-down that does not end.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar

from chat_app.observability import metrics

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

_log = logging.getLogger("chat_app.tasks")
_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
    """Run `work` on its own. Its failure is logged under `name`, awaited or not."""
    task = asyncio.create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_report)
    return task


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel `task` and wait until it is over."""
    task.cancel()
    await asyncio.wait({task})


async def shutdown(*, grace: float = 2.0) -> list[str]:
    """Cancel all tasks, wait `grace` seconds, return the names of those still alive."""
    tasks = set(_running)
    for task in tasks:
        task.cancel()
    if not tasks:
        return []
    _, alive = await asyncio.wait(tasks, timeout=grace)
    names = sorted(task.get_name() for task in alive)
    if names:
        _log.warning("still running at shut-down: %s", ", ".join(names))
    return names


def alive() -> list[str]:
    """The names of the tasks under way."""
    return sorted(task.get_name() for task in _running)


def _report(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (failure := task.exception()) is not None:
        metrics.failed("task")
        _log.error("%s failed: %s: %s", task.get_name(), type(failure).__name__, failure)
