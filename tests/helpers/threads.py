"""Threads made by hand: conversations that no agent had."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import httpx

from tests.helpers.app import is_up

if TYPE_CHECKING:
    from tests.helpers.app import RunningApp


def conversation(app: RunningApp, *answers: str) -> str:
    """Make a thread in which these are the answers; returns its path in the app."""
    url = app.agent_url()
    assert is_up(f"{url}/ok", within=60)
    with httpx.Client(base_url=url, trust_env=False, timeout=20) as server:
        made = server.post("/threads", json={"metadata": {"graph_id": "agent"}})
        thread = made.raise_for_status().json()["thread_id"]
        said = [message for answer in answers for message in _exchange(answer)]
        # The second update says that the graph has nothing left to do.
        for update in ({"values": {"messages": said}}, {"values": None, "as_node": "__end__"}):
            server.post(f"/threads/{thread}/state", json=update).raise_for_status()
    return f"/t/{thread}"


def _exchange(answer: str) -> list[dict[str, str]]:
    return [
        {"type": "human", "content": "Show me.", "id": uuid4().hex},
        {"type": "ai", "content": answer, "id": uuid4().hex},
    ]
