"""The voice of the conversation, for those who hear it."""

from __future__ import annotations

import reflex as rx

from chat_app.components.conversation import JS


class Announcer(rx.Component):
    """Says each answer once, when the run that wrote it is over."""

    library = JS["announcer.jsx"]
    tag = "Announcer"

    running: rx.Var[bool]
