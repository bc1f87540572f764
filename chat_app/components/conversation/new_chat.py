"""A new chat: a headline, and prompts to start with."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.state.assistants import AssistantsState
from chat_app.state.profiles import Starter
from chat_app.state.run import RunState
from chat_app.state.thread import ThreadState
from chat_app.state.view import ViewState


def headline() -> rx.Component:
    """Return what is above the composer of a new chat: the agent's name and description.

    The space is kept until the server was asked for them.
    """
    agent = AssistantsState.profile
    told = rx.cond(agent.description, agent.description, text.TAGLINE)
    return rx.el.section(
        rx.cond(
            ViewState.is_demo | (agent.name == ""),
            rx.el.h1(text.HEADLINE),
            rx.el.h1(agent.name, title=agent.graph, dir="auto"),
        ),
        rx.el.p(rx.cond(ViewState.is_demo, text.TAGLINE_DEMO, told), dir="auto"),
        class_name="hello",
        data_known=ViewState.is_demo | (agent.name != "") | (ThreadState.trouble != ""),
    )


def starters() -> rx.Component:
    """Return the cards below the composer of a new chat; each sends its prompt.

    Those of the settings, or else those that the agent brings in its metadata.
    """
    configured, own = ViewState.starters, AssistantsState.profile.starters
    return rx.el.div(
        rx.cond(configured, rx.foreach(configured, _card), rx.foreach(own, _card)),
        class_name="starters",
    )


def _card(starter: ObjectVar[Starter]) -> rx.Component:
    return rx.el.button(
        rx.el.b(starter.prompt, dir="auto"),
        rx.cond(starter.hint, rx.el.span(starter.hint, dir="auto")),
        type="button",
        class_name="starter",
        on_click=RunState.send(starter.prompt, [], None),  # else the event is the last argument
        data_testid="starter",
    )
