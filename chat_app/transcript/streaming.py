"""Streamed messages: chunks that make a message longer, whole messages, and their removal.

A streamed message stays a draft until a snapshot confirms it (see `chat_app.transcript.fold`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript import inner, merge, order, tools
from chat_app.transcript.load import each
from chat_app.transcript.pieces import is_hidden, said_to_a_tool
from chat_app.transcript.read import (
    PROVISIONAL,
    alone,
    call_id_of,
    id_of,
    is_complete,
    is_result,
    kind_of,
    read,
    result,
    unwrapped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chat_app.client.events import (
        Event,
        Json,
        MessageDelta,
        MessagesComplete,
        MessagesMetadata,
        MessagesPartial,
    )
    from chat_app.transcript.making import Fold
    from chat_app.transcript.message import Message
    from chat_app.transcript.order import Messages

    Step = Callable[[Fold, Event], Fold]

_REMOVE_ALL = "__remove_all__"


def showing(state: Fold, messages: Messages, **changes: Any) -> Fold:
    """`state` with these messages on the page; the same object where nothing changed."""
    if messages is not state.transcript.messages:
        changes["transcript"] = replace(state.transcript, messages=messages)
    return state._replace(**changes) if changes else state


def delta(state: Fold, event: MessageDelta, fold: Step) -> Fold:
    """Tuple mode: one chunk, or one whole message."""
    if is_hidden(event.metadata):
        return state
    message = unwrapped(event.message)
    if kind_of(message) == "ai" and (task := said_to_a_tool(event.metadata)):
        heard = replace(event, namespace=(task,), metadata={})
        return inner.told(state, heard, fold)
    if not str(message.get("type")).endswith("Chunk"):
        state = whole(state, message)
        if state.inner and (call_id := call_id_of(message)):
            state = inner.answered(state, call_id, event.metadata, fold)
        return state
    return append(state, id_of(message) or provisional(state, message), [message])


def append(state: Fold, id: str, pieces: Iterable[Json]) -> Fold:
    """Write `pieces` up to the one that closes the message; the others are only being replayed."""
    if not is_open(state, id):
        return state
    draft = state.drafts.get(id, {})
    for piece in pieces:
        draft = merge.appended(draft, piece)
        if _is_closed(draft):
            break
    return write(state, id, draft)


def partial(state: Fold, event: MessagesPartial) -> Fold:
    """Cumulative mode: each message as far as it is written."""
    for message in each(list(event.messages)):
        key = id_of(message) or provisional(state, message)
        if key not in state.hidden and is_open(state, key):
            state = write(state, key, message)
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
    return showing(state, corrected(state, message), drafts=drafts)


def whole(state: Fold, message: Json) -> Fold:
    """A message that is no chunk, or the removal of one."""
    if kind_of(message) == "remove":
        return remove(state, id_of(message))
    if is_result(message):
        return answer(state, message)
    key = id_of(message) or provisional(state, message)
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
    return order.put(order.without(messages, early), message)


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
    """Cumulative mode: learn which messages are not to be shown."""
    found = {
        key
        for key, about in event.metadata.items()
        if isinstance(about, dict) and is_hidden(about.get("metadata"))
    }
    return state._replace(hidden=state.hidden | found) if found else state


def remove(state: Fold, id: str) -> Fold:
    """Honour a `RemoveMessage`; the id ``__remove_all__`` empties the transcript."""
    messages = state.transcript.messages
    kept = (tools.without_results(m, {id}) for m in messages if id not in {m.id, _REMOVE_ALL})
    drafts = {key: draft for key, draft in state.drafts.items() if id not in {key, _REMOVE_ALL}}
    return showing(state, order.same_if_equal(messages, kept), drafts=drafts)
