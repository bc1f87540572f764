"""Announcements of answers to screen readers."""

from __future__ import annotations

import reflex as rx

from chat_app.components.conversation import JS


class Announcer(rx.Component):
    """A live region that announces each answer once, at the end of its run."""

    library = JS["announcer.jsx"]
    tag = "Announcer"

    running: rx.Var[bool]
