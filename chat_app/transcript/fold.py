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
(see `chat_app.transcript.subgraphs`).
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
from chat_app.transcript import (
    custom,
    fold_outputs,
    identity,
    memory,
    order,
    passes,
    quiet,
    streaming,
    subgraphs,
    titles,
    tools,
    workspace,
)
from chat_app.transcript.chunks import piece_of
from chat_app.transcript.error_text import in_full
from chat_app.transcript.fold_state import NO_IDS, NOTHING, Fold, start
from chat_app.transcript.load import BREAKPOINT, conversation, each, load, with_interrupts
from chat_app.transcript.message import Failure, Message, ToolStatus
from chat_app.transcript.outputs import messages_in
from chat_app.transcript.read import (
    PROVISIONAL,
    id_of,
    is_result,
    kind_of,
    read,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chat_app.client.events import Json
    from chat_app.transcript.order import Messages

__all__ = ["Fold", "fold", "fold_all", "load", "start"]


def fold(state: Fold, event: Event) -> Fold:
    """The next state. An event that changes nothing leaves the very same transcript."""
    if event.namespace:
        return subgraphs.told(state, event, fold)
    if step := _STEPS.get(type(event)):
        state = step(state, event)
        return _placed(state) if state.early else state
    return _reconnected(state) if event.event == "reconnected" else state


def fold_all(state: Fold, events: Iterable[Event]) -> Fold:
    """What folding `events` one after the other comes to.

    Pieces of one message that follow each other are joined first and read once.
    """
    for key, run in groupby(events, key=piece_of):
        if key:
            pieces = [event for event in run if isinstance(event, MessageDelta)]
            state = streaming.append(state, pieces)
            state = _placed(state) if state.early else state
        else:
            for event in run:
                state = fold(state, event)
    return state


# Reconcile


def _values(state: Fold, event: Values) -> Fold:
    values = event.values if isinstance(event.values, dict) else {}
    state = _keeping(_asking(state, values), values)
    listed = messages_in(event.values, state.transcript.shape.key)
    if listed is None:
        return _drawing(quiet.followed(fold_outputs.seen(state, event.values)), values)
    truth = conversation(listed)
    state = identity.renamed(state, truth)
    shown, truth = fold_outputs.recognised(state, truth)
    shown = memory.forgetting(shown, {message.id for message in truth}, state.saved)
    truth = memory.without_results(shown, truth)
    known = {message.id: message for message in shown}
    current = tools.all_carried_over(shown, truth)
    held = {new.id for new in current if _is_outgrown(state, new)}
    saved = frozenset(message.id for message in truth)
    unsaved = {key: draft for key, draft in state.drafts.items() if key in held or key not in saved}
    over = {key for key in unsaved if key not in held and not streaming.is_open(state, key)}
    spoke = {call.place for key, call in state.calls.items() if key in saved}
    current = tuple(known[m.id] if m.id in held else m for m in current)
    state = streaming.showing(
        state,
        memory.marked(order.reconciled(shown, current), saved),
        truth=truth,
        saved=state.saved | saved,
        unsettled=NO_IDS,
        drafts=unsaved,
        passing=(state.passing | over) - saved,
        speaking=state.speaking | spoke,
    )
    return _drawing(quiet.followed(fold_outputs.seen(state, event.values)), values)


def _keeping(state: Fold, values: Json) -> Fold:
    transcript = workspace.kept(state.transcript, values, state.files)
    if (title := titles.title_in(values)) and title != transcript.title:
        transcript = replace(transcript, title=title)
    return state if transcript is state.transcript else state._replace(transcript=transcript)


def _drawing(state: Fold, values: Json) -> Fold:
    if "ui" not in values:
        return state
    running = state.transcript.running
    shown = custom.with_widgets(state.transcript.messages, values["ui"], running=running)
    return streaming.showing(state, shown)


def _placed(state: Fold) -> Fold:
    """`state` with the `ui` messages whose message has come by now."""
    messages, waiting = state.transcript.messages, []
    for value in state.early:
        if custom.is_early(messages, value) or custom.is_about(value, waiting):
            waiting.append(value)
        else:
            messages = custom.reported(messages, value)
    if len(waiting) == len(state.early):
        return state
    return streaming.showing(state, messages, early=tuple(waiting))


def _custom(state: Fold, event: Custom) -> Fold:
    if title := titles.title_of_event(event.data):
        return state._replace(transcript=replace(state.transcript, title=title))
    messages = state.transcript.messages
    if custom.is_early(messages, event.data) or custom.is_about(event.data, state.early):
        return state._replace(early=(*state.early, event.data)[-custom.MOST_EVENTS :])
    return streaming.showing(state, custom.reported(state.transcript.messages, event.data))


def _updates(state: Fold, event: Updates) -> Fold:
    begun, key = state.transcript.messages, state.transcript.shape.key
    state = fold_outputs.wrote(_asking(state, event.updates), event.updates)
    for node in event.updates:
        state = subgraphs.over(state, subgraphs.of_node(state, node), Outcome.FINISHED, fold)
    for part in fold_outputs.parts_of(event.updates):
        state = _written(state, each(messages_in(part, key)))
        if isinstance(part, dict) and not fold_outputs.has_state(state):
            state = _keeping(state, workspace.joined(state.transcript, part))
    state = quiet.followed(_past(state, event.updates))
    messages = passes.with_passes(state.transcript.messages)
    return streaming.showing(state, order.steadied(begun, messages))


def _written(state: Fold, messages: list[Json]) -> Fold:
    """`state` with the messages that a node wrote. It may cut the graph's memory short."""
    gone = {id_of(message) for message in messages if kind_of(message) == "remove"}
    if streaming.REMOVE_ALL in gone:
        places = [n for n, m in enumerate(messages) if id_of(m) == streaming.REMOVE_ALL]
        messages = messages[places[-1] + 1 :]
        kept = {id_of(message) for message in messages}
        gone = {m.id for m in state.transcript.messages} - state.drafts.keys() - kept
    if gone:
        state = streaming.removed(state, gone)
    messages = [message for message in messages if kind_of(message) != "remove"]
    for message in messages:
        state = _update(state, message)
    if not gone:
        return state
    places = {id_of(message): n for n, message in enumerate(messages)}
    listed = [message for message in state.transcript.messages if message.id in places]
    listed.sort(key=lambda message: places[message.id])
    shown = order.reconciled(state.transcript.messages, listed)
    left = {message.id for message in shown if not message.forgotten} - gone - {memory.MARK}
    return streaming.showing(state, memory.marked(shown, left))


def _past(state: Fold, nodes: Iterable[str]) -> Fold:
    """`state` with what these nodes did not save of what their models said, where that is sure."""
    for node in nodes:
        keys = {key for key in state.drafts if key in state.calls and state.calls[key].node == node}
        if len({state.calls[key].task for key in keys}) == 1:
            closed = {key for key in keys if not streaming.is_open(state, key)}
            state = state._replace(passing=state.passing | closed)
    return state


def _update(state: Fold, message: Json) -> Fold:
    if kind_of(message) == "remove" or is_result(message):
        return streaming.whole(state, message)
    messages = state.transcript.messages
    new = read(message, id=id_of(message) or f"{PROVISIONAL}{len(messages)}")
    if not id_of(message):
        drafts = tuple(shown for shown in messages if shown.id in state.drafts)
        new = order.recognised(drafts, (new,))[1][0]
    state = identity.renamed(state, (new,))
    if _is_outgrown(state, new):
        return state
    call = state.calls.get(new.id)
    return streaming.showing(
        state,
        streaming.corrected(state, new),
        unsettled=state.unsettled | {new.id},
        drafts={key: draft for key, draft in state.drafts.items() if key != new.id},
        passing=state.passing - {new.id},
        speaking=state.speaking | {call.place} if call else state.speaking,
    )


def _is_outgrown(state: Fold, snapshot: Message) -> bool:
    """Whether the message is still being written and a snapshot of it is older than its text."""
    if snapshot.id not in state.drafts or snapshot.id in state.doubtful:
        return False
    messages = state.transcript.messages
    place = order.position(messages, snapshot.id)
    return (
        place is not None
        and streaming.is_open(state, snapshot.id)
        and order.is_behind(snapshot, messages[place])
    )


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
        kept = quiet.without(order.without(transcript.messages, state.drafts), state.drafts)
        void: dict[str, Any] = {"calls": NOTHING, "given_up": NO_IDS, "passing": NO_IDS}
        state = streaming.showing(state, kept, drafts={}, doubtful=NO_IDS, **void)
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
    state = subgraphs.over(state, state.inner, event.outcome, fold)
    if event.waits:
        state = state._replace(paused=True)
    if event.outcome is Outcome.FINISHED:
        state = fold_outputs.finished(state)
    state = _unsaved(state, event.outcome)
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
            failure = failure or Failure("lost", event.error or in_full(event.exception))
    for value in state.early:
        messages = custom.reported(messages, value)
    messages = passes.with_passes(subgraphs.closed(tools.ended(messages, status)))
    ended = replace(
        transcript,
        messages=order.steadied(transcript.messages, messages),
        interrupts=interrupts,
        failure=failure,
        running=False,
    )
    return Fold(
        ended,
        before=state.before,
        drafts={},
        namespace=state.namespace,
        name=state.name,
        silent=state.silent,
        speaking=state.speaking,
        inner=state.inner,
        owners=state.owners,
    )


def _unsaved(state: Fold, outcome: Outcome) -> Fold:
    """`state` at its end, with a quiet row for each model call that no step saved."""
    if state.truth is None or outcome not in {Outcome.FINISHED, Outcome.INTERRUPTED}:
        return state
    is_cancelled = outcome is Outcome.INTERRUPTED and not state.paused
    passed = state.passing if is_cancelled else state.drafts.keys()
    return quiet.demoted(state, passed - {message.id for message in state.truth})


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
    stays |= {message.id for message in messages if message.id.startswith(subgraphs.ALONE)}
    stays |= {message.id for message in messages if message.forgotten or memory.is_mark(message)}
    if outcome is Outcome.INTERRUPTED and not state.paused:
        stays |= (state.drafts.keys() - state.passing) | state.unsettled
    kept = tuple(message for message in messages if message.id in stays)
    return kept if outcome is Outcome.INTERRUPTED else order.reconciled(kept, truth)


_STEPS: dict[type[Event], Callable[[Fold, Any], Fold]] = {
    Metadata: _metadata,
    Values: _values,
    Updates: _updates,
    MessageDelta: lambda state, event: streaming.delta(state, event, fold),
    MessagesMetadata: streaming.messages_metadata,
    MessagesPartial: streaming.partial,
    MessagesComplete: streaming.complete,
    Custom: _custom,
    RunError: _error,
    RunEnd: _end,
}
