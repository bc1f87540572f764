"""Where messages stand: one list put into another without losing what only one of them has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.transcript.message import Reasoning, Role, Text
from chat_app.transcript.read import PROVISIONAL
from chat_app.transcript.tools import calls_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from chat_app.transcript.message import Message

Messages = tuple["Message", ...]


def position(messages: Messages, id: str) -> int | None:
    """Where the message stands, looked for from the end: it is mostly the last."""
    for place in range(len(messages) - 1, -1, -1):
        if messages[place].id == id:
            return place
    return None


def put(messages: Messages, message: Message) -> Messages:
    """The message in its place, or at the end where it is new."""
    place = position(messages, message.id)
    if place is None:
        return (*messages, message)
    same = steady(messages[place], message)
    if same is messages[place]:
        return messages
    return (*messages[:place], same, *messages[place + 1 :])


def without(messages: Messages, ids: Container[str]) -> Messages:
    """All messages but those of `ids`."""
    return same_if_equal(messages, (message for message in messages if message.id not in ids))


def put_before(messages: Messages, message: Message, others: Container[str]) -> Messages:
    """A new message before the first of the `others`, or at the end where none is there."""
    places = (place for place, other in enumerate(messages) if other.id in others)
    place = next(places, len(messages))
    return (*messages[:place], message, *messages[place:])


def reconciled(shown: Messages, snapshot: Sequence[Message]) -> Messages:
    """All of `shown`, corrected and ordered by `snapshot`; what is new goes before the next known.

    A tool result shown alone, for want of its call, gives way to the call that now has it.
    """
    before = {message.id: message for message in shown}
    listed = {message.id for message in snapshot}
    joined = {call.result.message_id for new in snapshot for call in calls_of(new) if call.result}
    coming = iter(snapshot)
    ordered: list[Message] = []
    for message in shown:
        if message.id in listed:
            ordered.extend(_up_to_known(coming, before))
        elif message.role is not Role.OTHER or message.id not in joined:
            ordered.append(message)
    ordered.extend(coming)
    return steadied(shown, ordered)


def _up_to_known(coming: Iterator[Message], known: Container[str]) -> Iterator[Message]:
    for message in coming:
        yield message
        if message.id in known:
            return


def recognised(shown: Messages, snapshot: Messages) -> tuple[Messages, Messages]:
    """Both lists with one id for what is the same message, where either side had to make one up."""
    ids = {message.id for message in shown}
    listed = {message.id for message in snapshot}
    strangers = [message for message in snapshot if message.id not in ids]
    unlisted = [message for message in shown if message.id not in listed]
    renamed: dict[str, str] = {}
    for new in strangers:
        for old in unlisted:
            made_up = old.id if old.id.startswith(PROVISIONAL) else new.id
            if made_up.startswith(PROVISIONAL) and (old.role, old.parts) == (new.role, new.parts):
                renamed[made_up] = new.id if made_up == old.id else old.id
                unlisted.remove(old)
                break
    return _renamed(shown, renamed), _renamed(snapshot, renamed)


def _renamed(messages: Messages, names: dict[str, str]) -> Messages:
    if not names:
        return messages
    return tuple(replace(m, id=names[m.id]) if m.id in names else m for m in messages)


def steady(old: Message | None, new: Message) -> Message:
    """`new`, with the very objects of `old` wherever nothing changed."""
    if old is None or old == new:
        return old or new
    pairs = tuple(zip(old.parts, new.parts, strict=False))
    if not any(before == after for before, after in pairs):
        return new
    parts = tuple(before if before == after else after for before, after in pairs)
    return replace(new, parts=parts + new.parts[len(parts) :])


def steadied(old: Messages, new: Iterable[Message]) -> Messages:
    """`new`, with the very messages of `old` that did not change, at best `old` itself."""
    known = {message.id: message for message in old}
    return same_if_equal(old, (steady(known.get(message.id), message) for message in new))


def same_if_equal(old: Messages, new: Iterable[Message]) -> Messages:
    """The very tuple `old` where `new` holds the same objects."""
    new = tuple(new)
    same = len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True))
    return old if same else new


def is_behind(snapshot: Message, shown: Message) -> bool:
    """Whether a snapshot is an earlier view of a message that has grown since."""
    said, seen = spoken(snapshot), spoken(shown)
    then, now = sum(1 for _ in calls_of(snapshot)), sum(1 for _ in calls_of(shown))
    return seen.startswith(said) and (len(said), then) < (len(seen), now)


def is_same(old: Message, new: Message) -> bool:
    """Whether two assistant messages say the same and call the same tools."""
    if new.role is not old.role or new.role is not Role.ASSISTANT:
        return False
    words, calls = spoken(new), [call.id for call in calls_of(new)]
    said = bool(words.strip() or calls)
    return said and words == spoken(old) and calls == [call.id for call in calls_of(old)]


def spoken(message: Message) -> str:
    """What a message says, thoughts included."""
    return "".join(part.text for part in message.parts if isinstance(part, Text | Reasoning))
