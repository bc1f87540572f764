"""Streamed messages under the ids they are saved with.

A node may save what a model said under an id of its own making, and so may a later node. Until
then the message is shown under the id it streamed with; the saved one takes its place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.transcript import memory, order, quiet
from chat_app.transcript.read import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.transcript.fold_state import Fold
    from chat_app.transcript.message import Message


def renamed(state: Fold, snapshot: Iterable[Message]) -> Fold:
    """`state` with each draft under the id that the `snapshot` has for it.

    It is the same message if its id was in the stream, or if its text is the same: in the order
    of the page, each draft once, so that two calls that say the same stay two.
    """
    if not state.drafts:
        return state
    snapshot = tuple(snapshot)
    listed = {message.id for message in snapshot}
    state = _without_rows(state, snapshot, listed)
    shown = {message.id for message in state.transcript.messages}
    waiting = [
        message
        for message in state.transcript.messages
        if message.id in state.drafts and message.id not in listed
    ]
    for new in snapshot:
        if not waiting or new.id in shown:
            continue
        key = state.aliases.get(new.id)
        old = next((m for m in waiting if m.id == key), None)
        old = old or next((m for m in waiting if order.is_same(m, new)), None)
        if old:
            waiting.remove(old)
            state = _renamed(state, old.id, new.id)
    return state


def _without_rows(state: Fold, snapshot: tuple[Message, ...], listed: set[str]) -> Fold:
    """`state` without the quiet rows of calls that are saved after all."""
    rows = quiet.ids(state.transcript.messages) & state.drafts.keys()
    if not rows:
        return state
    saved = (rows & listed) | {state.aliases.get(name, "") for name in listed}
    shown = {message.id for message in state.transcript.messages}
    strangers = [message for message in snapshot if message.id not in shown]
    for key in rows - saved:
        said = read(state.drafts[key], id=key)
        if any(order.spoken(said).strip() in memory.summary(new) for new in strangers):
            saved.add(key)
        if new := next((new for new in strangers if order.is_same(said, new)), None):
            strangers.remove(new)
            saved.add(key)
    messages = quiet.without(state.transcript.messages, saved)
    return state._replace(transcript=replace(state.transcript, messages=messages))


def _renamed(state: Fold, old: str, new: str) -> Fold:
    messages = tuple(
        replace(message, id=new) if message.id == old else message
        for message in state.transcript.messages
    )
    aliases = {name: new if key == old else key for name, key in state.aliases.items()}
    aliases.pop(new, None)
    return state._replace(
        transcript=replace(state.transcript, messages=messages),
        drafts={new if key == old else key: draft for key, draft in state.drafts.items()},
        calls={new if key == old else key: call for key, call in state.calls.items()},
        doubtful=frozenset(new if key == old else key for key in state.doubtful),
        aliases={**aliases, old: new},
    )
