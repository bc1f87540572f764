from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest

from chat_app.runs import tasks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


async def for_ever() -> None:
    await asyncio.Event().wait()


async def fail() -> None:
    raise ValueError("the reason")


async def test_a_task_is_named_while_it_runs_and_forgotten_after() -> None:
    task = tasks.spawn(for_ever(), name="waiting")
    assert tasks.alive() == ["waiting"]
    await tasks.end(task)
    assert task.cancelled()
    assert tasks.alive() == []


async def test_a_task_can_be_awaited_for_its_result() -> None:
    assert await tasks.spawn(asyncio.sleep(0, "done"), name="quick") == "done"


async def test_a_failure_that_is_not_awaited_is_reported_by_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    task = tasks.spawn(fail(), name="careless")
    await asyncio.wait({task})
    assert [record.getMessage() for record in caplog.records] == [
        "careless failed: ValueError: the reason"
    ]


async def test_being_cancelled_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    await tasks.end(tasks.spawn(for_ever(), name="cancelled"))
    assert caplog.records == []


async def test_shutdown_ends_all_tasks() -> None:
    for number in range(3):
        tasks.spawn(for_ever(), name=f"task {number}")
    assert await tasks.shutdown() == []
    assert tasks.alive() == []


async def test_shutdown_without_tasks_is_quick() -> None:
    assert await tasks.shutdown() == []


@pytest.fixture
def stubborn() -> tuple[asyncio.Event, Callable[[], Awaitable[None]]]:
    let_go = asyncio.Event()

    async def hold() -> None:
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    return let_go, hold


async def test_shutdown_names_who_does_not_end(
    stubborn: tuple[asyncio.Event, Callable[[], Awaitable[None]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    let_go, hold = stubborn
    task = tasks.spawn(hold(), name="stubborn")  # type: ignore[arg-type]
    tasks.spawn(for_ever(), name="meek")
    await asyncio.sleep(0)
    caplog.set_level(logging.WARNING)
    assert await tasks.shutdown(grace=0.05) == ["stubborn"]
    assert "still running at shut-down: stubborn" in caplog.text
    let_go.set()
    await task
