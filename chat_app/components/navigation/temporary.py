"""The switch of a new chat that makes it temporary, and what the header says of one."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.shared.icon import icon
from chat_app.shortcuts import hint
from chat_app.state.inbox import InboxState
from chat_app.state.run import RunState


def temporary_button() -> rx.Component:
    """Return the switch, which only a new chat has."""
    button = rx.el.button(
        icon("ghost"),
        rx.el.span(text.TEMPORARY_CHAT),
        type="button",
        class_name="button temporary-button",
        **hint("temporary"),
        aria_pressed=RunState.is_temporary,
        on_click=RunState.choose_temporary(~RunState.is_temporary),
        data_testid="temporary-button",
    )
    is_new = (RunState.thread_id == "") & (InboxState.place == "")
    return rx.cond(is_new, button)


def temporary_note() -> rx.Component:
    """Return what is true of a temporary chat."""
    will = rx.cond(RunState.thread_id == "", text.TEMPORARY_WILL, text.TEMPORARY_IS)
    return rx.cond(
        RunState.is_temporary,
        rx.el.p(
            icon("ghost"),
            rx.el.span(
                rx.cond(RunState.thread_id != "", rx.el.strong(text.TEMPORARY_CHAT, ". ")), will
            ),
            class_name="temporary-note",
            role="status",
            data_testid="temporary-note",
        ),
    )
