"""A new chat: a headline, and prompts to start with."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.conversation import JS
from chat_app.state.assistants import AssistantsState
from chat_app.state.profiles import Starter
from chat_app.state.run import RunState
from chat_app.state.thread import ThreadState
from chat_app.state.view import ViewState


def _prompt(prompt: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[list[str]], rx.Var[None]]:
    return prompt, rx.Var.create([]), rx.Var.create(None)


class Starters(rx.Component):
    """The cards below the composer of a new chat, which sends what is pressed.

    `on_send` is for an agent that takes a form, so that there is no message to write.
    """

    library = JS["starters.jsx"]
    tag = "Starters"

    starters: rx.Var[list[Starter]]
    on_send: rx.EventHandler[_prompt]


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
    """Return the cards below the composer of a new chat, each sent with what is attached.

    Those of the settings, or else those that the agent brings in its metadata.
    """
    configured, own = ViewState.starters, AssistantsState.profile.starters
    return Starters.create(
        starters=rx.cond(configured, configured, own),
        on_send=RunState.send,
    )
