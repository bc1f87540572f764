"""What a graph reports beside its messages: custom events, `ui` messages and people's decisions.

Each is kept with the message after which it came, which is where the reader looks for it.
A ``ui`` message is what `push_ui_message` of LangGraph writes, into the stream as a custom event
and into the state under ``ui``: ``{"type": "ui", "id", "name", "props", "metadata": {"merge",
"message_id"}}``; ``{"type": "remove-ui", "id"}`` takes one back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript import order
from chat_app.transcript.message import CustomEvent, Role, Widget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chat_app.client.events import Json
    from chat_app.transcript.message import Aside, Message
    from chat_app.transcript.order import Messages

MOST_EVENTS = 50
"""Custom events kept with one message; of more the newest."""

_NAMES = ("type", "event", "name", "kind")
_IDS = ("id", "key", "step")


def reported(messages: Messages, value: Any) -> Messages:
    """`messages` with a custom event; a newer one of the same kind takes the place of the older.

    Also where messages came in between: work that goes on beside them moves one bar, not several.
    """
    match value:
        case {"type": "ui"}:
            return _with_widget(messages, value)
        case {"type": "remove-ui", "id": str(id)}:
            return _without_widgets(messages, {id})
    event = CustomEvent(name_of(value), value)
    return _on(messages, _told_below(messages, event), lambda asides: _replaced(asides, event))


def _told_below(messages: Messages, event: CustomEvent) -> str:
    """The message of this turn below which an event of the same kind stands; empty for none."""
    identity = _identity(event)
    for message in reversed(messages if identity else ()):
        if any(_identity(aside) == identity for aside in message.asides):
            return message.id
        if message.role is Role.HUMAN:
            break
    return ""


def is_early(messages: Messages, value: Any) -> bool:
    """Whether this is a `ui` message for a message that is yet to come."""
    match value:
        case {"type": "ui", "metadata": {"message_id": str(id)}} if id:
            return order.position(messages, id) is None
    return False


def is_about(value: Any, others: Iterable[Any]) -> bool:
    """Whether this changes or removes one of the `ui` messages among `others`."""
    match value:
        case {"type": "ui" | "remove-ui", "id": str(id)}:
            return any(isinstance(other, dict) and other.get("id") == id for other in others)
    return False


def with_widgets(messages: Messages, listed: Any, *, running: bool = False) -> Messages:
    """`messages` with the ``ui`` of a state: those it lists, as it lists them, and no others.

    While a run goes on, one for a message that is yet to come is left out.
    """
    widgets = (
        [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    )
    there = {str(item.get("id")) for item in widgets}
    gone = {aside.id for m in messages for aside in m.asides if isinstance(aside, Widget)} - there
    messages = _without_widgets(messages, gone)
    for item in widgets:
        if not (running and is_early(messages, {"type": "ui", **item})):
            messages = _with_widget(messages, item, whole=True)
    return messages


def with_widget_moved(messages: Messages, id: str, after: str) -> Messages:
    """`messages`, the component of that id below the message of `after`, if there are both."""
    found = [a for m in messages for a in m.asides if isinstance(a, Widget) and a.id == id]
    if not found or order.position(messages, after) is None:
        return messages
    return with_aside(_without_widgets(messages, {id}), after, found[0])


def with_aside(messages: Messages, after: str, aside: Aside) -> Messages:
    """`messages` with `aside` below the message of that id, or else below the last one."""
    return _on(messages, after, lambda asides: _replaced(asides, aside))


def without(messages: Messages, is_gone: Callable[[Aside], bool]) -> Messages:
    """`messages` without the asides that are gone."""

    def kept(message: Message) -> Message:
        stay = tuple(aside for aside in message.asides if not is_gone(aside))
        return message if len(stay) == len(message.asides) else replace(message, asides=stay)

    return order.same_if_equal(messages, map(kept, messages))


def name_of(value: Any) -> str:
    """What kind of event this is: its own word for it, else its fields; text is of no kind."""
    if not isinstance(value, dict):
        return ""
    named = (value.get(key) for key in _NAMES)
    return next((word for word in named if isinstance(word, str) and word), "")


def _identity(aside: Aside) -> tuple[Any, ...] | None:
    """What an aside shares with the one that it takes the place of; None where it takes none."""
    if not isinstance(aside, CustomEvent):
        return type(aside), aside.id
    if not isinstance(aside.value, dict):
        return None
    ids = (aside.value.get(key) for key in _IDS)
    found = next((key for key in ids if isinstance(key, str | int)), None)
    return CustomEvent, aside.name or tuple(sorted(map(str, aside.value))), found


def _replaced(asides: tuple[Aside, ...], new: Aside) -> tuple[Aside, ...]:
    identity = _identity(new)
    for place, old in enumerate(asides):
        if identity is not None and _identity(old) == identity:
            return asides if old == new else (*asides[:place], new, *asides[place + 1 :])
    asides = (*asides, new)
    events = [aside for aside in asides if isinstance(aside, CustomEvent)]
    if len(events) > MOST_EVENTS:
        return tuple(aside for aside in asides if aside is not events[0])
    return asides


def _with_widget(messages: Messages, item: Json, *, whole: bool = False) -> Messages:
    about = item.get("metadata")
    about = about if isinstance(about, dict) else {}
    widget = _widget(item, str(about.get("message_id") or ""))
    if widget is None:
        return messages
    known = {
        aside.id: (message.id, aside)
        for message in messages
        for aside in message.asides
        if isinstance(aside, Widget)
    }
    after = widget.message_id
    if widget.id in known:
        after, old = known[widget.id]
        widget = replace(widget, message_id=widget.message_id or old.message_id)
        if about.get("merge") and not whole:
            widget = replace(widget, props={**old.props, **widget.props})
    return with_aside(messages, after, widget)


def _widget(item: Json, message_id: str) -> Widget | None:
    match item:
        case {"id": str(id), "name": str(name), "props": dict(props)}:
            return Widget(id, name, props, message_id)
    return None


def _without_widgets(messages: Messages, ids: set[str]) -> Messages:
    if not ids:
        return messages
    return order.same_if_equal(messages, (_without(message, ids) for message in messages))


def _without(message: Message, ids: set[str]) -> Message:
    kept = tuple(a for a in message.asides if not (isinstance(a, Widget) and a.id in ids))
    return message if len(kept) == len(message.asides) else replace(message, asides=kept)


def _on(messages: Messages, id: str, change: Any) -> Messages:
    if not messages:
        return messages
    place = order.position(messages, id) if id else None
    place = len(messages) - 1 if place is None else place
    asides = change(messages[place].asides)
    if asides is messages[place].asides:
        return messages
    changed = replace(messages[place], asides=asides)
    return (*messages[:place], changed, *messages[place + 1 :])
