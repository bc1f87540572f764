"""Controls for the look of the page. The browser remembers it, and applies it before painting."""

from __future__ import annotations

from pathlib import Path

import reflex as rx

from chat_app.components.navigation import JS


class _Control(rx.Component):
    library = JS["look.jsx"]


class TextSize(_Control):
    """A button that opens the choice of the text size."""

    tag = "TextSize"


class Presentation(_Control):
    """Larger text, a wider column, no sidebar and no titles of chats."""

    tag = "Presentation"


class Facts(_Control):
    """Shows tokens, seconds and the model below all answers, also without hover."""

    tag = "Facts"


class HideSidebar(_Control):
    """In the sidebar; on narrow screens, where it is a popover, it is not visible."""

    tag = "HideSidebar"


class ShowSidebar(_Control):
    """In the header; visible while the sidebar is hidden. It handles the keys of the look, too."""

    tag = "ShowSidebar"


def before_paint() -> rx.Component:
    """Return the script for the head of the page that applies what is remembered."""
    return rx.el.script(Path(__file__).with_name("before_paint.js").read_text(encoding="utf-8"))
