"""Events in, transcript out: one pure step at a time.

Three operations, named after what they may do to what the reader already sees:

- *append*: a chunk makes its message longer; a streamed message stays a draft until a snapshot
  confirms it;
- *reconcile*: `values` and `updates` during a run add and correct, and never remove, nor shorten
  a draft that has grown since they were taken;
- *replace*: at the end the last root `values` are the truth, and what only passed by in the
  stream (a router's or a summariser's words) goes.

No step raises on an odd payload, none touches its input, and what did not change is the very same
object in the next transcript. A subgraph has a fold of its own, and its events never touch the root
(see `chat_app.transcript.inner`).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from chat_app.client.events import (
    Custom,
    Event,
    MessageDelta,
    MessagesComplete,
    MessagesMetadata,
    MessagesPartial,
    Metadata,
    Outcome,
    RunEnd,
    RunError,
    Updates,
    Values,
)
from chat_app.transcript import asides, inner, merge, order, tools, workspace
from chat_app.transcript.load import BREAKPOINT, conversation, each, load, with_interrupts
from chat_app.transcript.making import NOBODY, Fold, start
from chat_app.transcript.message import Failure, Message, ToolStatus
from chat_app.transcript.pieces import is_hidden, piece_of, said_to_a_tool
from chat_app.transcript.read import (
    PROVISIONAL,
    call_id_of,
    id_of,
    is_complete,
    kind_of,
    read,
    result,
    unwrapped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chat_app.client.events import Json
    from chat_app.transcript.order import Messages

__all__ = ["Fold", "fold", "fold_all", "load", "start"]

_REMOVE_ALL = "__remove_all__"


def fold(state: Fold, event: Event) -> Fold:
    """The next state. An event that changes nothing leaves the very same transcript."""
    if event.namespace:
        return inner.told(state, event, fold)
    if step := _STEPS.get(type(event)):
        return step(state, event)
    return _reconnected(state) if event.event == "reconnected" else state


def fold_all(state: Fold, events: Iterable[Event]) -> Fold:
    """What folding `events` one after the other comes to.

    Pieces of one message that follow each other are joined first and read once.
    """
    for key, run in groupby(events, key=piece_of):
        if key:
            pieces = (event.message for event in run if isinstance(event, MessageDelta))
            state = _append(state, key, pieces)
        else:
            for event in run:
                state = fold(state, event)
    return state


def _showing(state: Fold, messages: Messages, **changes: Any) -> Fold:
    if messages is not state.transcript.messages:
        changes["transcript"] = replace(state.transcript, messages=messages)
    return state._replace(**changes) if changes else state


# Append


def _delta(state: Fold, event: MessageDelta) -> Fold:
    if is_hidden(event.metadata):
        return state
    message = unwrapped(event.message)
    if kind_of(message) == "ai" and (task := said_to_a_tool(event.metadata)):
        heard = replace(event, namespace=(task,), metadata={})
        return inner.told(state, heard, fold)
    if not str(message.get("type")).endswith("Chunk"):
        state = _whole(state, message)
        if state.inner and (call_id := call_id_of(message)):
            state = inner.answered(state, call_id, event.metadata, fold)
        return state
    return _append(state, id_of(message) or _provisional(state, message), [message])


def _append(state: Fold, id: str, pieces: Iterable[Json]) -> Fold:
    """Write `pieces` up to the one that closes the message; the others are only being replayed."""
    if not _is_open(state, id):
        return state
    draft = state.drafts.get(id, {})
    for piece in pieces:
        draft = merge.appended(draft, piece)
        if _is_closed(draft):
            break
    return _write(state, id, draft)


def _partial(state: Fold, event: MessagesPartial) -> Fold:
    for message in each(list(event.messages)):
        key = id_of(message) or _provisional(state, message)
        if key not in state.hidden and _is_open(state, key):
            state = _write(state, key, message)
    return state


def _complete(state: Fold, event: MessagesComplete) -> Fold:
    for message in each(list(event.messages)):
        if id_of(message) not in state.hidden:
            state = _whole(state, message)
    return state


def _is_open(state: Fold, id: str) -> bool:
    """Whether more of this message may come; what a snapshot closed is only being replayed."""
    if draft := state.drafts.get(id):
        return not _is_closed(draft)
    return order.position(state.transcript.messages, id) is None


def _is_closed(draft: Json) -> bool:
    return draft.get("chunk_position") == "last"


def _write(state: Fold, id: str, draft: Json) -> Fold:
    drafts = {**state.drafts, id: draft}
    if kind_of(draft) == "tool":
        return _answer(state._replace(drafts=drafts), draft)
    message = read(draft, id=id, complete=is_complete(draft))
    return _showing(state, _corrected(state, message), drafts=drafts)


def _whole(state: Fold, message: Json) -> Fold:
    match kind_of(message):
        case "remove":
            return _remove(state, id_of(message))
        case "tool":
            return _answer(state, message)
    key = id_of(message) or _provisional(state, message)
    if _is_open(state, key):
        return _write(state, key, {**message, "chunk_position": "last"})
    return _showing(state, _corrected(state, read(message, id=key)))


def _corrected(state: Fold, message: Message) -> Messages:
    messages = state.transcript.messages
    place = order.position(messages, message.id)
    if place is not None:
        message = tools.carried_over(messages[place], message)
    return order.put(messages, message)


def _answer(state: Fold, message: Json) -> Fold:
    """Join a tool message to its call; without one it stands alone."""
    messages = state.transcript.messages
    call_id = call_id_of(message)
    if owner := tools.owner_of(messages, call_id):
        owner = tools.with_result(owner, call_id, result(message))
        return _showing(state, order.put(messages, owner))
    key = id_of(message) or f"{PROVISIONAL}{len(messages)}"
    alone = order.put(messages, read(message, id=key))
    return _showing(state, alone, unsettled=state.unsettled | {key})


def _provisional(state: Fold, message: Json) -> str:
    """An id for a message without one: it goes on with the last draft or opens a new one."""
    messages = state.transcript.messages
    if messages and messages[-1].id.startswith(PROVISIONAL):
        last = messages[-1].id
        draft = state.drafts.get(last)
        if draft and kind_of(draft) == kind_of(message) and _is_open(state, last):
            return last
    return f"{PROVISIONAL}{len(messages)}"


def _messages_metadata(state: Fold, event: MessagesMetadata) -> Fold:
    found = {
        key
        for key, about in event.metadata.items()
        if isinstance(about, dict) and is_hidden(about.get("metadata"))
    }
    return state._replace(hidden=state.hidden | found) if found else state


# Reconcile


def _values(state: Fold, event: Values) -> Fold:
    state = _keeping(_asking(state, event.values), event.values)
    if not isinstance(listed := event.values.get("messages"), list):
        return _drawing(state, event.values)
    shown, truth = order.recognised(state.transcript.messages, conversation(listed))
    known = {message.id: message for message in shown}
    current = tools.all_carried_over(shown, truth)
    held = {new.id for new in current if _is_outgrown(state, new)}
    saved = frozenset(message.id for message in truth)
    state = _showing(
        state,
        order.reconciled(shown, tuple(known[m.id] if m.id in held else m for m in current)),
        truth=truth,
        saved=state.saved | saved,
        unsettled=NOBODY,
        drafts={
            key: draft
            for key, draft in state.drafts.items()
            if key in held or (key not in saved and _is_open(state, key))
        },
    )
    return _drawing(state, event.values)


def _keeping(state: Fold, values: Json) -> Fold:
    transcript = workspace.kept(state.transcript, values, state.files)
    return state if transcript is state.transcript else state._replace(transcript=transcript)


def _drawing(state: Fold, values: Json) -> Fold:
    if "ui" not in values:
        return state
    return _showing(state, asides.with_widgets(state.transcript.messages, values["ui"]))


def _custom(state: Fold, event: Custom) -> Fold:
    return _showing(state, asides.reported(state.transcript.messages, event.data))


def _updates(state: Fold, event: Updates) -> Fold:
    begun = state.transcript.messages
    state = _asking(state, event.updates)
    for node in event.updates:
        state = inner.over(state, inner.of_node(state, node), Outcome.FINISHED, fold)
    for written in event.updates.values():
        for part in written if isinstance(written, list) else [written]:
            for message in each(part.get("messages")) if isinstance(part, dict) else ():
                state = _update(state, message)
    return _showing(state, order.steadied(begun, state.transcript.messages))


def _update(state: Fold, message: Json) -> Fold:
    if kind_of(message) in {"remove", "tool"}:
        return _whole(state, message)
    messages = state.transcript.messages
    new = read(message, id=id_of(message) or f"{PROVISIONAL}{len(messages)}")
    if not id_of(message):
        drafts = tuple(shown for shown in messages if shown.id in state.drafts)
        new = order.recognised(drafts, (new,))[1][0]
    if _is_outgrown(state, new):
        return state
    return _showing(
        state,
        _corrected(state, new),
        unsettled=state.unsettled | {new.id},
        drafts={key: draft for key, draft in state.drafts.items() if key != new.id},
    )


def _is_outgrown(state: Fold, snapshot: Message) -> bool:
    """Whether the message is still being written and a snapshot of it is older than its text."""
    if snapshot.id not in state.drafts or snapshot.id in state.doubtful:
        return False
    messages = state.transcript.messages
    place = order.position(messages, snapshot.id)
    return (
        place is not None
        and _is_open(state, snapshot.id)
        and order.is_behind(snapshot, messages[place])
    )


def _remove(state: Fold, id: str) -> Fold:
    """Honour a `RemoveMessage`; the id ``__remove_all__`` empties the transcript."""
    messages = state.transcript.messages
    kept = (tools.without_results(m, {id}) for m in messages if id not in {m.id, _REMOVE_ALL})
    drafts = {key: draft for key, draft in state.drafts.items() if id not in {key, _REMOVE_ALL}}
    return _showing(state, order.same_if_equal(messages, kept), drafts=drafts)


def _asking(state: Fold, payload: Json) -> Fold:
    """``__interrupt__`` lists what the graph asks; an empty list is a static breakpoint."""
    if "__interrupt__" not in payload:
        return state
    known = state.transcript.interrupts
    interrupts = with_interrupts(known, payload["__interrupt__"])
    state = state._replace(paused=True)
    if interrupts is known:
        return state
    return state._replace(transcript=replace(state.transcript, interrupts=interrupts))


# The run itself


def _metadata(state: Fold, event: Metadata) -> Fold:
    """A further attempt begins the step again: what the last one streamed is void."""
    transcript = state.transcript
    if event.attempt > 1 and state.drafts:
        kept = tuple(m for m in transcript.messages if m.id not in state.drafts)
        state = _showing(state, kept, drafts={}, doubtful=NOBODY)
    if event.run_id in {"", transcript.run_id}:
        return state
    return state._replace(transcript=replace(state.transcript, run_id=event.run_id))


def _reconnected(state: Fold) -> Fold:
    """After a gap the last `values` seen may not be the last there was."""
    return state._replace(doubtful=frozenset(state.drafts), truth=None)


def _error(state: Fold, event: RunError) -> Fold:
    failure = Failure(event.error, event.message)
    return state._replace(transcript=replace(state.transcript, failure=failure))


def _end(state: Fold, event: RunEnd) -> Fold:
    state = inner.over(state, state.inner, event.outcome, fold)
    transcript = state.transcript
    messages, interrupts, failure = transcript.messages, transcript.interrupts, transcript.failure
    status = ToolStatus.UNANSWERED
    match event.outcome:
        case Outcome.FINISHED | Outcome.INTERRUPTED:
            messages = _replaced(state, event.outcome)
            if state.paused and not interrupts:
                interrupts = (BREAKPOINT,)
            if interrupts:
                status = ToolStatus.WAITING
        case Outcome.FAILED:
            failure = failure or Failure("", event.error)
        case Outcome.LOST:
            failure = failure or Failure("lost", event.error)
    ended = replace(
        transcript,
        messages=order.steadied(transcript.messages, tools.closed(messages, status)),
        interrupts=interrupts,
        failure=failure,
        running=False,
    )
    return Fold(ended, before=state.before, drafts={}, namespace=state.namespace, name=state.name)


def _replaced(state: Fold, outcome: Outcome) -> Messages:
    """The last root `values`, and what the server cannot know but the reader has seen.

    That is what was shown before and the server never had, such as the answer of a run cancelled
    earlier, and the answer of this one if it was cancelled: the server does not save either.
    """
    messages = state.transcript.messages
    if state.truth is None:
        return messages
    truth = tools.all_carried_over(messages, state.truth)
    stays = (state.before - state.saved) | {message.id for message in truth}
    stays |= {message.id for message in messages if message.id.startswith(inner.ALONE)}
    if outcome is Outcome.INTERRUPTED and not state.paused:
        stays |= state.drafts.keys() | state.unsettled
    kept = tuple(message for message in messages if message.id in stays)
    return kept if outcome is Outcome.INTERRUPTED else order.reconciled(kept, truth)


_STEPS: dict[type[Event], Callable[[Fold, Any], Fold]] = {
    Metadata: _metadata,
    Values: _values,
    Updates: _updates,
    MessageDelta: _delta,
    MessagesMetadata: _messages_metadata,
    MessagesPartial: _partial,
    MessagesComplete: _complete,
    Custom: _custom,
    RunError: _error,
    RunEnd: _end,
}
