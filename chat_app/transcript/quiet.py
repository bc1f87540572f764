"""Model calls inside a node that are no messages: a router's choice, a grader's mark.

A model's output is streamed before it is known whether the node saves it in `messages`. It is
treated as the answer and shown at once, unless its first chunk shows that it is
not: it is JSON, or LangChain marks the call as its middleware's own, or the node has called a model
before in this process and saved nothing. Such a call is a quiet row with the node's name. A node
that has saved its model's output is treated as one that does, from then on.

A call that was shown as the answer and that its step did not save stays until something follows it,
for a later node may save it. Then it becomes such a row, too. The rows stay after the run: a note
in the thread's metadata keeps them for a reload (see `notes`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.transcript import custom, order, tools
from chat_app.transcript.message import InnerCall, Role, Text

if TYPE_CHECKING:
    from collections.abc import Collection

    from chat_app.transcript.fold_state import Fold
    from chat_app.transcript.message import Message, Transcript
    from chat_app.transcript.order import Messages

LONGEST = 1000
"""Characters of such a call that are kept."""

_JSON = re.compile(r"\s*(\{\s*([\"}]|$)|\[\s*[{\"])")


def is_quiet(state: Fold, message: Message) -> bool:
    """Whether a message being streamed is to be a quiet row, as far as can be known by now."""
    call = state.calls.get(message.id)
    if call is None or not call.node or message.role is not Role.ASSISTANT:
        return False
    if call.is_internal:
        return True
    if call.place in state.speaking:
        return False
    first = next((part.text for part in message.parts if isinstance(part, Text)), "")
    return call.place in state.silent or bool(_JSON.match(first))


def with_call(state: Fold, message: Message) -> Messages:
    """The messages with a quiet row for `message`, in the place of what was shown of it."""
    messages = order.without(state.transcript.messages, {message.id})
    node = state.calls[message.id].node if message.id in state.calls else ""
    words = _said(message) or "\n".join(call.args for call in tools.calls_of(message))
    if not words.strip():
        return without(messages, {message.id})
    words = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
    call = InnerCall(message.id, node, words)
    holder = next((m.id for m in messages if any(_is(aside, {call.id}) for aside in m.asides)), "")
    return custom.with_aside(messages, holder, call)


def without(messages: Messages, ids: Collection[str]) -> Messages:
    """The messages without the quiet rows of these calls."""
    return custom.without(messages, lambda aside: _is(aside, ids))


def followed(state: Fold) -> Fold:
    """`state`, where what no step saved is a quiet row as soon as something follows it."""
    if not state.passing:
        return state
    messages = state.transcript.messages
    last = max((n for n, m in enumerate(messages) if m.role is Role.ASSISTANT), default=0)
    done = {message.id for message in messages[:last]} & state.passing
    return demoted(state, done)


def demoted(state: Fold, ids: Collection[str]) -> Fold:
    """`state` with the messages of these ids as quiet rows below those before them."""
    silent = set(state.silent)
    for message in state.transcript.messages:
        if message.id not in ids:
            continue
        place = order.position(state.transcript.messages, message.id) or 0
        before = state.transcript.messages[:place]
        rest = state.transcript.messages[place + 1 :]
        inner = state._replace(transcript=_with(state, before or rest))
        shown = with_call(inner, message)
        state = state._replace(transcript=_with(state, (*shown, *rest) if before else shown))
        if message.id in state.calls:
            silent.add(state.calls[message.id].place)
    return state._replace(silent=frozenset(silent) - state.speaking)


def ids(messages: Messages) -> set[str]:
    """The ids of the calls that have a quiet row."""
    rows = (aside for message in messages for aside in message.asides)
    return {aside.id for aside in rows if isinstance(aside, InnerCall)}


def _with(state: Fold, messages: Messages) -> Transcript:
    return replace(state.transcript, messages=messages)


def _is(aside: object, ids: Collection[str]) -> bool:
    return isinstance(aside, InnerCall) and aside.id in ids


def _said(message: Message) -> str:
    return "".join(part.text for part in message.parts if isinstance(part, Text))
