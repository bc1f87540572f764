"""Streamed messages: chunks that make a message longer, whole messages, and their removal.

A streamed message stays a draft until a snapshot confirms it (see `chat_app.transcript.fold`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript import calls, identity, memory, merge, order, quiet, subgraphs, tools
from chat_app.transcript.chunks import hides, is_hidden, said_to_a_tool
from chat_app.transcript.load import each
from chat_app.transcript.read import (
    PROVISIONAL,
    alone,
    call_id_of,
    id_of,
    is_complete,
    is_result,
    is_unseen,
    kind_of,
    read,
    result,
    unwrapped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chat_app.client.events import (
        Event,
        Json,
        MessageDelta,
        MessagesComplete,
        MessagesMetadata,
        MessagesPartial,
    )
    from chat_app.transcript.fold_state import Fold
    from chat_app.transcript.message import Message
    from chat_app.transcript.order import Messages

    Step = Callable[[Fold, Event], Fold]

REMOVE_ALL = "__remove_all__"


def showing(state: Fold, messages: Messages, **changes: Any) -> Fold:
    """`state` with these messages on the page; the same object where nothing changed."""
    if messages is not state.transcript.messages:
        changes["transcript"] = replace(state.transcript, messages=messages)
    return state._replace(**changes) if changes else state


def delta(state: Fold, event: MessageDelta, fold: Step) -> Fold:
    """Tuple mode: one chunk, or one whole message."""
    message = unwrapped(event.message)
    if is_hidden(event.metadata) or is_unseen(message):
        return state
    if kind_of(message) == "ai" and (task := said_to_a_tool(event.metadata)):
        heard = replace(event, namespace=(task,), metadata={})
        return subgraphs.told(state, heard, fold)
    if not str(message.get("type")).endswith("Chunk"):
        state = whole(state, message)
        if state.inner and (call_id := call_id_of(message)):
            state = subgraphs.answered(state, call_id, event.metadata, fold)
        return state
    return append(state, [event])


def append(state: Fold, pieces: Sequence[MessageDelta]) -> Fold:
    """Write chunks under one id, up to the one that closes the message: the others are a replay."""
    first = unwrapped(pieces[0].message)
    if is_unseen(first) or hides(state.hide, pieces[0].metadata):
        return state
    known = _heard(state, first, pieces[0].metadata, calls.sent_at(pieces[0].id))
    if not is_open(state, known.key):
        return state
    draft, call = known.drafts.get(known.key, {}), known.calls.get(known.key)
    pieces = _to_the_end(pieces)
    for message in merge.joined([unwrapped(piece.message) for piece in pieces]):
        draft = merge.appended(draft, message)
        if call:
            call = calls.grown(call, id_of(message), message)
    if call:
        times = (calls.sent_at(piece.id) for piece in reversed(pieces))
        call = call._replace(heard=next(filter(None, times), call.heard))
        known = known._replace(calls={**known.calls, known.key: call})
    return _write_heard(state, id_of(first), known, draft)


def _to_the_end(pieces: Sequence[MessageDelta]) -> Sequence[MessageDelta]:
    """The pieces up to the one that closes the message."""
    for place, piece in enumerate(pieces):
        if _is_closed(unwrapped(piece.message)):
            return pieces[: place + 1]
    return pieces


def _heard(state: Fold, message: Json, metadata: Json, at: int) -> calls.Known:
    """Which message a chunk makes longer, or begins."""
    known = calls.Known(state.calls, state.drafts, state.given_up, state.aliases)
    name = id_of(message)
    if not name or kind_of(message) != "ai":
        return known._replace(key=name or provisional(state, message))
    return calls.joined(known, name, metadata, message, at)


def _write_heard(state: Fold, name: str, known: calls.Known, draft: Json) -> Fold:
    gone = known.given_up - state.given_up
    messages = state.transcript.messages
    if gone:
        messages = tuple(message for message in messages if message.id not in gone)
    aliases = known.aliases
    if name not in {"", known.key} and aliases.get(name) != known.key:
        aliases = {**aliases, name: known.key}
    begins = known.calls.get(known.key) if known.key not in state.calls else None
    if begins and state.truth is not None:  # all steps before the one of a new call are over
        over = {key for key, call in state.calls.items() if call.step < begins.step}
        state = state._replace(passing=state.passing | (over & state.drafts.keys()))
    state = showing(
        state,
        messages,
        calls=known.calls,
        drafts=known.drafts,
        given_up=known.given_up,
        aliases=aliases,
    )
    state = write(state, known.key, draft)
    if known.parted:
        state = write(state, known.parted, known.drafts[known.parted])
    return quiet.followed(state)


def partial(state: Fold, event: MessagesPartial) -> Fold:
    """Cumulative mode: each message as far as it is written, under each of its ids apart."""
    for message in each(list(event.messages)):
        name = id_of(message)
        if name in state.hidden:
            continue
        known = _heard(state, message, state.about.get(name, {}), calls.sent_at(event.id))
        if not is_open(state, known.key):
            continue
        if name not in {"", known.key} and name not in state.aliases:
            state = state._replace(bases={**state.bases, name: state.drafts[known.key]})
        whole = merge.followed(state.bases.get(name, {}), message)
        state = _write_heard(state, name, known, whole)
    return state


def complete(state: Fold, event: MessagesComplete) -> Fold:
    """Cumulative mode: whole messages."""
    for message in each(list(event.messages)):
        if id_of(message) not in state.hidden:
            state = whole(state, message)
    return state


def is_open(state: Fold, id: str) -> bool:
    """Whether more of this message may come; what a snapshot closed is only being replayed."""
    if draft := state.drafts.get(id):
        return not _is_closed(draft)
    return order.position(state.transcript.messages, id) is None


def _is_closed(draft: Json) -> bool:
    return draft.get("chunk_position") == "last"


def write(state: Fold, id: str, draft: Json) -> Fold:
    """Show `draft` as the message of that id."""
    drafts = {**state.drafts, id: draft}
    if is_result(draft):
        return answer(state._replace(drafts=drafts), draft)
    message = read(draft, id=id, complete=is_complete(draft))
    if quiet.is_quiet(state, message):
        return showing(state, quiet.with_call(state, message), drafts=drafts)
    messages = state.transcript.messages
    if not (messages and messages[-1].id == id):
        state = showing(state, quiet.without(messages, {id}))
    return showing(state, corrected(state, message), drafts=drafts)


def whole(state: Fold, message: Json) -> Fold:
    """A message that is no chunk, or the removal of one."""
    if kind_of(message) == "remove":
        return _remove(state, id_of(message))
    if is_result(message):
        return answer(state, message)
    key = id_of(message) or provisional(state, message)
    new = read(message, id=key)
    if memory.is_mark(new):
        return state  # where it stands only the state tells
    state = identity.renamed(state, (new,))
    if is_open(state, key):
        return write(state, key, {**message, "chunk_position": "last"})
    return showing(state, corrected(state, read(message, id=key)))


def corrected(state: Fold, message: Message) -> Messages:
    """The messages with `message` in its place, and what only the shown one knows."""
    messages = state.transcript.messages
    place = order.position(messages, message.id)
    if place is not None:
        message = tools.carried_over(messages[place], message)
    message, early = tools.adopted(messages, message)
    messages = order.without(messages, early)
    if place is None and (later := calls.later(state.calls, message.id)):
        return order.put_before(messages, message, later)
    return order.put(messages, message)


def answer(state: Fold, message: Json) -> Fold:
    """Join a tool message to its call; without one it stands alone."""
    messages = state.transcript.messages
    call_id = call_id_of(message)
    if owner := tools.owner_of(messages, call_id):
        owner = tools.with_result(owner, call_id, result(message))
        return showing(state, order.put(messages, owner))
    key = id_of(message) or f"{PROVISIONAL}{len(messages)}"
    shown = order.put(messages, alone(message, id=key))
    return showing(state, shown, unsettled=state.unsettled | {key})


def provisional(state: Fold, message: Json) -> str:
    """An id for a message without one: it goes on with the last draft or opens a new one."""
    messages = state.transcript.messages
    if messages and messages[-1].id.startswith(PROVISIONAL):
        last = messages[-1].id
        draft = state.drafts.get(last)
        if draft and kind_of(draft) == kind_of(message) and is_open(state, last):
            return last
    return f"{PROVISIONAL}{len(messages)}"


def messages_metadata(state: Fold, event: MessagesMetadata) -> Fold:
    """Cumulative mode: learn which messages are not to be shown, and of which call each is."""
    about = {key: calls.metadata_of(value) for key, value in event.metadata.items()}
    hidden = {
        key for key, metadata in about.items() if is_hidden(metadata) or hides(state.hide, metadata)
    }
    return state._replace(about={**state.about, **about}, hidden=state.hidden | hidden)


def removed(state: Fold, ids: set[str]) -> Fold:
    """Honour a `RemoveMessage` for each of `ids`: what is older than all that stays is kept."""
    before = state.transcript.messages
    known = {message.id for message in before}
    messages = memory.forgetting(before, known - ids, known)
    gone = ids - {message.id for message in messages if message.forgotten}
    gone -= {message.id for message in messages if memory.is_mark(message)}
    kept = (tools.without_results(m, gone) for m in messages if m.id not in gone)
    drafts = {key: draft for key, draft in state.drafts.items() if key not in ids}
    return showing(state, order.same_if_equal(before, kept), drafts=drafts)


def _remove(state: Fold, id: str) -> Fold:
    """A removal that is streamed alone. A removal of all is read from the step's update."""
    if id == REMOVE_ALL:
        return state
    state = removed(state, {id})
    messages = state.transcript.messages
    left = {m.id for m in messages if not m.forgotten and m.id != memory.MARK}
    return showing(state, memory.marked(messages, left))
