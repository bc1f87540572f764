"""Which forms on the page were sent, as far as the history tells: by the messages that they became.

A form goes to the agent as a message, with a line ``name: value`` for each field below its title
(see `chat_app.state.forms`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript.message import Role, Text, Widget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.transcript.message import Message

NAME = "form"
"""The name of the `ui` messages that are forms."""
MOST = 100
"""Fields of a form that are looked at."""

Place = tuple[int, int]
"""The place of a message, and of the `ui` message among its asides."""


def sent_forms(messages: Iterable[Message]) -> dict[Place, dict[str, str]]:
    """The values of each form that was sent, by the names of its fields.

    A message belongs to the last form above it whose title and fields it has.
    """
    sent: dict[Place, dict[str, str]] = {}
    open_forms: list[tuple[Place, Widget]] = []
    for index, message in enumerate(messages):
        if message.role is Role.HUMAN and open_forms:
            said = "\n".join(part.text for part in message.parts if isinstance(part, Text))
            for form in reversed(open_forms):
                if values := _values(said, form[1]):
                    sent[form[0]] = values
                    open_forms.remove(form)
                    break
        for number, aside in enumerate(message.asides):
            if isinstance(aside, Widget) and aside.name == NAME:
                open_forms.append(((index, number), aside))
    return sent


def _values(said: str, form: Widget) -> dict[str, str]:
    """The values in a message, by name; empty where it is not this form's."""
    title = form.props.get("title")
    lines = said.split("\n")
    if isinstance(title, str) and title:
        above = title.split("\n")
        if lines[: len(above)] != above:
            return {}
        lines = lines[len(above) :]
    names = _names(form.props.get("fields"))
    values: dict[str, str] = {}
    last = ""
    for line in lines:
        name, colon, value = line.partition(": ")
        if colon and name in names and name not in values:
            values[name], last = value, name
        elif last:
            values[last] += f"\n{line}"  # of a field with several lines
        else:
            return {}
    return values


def _names(fields: Any) -> set[str]:
    listed = fields[:MOST] if isinstance(fields, list) else []
    return {
        field["name"]
        for field in listed
        if isinstance(field, dict) and isinstance(field.get("name"), str)
    }
