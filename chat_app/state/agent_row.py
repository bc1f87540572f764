"""The row of a subgraph that no call started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text
from chat_app.runs.timings import wall_time
from chat_app.state.rows import AgentRow
from chat_app.state.safe_json import sendable

if TYPE_CHECKING:
    from chat_app.runs.timings import Span
    from chat_app.transcript.message import SubAgent


def agent_row(key: str, agent: SubAgent, span: Span | None = None) -> AgentRow:
    """One quiet line; its transcript is shown on demand (see `chat_app.state.agents`)."""
    is_running = agent.transcript is not None and agent.transcript.running
    return AgentRow(
        key,
        agent.namespace,
        "running" if is_running else "done",
        sendable(agent.name),
        took=text.duration(span.seconds) if span and not is_running else "",
        at=wall_time(span.begun) if span and is_running else 0,
    )
