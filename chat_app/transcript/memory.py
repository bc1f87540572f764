"""Messages that the agent's memory no longer has: they stay on the page.

A graph cuts its memory short by a `RemoveMessage` for each of the oldest messages, or by
``__remove_all__`` and what is to be there from then on, often with a summary of the rest. So what
goes from the beginning of the conversation is forgotten: it stays, and a quiet row says where the
agent's memory begins. A message that goes while an older one stays was removed on
purpose (an answer to be regenerated, or one that must not be shown): it is removed from the page,
too. So is an answer that was the only message.

Later the thread's older checkpoints have what was forgotten (see `chat_app.runs.history`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.transcript import order, tools
from chat_app.transcript.message import Forgotten, Message, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from chat_app.transcript.order import Messages

MARK = "forgotten|"
"""The id of the row where there is no summary: a summary is a message of the state."""


def is_mark(message: Message) -> bool:
    """Whether this is the row that says where the agent's memory begins."""
    return any(isinstance(part, Forgotten) for part in message.parts)


def summary(message: Message) -> str:
    """What such a row has to say, empty of any other message."""
    return "".join(part.summary for part in message.parts if isinstance(part, Forgotten))


def forgetting(shown: Messages, listed: Collection[str], known: Collection[str]) -> Messages:
    """`shown`, with each message marked as forgotten that is in the memory no more.

    Args:
        shown: the messages on the page.
        listed: the ids that the memory has now.
        known: the ids that it had before.
    """
    gone = [n for n, m in enumerate(shown) if _is_gone(m, listed, known)]
    if not gone:
        return shown
    kept = (n for n, m in enumerate(shown) if m.id in listed and m.id in known and _counts(m))
    oldest = next(kept, len(shown))
    if oldest == len(shown) and len(gone) == 1 and shown[gone[0]].role is not Role.HUMAN:
        return shown
    forgotten = {n for n in gone if n < oldest}
    return tuple(replace(m, forgotten=True) if n in forgotten else m for n, m in enumerate(shown))


def _is_gone(message: Message, listed: Collection[str], known: Collection[str]) -> bool:
    if message.id in listed or message.id not in known:
        return False
    return not (message.forgotten or is_mark(message))


def _counts(message: Message) -> bool:
    """Instructions may stand at the beginning whatever is forgotten."""
    return not (message.role is Role.SYSTEM or message.forgotten or is_mark(message))


def marked(messages: Messages, listed: Collection[str]) -> Messages:
    """`messages` with one row where the memory begins: the summary it has, or one without."""
    forgotten = [n for n, message in enumerate(messages) if message.forgotten]
    marks = {message.id for message in messages if is_mark(message)}
    if not forgotten and not marks:
        return messages
    has_summary = any(mark in listed for mark in marks)
    stale = {mark for mark in marks if mark not in listed and (mark != MARK or has_summary)}
    if has_summary or not forgotten:
        return order.without(messages, stale)
    end = forgotten[-1] + 1
    mark = Message(MARK, Role.OTHER, (Forgotten(),))
    before = order.without(messages[:end], {*stale, MARK})
    return order.steadied(messages, (*before, mark, *order.without(messages[end:], {*stale, MARK})))


def without_results(shown: Messages, listed: Messages) -> Messages:
    """`listed` without results whose calls are forgotten: they stand with those calls."""
    calls = (call for message in shown if message.forgotten for call in tools.calls_of(message))
    results = {call.result.message_id for call in calls if call.result} - {""}
    return tuple(m for m in listed if m.role is not Role.OTHER or m.id not in results)


def replayed(snapshots: Iterable[Messages]) -> Messages:
    """The messages on a page that has seen all of these states, oldest first."""
    shown: Messages = ()
    known: set[str] = set()
    for snapshot in snapshots:
        ids = {message.id for message in snapshot}
        shown = forgetting(shown, ids, known)
        taken_back = {m.id for m in shown if _is_gone(m, ids, known)}
        listed = without_results(shown, snapshot)
        shown = order.reconciled(order.without(shown, taken_back), listed)
        shown = marked(shown, ids)
        known |= ids
    return shown


def carried_over(shown: Messages, newer: Messages) -> Messages:
    """`newer`, read from the server, with what the page `shown` has of forgotten messages."""
    if not any(message.forgotten for message in shown):
        return newer
    ids = {message.id for message in newer}
    stay = tuple(m for m in shown if m.id in ids or m.forgotten or is_mark(m))
    return marked(order.reconciled(stay, without_results(shown, newer)), ids)
