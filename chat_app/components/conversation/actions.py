"""The line below a message: copy it, edit or regenerate it, its versions, its time and tokens."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app.components.conversation import JS


class Actions(rx.Component):
    """The line of a `row` that ends an answer, within that row."""

    library = JS["actions.jsx"]
    tag = "Actions"

    row: rx.Var[Any]


class OwnMessage(rx.Component):
    """A message of the person: its children and the line below, or its editor.

    `row` is its row; with `keeps` the children stay while it is edited.
    """

    library = JS["edit_message.jsx"]
    tag = "OwnMessage"

    row: rx.Var[Any]
    keeps: rx.Var[bool]
