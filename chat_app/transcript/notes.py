"""What the app notes in a thread's metadata, because no message of the state says it.

Which subgraph a call ran, and what a person decided: each under a key of its own, since a PATCH of
the metadata replaces whole keys and several tabs may write at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript import asides, order, tools
from chat_app.transcript.message import Decision, SubAgent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client.events import Json
    from chat_app.transcript.message import Message
    from chat_app.transcript.order import Messages

AGENT, DECISION = "chat_agent:", "chat_decision:"

MOST_LINES, LONGEST_LINE = 100, 1000
"""Of a decision that is shown; what this app notes is shorter, but anybody may write there."""


def note_of_agents(messages: Messages) -> Json:
    """The metadata that names the subgraphs of the calls in `messages`."""
    return {
        f"{AGENT}{call.id}": {"namespace": call.agent.namespace, "name": call.agent.name}
        for message in messages
        for call in tools.calls_of(message)
        if call.agent and call.id
    }


def note_of(decision: Decision, after: str) -> Json:
    """The metadata that keeps a decision, made when `after` was the last message."""
    return {f"{DECISION}{decision.id}": {"after": after, "said": list(decision.said)}}


def noted(messages: Messages, metadata: Mapping[str, Any] | None) -> Messages:
    """`messages` with what is noted of them; anything else in the metadata is passed over."""
    for key, value in (metadata or {}).items():
        match value:
            case {"namespace": str(namespace), **more} if key.startswith(AGENT):
                name = more.get("name")
                agent = SubAgent(namespace, name if isinstance(name, str) else "")
                messages = _with_agent(messages, key.removeprefix(AGENT), agent)
            case {"after": str(after), "said": list(said)} if key.startswith(DECISION):
                lines = [line for line in said if isinstance(line, str)][:MOST_LINES]
                words = tuple(line[:LONGEST_LINE] for line in lines)
                decision = Decision(key.removeprefix(DECISION), words)
                messages = asides.with_aside(messages, after, decision)
    return messages


def _with_agent(messages: Messages, call_id: str, agent: SubAgent) -> Messages:
    owner: Message | None = tools.owner_of(messages, call_id)
    return order.put(messages, tools.with_agent(owner, call_id, agent)) if owner else messages
