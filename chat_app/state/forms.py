"""Forms that a graph put on the page: what a person fills in goes to the agent as a message."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text as words
from chat_app.state.queue import QueueState

MOST_FIELDS = 100
"""Of a form; what is beyond them is not sent."""


class FormState(rx.State):
    """A form is in the page alone until it is sent."""

    sent: rx.Field[dict[str, dict[str, str]]] = rx.field(default_factory=dict)
    """The values of the forms that were sent, by the keys of their rows and the names of fields."""

    @rx.event
    def send(self, title: str, filled: dict[str, Any]):
        """Send the fields of a form, by name. Anything that is no form is ignored."""
        if not isinstance(title, str) or not isinstance(filled, dict):
            return None
        fields = list(filled.items())[:MOST_FIELDS]
        lines = [line for name, value in fields if (line := _line(name, value))]
        if not lines:
            return None
        return QueueState.submit("\n".join([title, *lines] if title else lines), [])


def _line(name: object, value: object) -> str:
    """A field as a person would write it; empty for one that was left empty."""
    match value:
        case "on" | True:
            said = words.YES
        case str():
            said = value.strip()
        case int() | float() if value is not False:
            said = str(value)
        case _:
            said = ""
    return f"{name}: {said}" if said and isinstance(name, str) else ""
