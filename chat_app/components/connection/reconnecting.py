"""The notice below an answer whose stream was interrupted: the next retry, and the cause."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.connection import JS
from chat_app.components.shared.folded import folded
from chat_app.components.shared.icon import icon
from chat_app.state.run import RunState


class Countdown(rx.Component):
    """`waiting` with the seconds until `at` (milliseconds since 1970); `due` from then on."""

    library = JS["countdown.jsx"]
    tag = "Countdown"

    at: rx.Var[int]
    waiting: rx.Var[str]
    due: rx.Var[str]


def reconnecting() -> rx.Component:
    """Return the notice; the text received so far is above."""
    return rx.el.div(
        icon("unplug"),
        rx.el.span(text.AGENT_LOST),
        Countdown.create(at=RunState.again_at, waiting=text.AGAIN_IN, due=text.AGAIN),
        rx.el.button(
            text.RETRY_NOW,
            type="button",
            class_name="quiet-button",
            on_click=RunState.hurry,
            data_testid="hurry",
        ),
        folded(text.DETAILS, RunState.cut_cause),
        class_name="row reconnecting",
        data_testid="cut",
    )
