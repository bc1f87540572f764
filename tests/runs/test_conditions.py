from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from chat_app.runs.conditions import Conditions

if TYPE_CHECKING:
    from collections.abc import Callable


async def waiting(conditions: Conditions, condition: Callable[[], bool]) -> asyncio.Task[None]:
    task = asyncio.ensure_future(conditions.until(condition))
    await asyncio.sleep(0)
    return task


async def test_what_holds_already_is_not_waited_for():
    await Conditions().until(lambda: True)


async def test_only_those_wake_whose_condition_holds():
    conditions, true = Conditions(), set[str]()
    first = await waiting(conditions, lambda: "a" in true)
    second = await waiting(conditions, lambda: "b" in true)
    conditions.changed()
    true.add("a")
    conditions.changed()
    await first
    assert not second.done()
    true.add("b")
    conditions.changed()
    await second


async def test_a_condition_that_held_for_a_moment_only_is_waited_for_again():
    conditions, true = Conditions(), {"a"}
    true.clear()
    task = await waiting(conditions, lambda: "a" in true)
    true.add("a")
    conditions.changed()
    true.clear()
    await asyncio.sleep(0)
    assert not task.done()
    true.add("a")
    conditions.changed()
    await task


async def test_who_gives_up_is_forgotten():
    conditions = Conditions()
    asked = []
    task = await waiting(conditions, lambda: bool(asked.append(1)))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    asked.clear()
    conditions.changed()
    assert not asked
