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
from chat_app.transcript.chunks import TOOL_NODE
from chat_app.transcript.fold_state import begun
from chat_app.transcript.message import Message, Role, SubAgent, Text, ToolCall, ToolStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chat_app.client.events import Event, Json
    from chat_app.transcript.fold_state import Fold
    from chat_app.transcript.message import Part
    from chat_app.transcript.order import Messages

    Step = Callable[[Fold, Event], Fold]

ALONE = "subgraph|"
"""Begins the id of a message that stands for a subgraph."""
DEEPEST = 30
"""The deepest level of nested subgraphs that is shown; events from further down are dropped."""


def alone_id(namespace: str) -> str:
    """The id of the message that stands for the subgraph at `namespace`."""
    return f"{ALONE}{namespace}"


def standing_alone(messages: Messages, agent: SubAgent, after: str) -> Messages:
    """`messages` with the row of a subgraph that no call started, behind those of `after`."""
    alone = alone_id(agent.namespace)
    place = order.position(messages, after) if after else -1
    if place is None or order.position(messages, alone) is not None:
        return messages
    place += 1
    while place < len(messages) and messages[place].id.startswith(ALONE):
        place += 1
    return (*messages[:place], Message(alone, Role.ASSISTANT, (agent,)), *messages[place:])


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
    if known != call_id and not _began_before(state, segment, call_id):
        # The guess was wrong: swap the calls of the two subgraphs.
        owners = {other: known or "" for other, call in state.owners.items() if call == call_id}
        state = state._replace(owners={**state.owners, **owners, segment: call_id})
        for other in owners:
            state = _standing(state, other)
    return over(state, [segment], Outcome.FINISHED, fold)


def _began_before(state: Fold, segment: str, call_id: str) -> bool:
    """Whether a subgraph stands by itself and stood there before the call was written.

    Such a call is one that its node returned, as `langgraph-supervisor` hands control back.
    """
    messages = state.transcript.messages
    alone = order.position(messages, alone_id(state.inner[segment].namespace))
    owner = tools.owner_of(messages, call_id)
    place = order.position(messages, owner.id) if owner else None
    return alone is not None and (place is None or alone < place)


def closed(messages: Messages) -> Messages:
    """`messages` with no subgraph at work in them, nor in the subgraphs."""
    return order.same_if_equal(messages, map(_closed, messages))


def _closed(message: Message) -> Message:
    parts = tuple(map(_closed_part, message.parts))
    same = all(new is old for new, old in zip(parts, message.parts, strict=True))
    return message if same else replace(message, parts=parts)


def _closed_part(part: Part) -> Part:
    match part:
        case ToolCall(agent=SubAgent() as agent):
            ended = _closed_agent(agent)
            return part if ended is agent else replace(part, agent=ended)
        case SubAgent():
            return _closed_agent(part)
    return part


def _closed_agent(agent: SubAgent) -> SubAgent:
    if agent.transcript is None:
        return agent
    messages = closed(agent.transcript.messages)
    if messages is agent.transcript.messages and not agent.transcript.running:
        return agent
    return replace(agent, transcript=replace(agent.transcript, messages=messages, running=False))


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
    alone = alone_id(child.namespace)
    if message := tools.owner_of(messages, call_id):
        changed = order.put(messages, tools.with_agent(message, call_id, agent))
        if order.position(changed, alone) is not None:
            changed = tuple(message for message in changed if message.id != alone)
    else:
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
        own = (call for call in tools.calls_of(message) if not call.by_provider)
        if calls := [call for call in own if call.status in _OPEN]:
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
    before = frozenset(message.id for message in state.transcript.messages)
    return begun(path, before=before, hide=state.hide)
