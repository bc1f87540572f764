"""An agent that is slower to start than the person is to ask."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from chat_app.client.runs import Runs
from chat_app.state import server

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    import pytest

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Event
    from chat_app.client.schema import RunCreated


def hold_the_agent_back(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Delay all answers of the server until the event is set."""
    up, ready = asyncio.Event(), server.ready

    async def later() -> LangGraphClient:
        await up.wait()
        return await ready()

    monkeypatch.setattr(server, "ready", later)
    return up


def slow_down(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, *, seconds: float) -> None:
    """Let each call of a coroutine function, of a class or a module, begin some seconds late."""
    call = getattr(owner, name)

    async def slowly(*args: Any, **options: Any) -> Any:
        await asyncio.sleep(seconds)
        return await call(*args, **options)

    monkeypatch.setattr(owner, name, slowly)


def delay_starts(
    monkeypatch: pytest.MonkeyPatch, before: float = 0, after: float = 0
) -> asyncio.Event:
    """Let runs start some seconds late, or the answers to such requests; set once one is asked."""
    stream, asked = Runs.stream, asyncio.Event()

    async def slowly(
        *args: Any, on_run_created: Callable[[RunCreated], None], **options: Any
    ) -> AsyncGenerator[Event, None]:
        asked.set()
        await asyncio.sleep(before)
        made: list[RunCreated] = []
        async for event in stream(*args, on_run_created=made.append, **options):
            if made:
                await asyncio.sleep(after)
                on_run_created(made.pop())
            yield event

    monkeypatch.setattr(Runs, "stream", slowly)
    return asked
