"""The rows of what a graph reports beside its messages.

Progress is told often and read once: of events that follow each other the latest is shown, and the
earlier ones stand behind it. Those that a renderer draws stand alone (see `stand_alone`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.state.ask_rows import decision_row
from chat_app.state.call_words import gist
from chat_app.state.rows import EventRow, InnerRow, WidgetRow
from chat_app.state.safe_json import parse, sendable
from chat_app.transcript.message import CustomEvent, Decision, InnerCall, Widget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.state.rows import Row
    from chat_app.transcript.message import Aside

LONGEST_LINE = 500
"""Characters of one line of progress."""

_WORDS = ("text", "message", "label", "status", "description", "title")
_AMOUNTS = (("done", "of"), ("done", "total"), ("progress", "total"), ("current", "total"))
_alone: set[str] = set()


def stand_alone(name: str) -> None:
    """From now on events of that name are rows of their own: a renderer draws them."""
    _alone.add(name)


def aside_rows(key: str, asides: Iterable[Aside], *, steps: bool = True) -> list[Row]:
    """What happened after a message; progress is among the `steps` that may not be shown."""
    rows: list[Row] = []
    told: list[CustomEvent] = []
    """Consecutive events without a renderer; their row is the last one so far."""
    for number, aside in enumerate(asides):
        if not isinstance(aside, CustomEvent) or aside.name in _alone:
            told = []
        match aside:
            case Widget():
                rows.append(widget_row(f"{key}.w{number}", aside))
            case Decision():
                rows.append(decision_row(f"{key}.d{number}", aside))
            case InnerCall() if steps:
                node = sendable(aside.node.partition(".")[0])
                rows.append(InnerRow(f"{key}.i{number}", node, sendable(aside.text)))
            case CustomEvent() if steps and aside.name in _alone:
                rows.append(event_row(f"{key}.e{number}", aside))
            case CustomEvent() if steps:
                told.append(aside)
                place = rows.pop().key if len(told) > 1 else f"{key}.e{number}"
                rows.append(event_row(place, aside, earlier=told[:-1]))
    return rows


def event_row(key: str, event: CustomEvent, earlier: Iterable[CustomEvent] = ()) -> EventRow:
    """A custom event as one quiet line, with the `earlier` ones behind it."""
    value = _sendable(event.value)
    fields = value if isinstance(value, dict) else {}
    words = _said(value)
    amount, percent = _counted(fields) or ("", "")
    return EventRow(
        key,
        sendable(event.name),
        text=words,
        gist="" if words else _in_short(fields, event.name),
        amount=amount,
        percent=percent,
        fields=fields,
        earlier=[_line(_sendable(before.value)) for before in earlier],
        stays=event.name in _alone,
    )


def widget_row(key: str, widget: Widget) -> WidgetRow:
    """A `ui` message: its name and its props."""
    props = _sendable(widget.props)
    props = props if isinstance(props, dict) else {}
    return WidgetRow(key, sendable(widget.name), props, _in_short(props))


def _sendable(value: Any) -> Any:
    """A JSON value as a browser can have it; None for what is nested too deeply to be one."""
    try:
        return parse(json.dumps(value, ensure_ascii=False))
    except (ValueError, RecursionError):
        return None


def _said(value: Any) -> str:
    """What an event says in words: itself where it is no object, else the first word it has."""
    if not isinstance(value, dict):
        return _short(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    words = (value.get(name) for name in _WORDS)
    return _short(next((word for word in words if isinstance(word, str) and word.strip()), ""))


def _line(value: Any) -> str:
    """An event in one line of text."""
    fields = value if isinstance(value, dict) else {}
    counted = _counted(fields)
    parts = [_said(value), counted[0] if counted else ""]
    return ", ".join(filter(None, parts)) or _in_short(fields)


def _in_short(fields: dict[str, Any], name: str = "") -> str:
    """The fields of an object in one line, without the one that is its name."""
    shown = [f"{field}: {gist(value)}" for field, value in fields.items() if value != name]
    return gist(", ".join(shown))


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= LONGEST_LINE else words[: LONGEST_LINE - 1] + "…"


def _counted(fields: dict[str, Any]) -> tuple[str, str] | None:
    """How much is done, in words and in percent, where the fields have numbers that say so."""
    for done, whole in _AMOUNTS:
        match fields.get(done), fields.get(whole):
            case (int() | float() as part, int() | float() as all_of) if all_of > 0:
                words = text.PROGRESS.format(done=_number(part), of=_number(all_of))
                return words, _percent(part / all_of)
    match fields.get("percent"), fields.get("progress"):
        case int() | float() as percent, _:
            return _in_percent(percent / 100)
        case _, float() as share if 0 <= share <= 1:
            return _in_percent(share)
    return None


def _in_percent(share: float) -> tuple[str, str]:
    return text.PERCENT.format(percent=_percent(share)), _percent(share)


def _percent(share: float) -> str:
    return f"{100 * min(max(share, 0), 1):.0f}"


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
