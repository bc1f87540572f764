"""Threads made by hand: conversations that no agent had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.helpers.app import AgentServer, RunningApp


def thread_of(app: RunningApp, messages: Sequence[dict[str, Any]], **state: Any) -> str:
    """Make a thread that holds these messages on the app's server; returns its path in the app.

    `state` is what it holds beside them, by the names that the demo agent has for it.
    """
    return make_thread(app.agent(), messages, **state)


def make_thread(
    agent: AgentServer,
    messages: Sequence[dict[str, Any]],
    metadata: Mapping[str, str] | None = None,
    **state: Any,
) -> str:
    """Make such a thread on that server, with metadata such as its owner and title."""
    with agent.client() as server:
        made = server.post("/threads", json={"metadata": {"graph_id": "agent", **(metadata or {})}})
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
    cancel_runs(app.agent(), thread_id)


def cancel_runs(agent: AgentServer, thread_id: str) -> None:
    """Do that on that server."""
    with agent.client() as server:
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
