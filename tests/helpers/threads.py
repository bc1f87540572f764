"""Threads made by hand: conversations that no agent had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx

from tests.helpers.app import is_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.helpers.app import RunningApp


def thread_of(app: RunningApp, messages: Sequence[dict[str, Any]], **state: Any) -> str:
    """Make a thread that holds these messages on the app's server; returns its path in the app.

    `state` is what it holds beside them, by the names that the demo agent has for it.
    """
    return make_thread(app.agent_url(), messages, **state)


def make_thread(url: str, messages: Sequence[dict[str, Any]], **state: Any) -> str:
    """Make such a thread on the agent server at `url`."""
    assert is_up(f"{url}/ok", within=120)
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as server:
        made = server.post("/threads", json={"metadata": {"graph_id": "agent"}})
        thread_id = made.raise_for_status().json()["thread_id"]
        said, over = (
            {"values": {"messages": messages, **state}},
            {"values": None, "as_node": "__end__"},
        )
        # The second update says that the graph has nothing left to do.
        for update in (said, over):
            server.post(f"/threads/{thread_id}/state", json=update).raise_for_status()
    return f"/t/{thread_id}"


def end_runs(app: RunningApp, thread_id: str) -> None:
    """Cancel what goes or waits on a thread, so that it is no burden to the tests that follow."""
    cancel_runs(app.agent_url(), thread_id)


def cancel_runs(url: str, thread_id: str) -> None:
    """Do that on the agent server at `url`."""
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as server:
        for run in server.get(f"/threads/{thread_id}/runs").raise_for_status().json():
            if run["status"] in {"pending", "running"}:
                server.post(f"/threads/{thread_id}/runs/{run['run_id']}/cancel")


def conversation(app: RunningApp, *answers: str) -> str:
    """Make a thread in which these are the answers; returns its path in the app."""
    return thread_of(app, [message for answer in answers for message in _exchange(answer)])


def _exchange(answer: str) -> list[dict[str, str]]:
    return [
        {"type": "human", "content": "Show me.", "id": uuid4().hex},
        {"type": "ai", "content": answer, "id": uuid4().hex},
    ]
