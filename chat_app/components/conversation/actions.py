"""The actions below a message: copy it, see its time and its token counts."""

from __future__ import annotations

import reflex as rx

from chat_app.components.conversation import JS


class Actions(rx.Component):
    """Has to be within the row of a person's message, or the one that ends an answer.

    `at`: milliseconds since 1970. `facts`: tokens and speed as text. `model`: its name.
    """

    library = JS["actions.jsx"]
    tag = "Actions"

    at: rx.Var[int]
    facts: rx.Var[str]
    model: rx.Var[str]
