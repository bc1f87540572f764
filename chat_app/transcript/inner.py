"""Graphs inside the graph: each has a fold of its own, and its transcript stands with its call.

An event of a subgraph carries the path to it, ``tools:<task id>|...``. Which call started that task
the server says only with the result (the message's ``langgraph_checkpoint_ns``). Until then the
call is guessed: by the text it handed over, else by the order in which the graphs begin.
A subgraph that no call started stands as a message of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.client.events import MessageDelta, Outcome, RunEnd
from chat_app.transcript import order, tools
from chat_app.transcript.making import begun
from chat_app.transcript.message import Message, Role, SubAgent, Text, ToolStatus
from chat_app.transcript.pieces import TOOL_NODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chat_app.client.events import Event, Json
    from chat_app.transcript.making import Fold
    from chat_app.transcript.message import ToolCall
    from chat_app.transcript.order import Messages

    Step = Callable[[Fold, Event], Fold]

ALONE = "subgraph|"
"""Begins the id of a message that stands for a subgraph."""
DEEPEST = 30
"""Subgraphs inside each other; nobody looks at what is told from further down."""


def told(state: Fold, event: Event, fold: Step) -> Fold:
    """`state` with an event of a subgraph."""
    if len(event.namespace) > DEEPEST:
        return state
    segment, *path = event.namespace
    child = state.inner.get(segment) or _begun(state, segment)
    grown = fold(child, replace(event, namespace=tuple(path)))
    if isinstance(event, MessageDelta) and not path and not grown.name:
        name = event.metadata.get("lc_agent_name")
        grown = grown._replace(name=name if isinstance(name, str) else "")
    if grown is child:
        return state
    return _standing(state._replace(inner={**state.inner, segment: grown}), segment)


def answered(state: Fold, call_id: str, metadata: Json, fold: Step) -> Fold:
    """A call has its result: the server names its task, and the graph in it is over."""
    path = metadata.get("langgraph_checkpoint_ns")
    segment = path.rpartition("|")[2] if isinstance(path, str) else ""
    if segment not in state.inner:
        return state
    known = state.owners.get(segment)
    if known != call_id:
        # The guess was wrong: whoever had this call takes the other one.
        owners = {other: known or "" for other, call in state.owners.items() if call == call_id}
        state = state._replace(owners={**state.owners, **owners, segment: call_id})
        for other in owners:
            state = _standing(state, other)
    return over(state, [segment], Outcome.FINISHED, fold)


def over(state: Fold, segments: Iterable[str], outcome: Outcome, fold: Step) -> Fold:
    """`state` with the end of some of its subgraphs."""
    for segment in segments:
        child = state.inner[segment]
        if child.transcript.running:
            ended = fold(child, RunEnd(event="end", outcome=outcome))
            state = _standing(state._replace(inner={**state.inner, segment: ended}), segment)
    return state


def of_node(state: Fold, node: str) -> list[str]:
    """The subgraphs without a call that a node ran."""
    return [s for s in state.inner if s.partition(":")[0] == node and not state.owners.get(s)]


def _standing(state: Fold, segment: str) -> Fold:
    """`state` with the present transcript of a subgraph where the reader looks for it."""
    messages, child = state.transcript.messages, state.inner[segment]
    own = tuple(message for message in child.transcript.messages if message.id not in child.before)
    if segment not in state.owners:
        owner = _owner(state, own) if own else None
        if owner is None:
            return state
        state = state._replace(owners={**state.owners, segment: owner})
    call_id = state.owners[segment]
    transcript = replace(child.transcript, messages=own)
    agent = SubAgent(child.namespace, _name(child, segment), transcript)
    if message := tools.owner_of(messages, call_id):
        changed = order.put(messages, tools.with_agent(message, call_id, agent))
    else:
        alone = f"{ALONE}{child.namespace}"
        changed = order.put(messages, Message(alone, Role.ASSISTANT, (agent,)))
    if changed is messages:
        return state
    return state._replace(transcript=replace(state.transcript, messages=changed))


def _owner(state: Fold, own: Messages) -> str:
    """The call that started a subgraph; empty where none did."""
    waiting = _unanswered(state.transcript.messages)
    if not waiting:
        return ""
    taken = set(state.owners.values())
    free = [call for call in waiting if call.id not in taken]
    if len(free) < 2:
        return free[0].id if free else ""
    task = _task(own)
    handed = [call for call in free if task and task in call.args]
    return (handed or free)[0].id


def _task(messages: Messages) -> str:
    """What a subgraph was asked, as it would stand in a call's JSON."""
    first = messages[0]
    words = [part.text for part in first.parts if isinstance(part, Text)]
    return tools.as_json("".join(words))[1:-1] if first.role is Role.HUMAN else ""


def _unanswered(messages: Messages) -> list[ToolCall]:
    for message in reversed(messages):
        if message.role is Role.HUMAN:
            break
        if calls := [call for call in tools.calls_of(message) if call.status in _OPEN]:
            return calls
    return []


_OPEN = {ToolStatus.WRITING, ToolStatus.RUNNING, ToolStatus.WAITING}


def _name(child: Fold, segment: str) -> str:
    """The agent's own name, else the node that runs it."""
    names = (message.name for message in reversed(child.transcript.messages))
    node = segment.partition(":")[0]
    return child.name or next(filter(None, names), "") or ("" if node == TOOL_NODE else node)


def _begun(state: Fold, segment: str) -> Fold:
    path = f"{state.namespace}|{segment}" if state.namespace else segment
    return begun(path, before=frozenset(message.id for message in state.transcript.messages))
