"""The part of the fold that is about graphs whose answer is no message: see `outputs`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript import order
from chat_app.transcript.message import Role
from chat_app.transcript.outputs import given_in, messages_in, named, output_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.client.events import Json
    from chat_app.transcript.fold_state import Fold
    from chat_app.transcript.message import Message
    from chat_app.transcript.order import Messages

_ASKS = "__interrupt__"


def seen(state: Fold, values: Any) -> Fold:
    """Show what the run wrote so far into a root state; what only streamed by is not its answer."""
    shape = state.transcript.shape
    if not _has_outputs(state) or (isinstance(values, dict) and values.keys() <= {_ASKS}):
        return state
    listed = messages_in(values, shape.key)
    if listed is not None and shape.takes == "messages":
        return state
    state = state._replace(values=(values,))
    if (output := _output(state, values)) or shape.is_known:
        if listed is None:
            kept = (one for one in state.transcript.messages if one.id in state.before)
            state = state._replace(truth=tuple(kept))
        return _showing(state, output)
    return state


def recognised(state: Fold, listed: Messages) -> tuple[Messages, Messages]:
    """As `order.recognised`; what an ``@entrypoint`` returned may be the last answer alone."""
    messages = state.transcript.messages
    if state.transcript.shape.keeps:
        return order.recognised(messages, listed)
    listed = named(listed, state.transcript.run_id)
    if messages and listed and messages[0].id == listed[0].id:
        return order.recognised(messages, listed)
    before = tuple(one for one in messages if one.id in state.before)
    fresh = tuple(one for one in messages if one.id not in state.before)
    fresh, listed = order.recognised(fresh, listed)
    return (*before, *fresh), listed


def parts_of(updates: Json) -> Iterator[Any]:
    """What nodes wrote, one after the other: a node may write several times in one step."""
    for written in updates.values():
        yield from written if isinstance(written, list) else [written]


def has_state(state: Fold) -> bool:
    """Whether the stream has told a root state, so that nothing has to be guessed from updates."""
    return bool(state.values or state.saved)


def wrote(state: Fold, updates: Json) -> Fold:
    """Remember what nodes wrote: a value may be new though it is the same as before."""
    if not _has_outputs(state):
        return state
    parts = [part for part in parts_of(updates) if isinstance(part, dict)]
    names = frozenset(name for part in parts for name in part)
    if names - state.written:
        state = state._replace(written=state.written | names)
    shape = state.transcript.shape
    if not parts or has_state(state) or not (shape.is_known and shape.keeps):
        return state
    # Without `values` the last that was written stands for the state, which the end corrects.
    guess = dict(state.guess)
    for part in parts:
        guess |= part
    before = state.transcript.values
    values = {**before, **guess} if isinstance(before, dict) else guess
    state = state._replace(guess=guess)
    if messages_in(values, shape.key) is not None or (output := _output(state, values)) is None:
        return state
    messages = order.put(state.transcript.messages, output)
    return state._replace(transcript=replace(state.transcript, messages=messages))


def finished(state: Fold) -> Fold:
    """At the end of a run something is said in any case, and the next run begins at its state."""
    if not _has_outputs(state) or not state.values:
        return state
    shape, values = state.transcript.shape, state.values[-1]
    is_paused = state.paused or state.transcript.failure
    # A graph of which nothing is known may answer in messages alone; not if it returns a string.
    is_answer = shape.is_known or not (values is None or isinstance(values, dict))
    if is_answer and not is_paused and messages_in(values, shape.key) is None:
        state = _showing(state, _output(state, values, is_over=True))
    return state._replace(transcript=replace(state.transcript, values=values))


def _has_outputs(state: Fold) -> bool:
    return not state.namespace and state.transcript.shape.has_outputs


def _output(state: Fold, values: Any, *, is_over: bool = False) -> Message | None:
    transcript = state.transcript
    people = (one for one in reversed(transcript.messages) if one.role is Role.HUMAN)
    return output_of(
        transcript.run_id,
        values,
        shape=transcript.shape,
        asked=given_in(next(people, None)),
        before=transcript.values,
        written=state.written,
        is_over=is_over,
    )


def _showing(state: Fold, output: Message | None) -> Fold:
    if output is None:
        return state
    messages = order.put(state.transcript.messages, output)
    truth = order.put(state.truth or (), output)
    transcript = state.transcript
    if messages is not transcript.messages:
        transcript = replace(transcript, messages=messages)
    return state._replace(transcript=transcript, truth=truth)
