"""A new chat: a headline, and prompts to start with."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.state.run import RunState
from chat_app.state.view import Starter, ViewState


def headline() -> rx.Component:
    """Return the headline above the composer of a new chat."""
    return rx.el.section(
        rx.el.h1(text.HEADLINE),
        rx.el.p(rx.cond(ViewState.is_demo, text.TAGLINE_DEMO, text.TAGLINE)),
        class_name="hello",
    )


def starters() -> rx.Component:
    """Return the cards below the composer of a new chat; each sends its prompt."""
    return rx.el.div(rx.foreach(ViewState.starters, _card), class_name="starters")


def _card(starter: ObjectVar[Starter]) -> rx.Component:
    return rx.el.button(
        rx.el.b(starter.prompt),
        rx.el.span(starter.hint),
        type="button",
        class_name="starter",
        on_click=RunState.send(starter.prompt, [], None),  # else the event is the last argument
        data_testid="starter",
    )
