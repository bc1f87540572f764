"""Every test here ends with no task left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from chat_app.runs import tasks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest_asyncio.fixture(autouse=True)
async def no_task_is_left() -> AsyncIterator[None]:
    yield
    left = tasks.alive()
    await tasks.shutdown()
    assert left == []
