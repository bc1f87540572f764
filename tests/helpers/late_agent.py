"""An agent that is slower to start than the person is to ask."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chat_app.state import server

if TYPE_CHECKING:
    import pytest

    from chat_app.client import LangGraphClient


def hold_the_agent_back(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let whoever waits for the server wait until the event is set."""
    up, ready = asyncio.Event(), server.ready

    async def later() -> LangGraphClient:
        await up.wait()
        return await ready()

    monkeypatch.setattr(server, "ready", later)
    return up
