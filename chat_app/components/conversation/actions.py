"""What can be done with a message, in a line below it: copy it, see its time and its cost."""

from __future__ import annotations

import reflex as rx

from chat_app.components.conversation import JS


class Actions(rx.Component):
    """Belongs inside the row of a person's message, or the one that ends an answer.

    `at`: milliseconds since 1970. `facts`: tokens and speed in words. `model`: who wrote it.
    """

    library = JS["actions.jsx"]
    tag = "Actions"

    at: rx.Var[int]
    facts: rx.Var[str]
    model: rx.Var[str]
