"""A new chat: one sentence, and prompts to start with."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.config import settings
from chat_app.state.run import RunState


def headline() -> rx.Component:
    """What stands above the composer of a new chat."""
    return rx.el.section(
        rx.el.h1(text.HEADLINE),
        rx.el.p(text.TAGLINE_DEMO if settings().embedded else text.TAGLINE),
        class_name="hello",
    )


def starters() -> rx.Component:
    """Cards below the composer of a new chat; each sends its prompt."""
    cards = [_card(prompt, hint) for prompt, hint in _prompts()]
    return rx.el.div(*cards, class_name="starters")


def _prompts() -> list[tuple[str, str]]:
    """The prompts of the settings, `prompt|hint` each; the demo's own where there are none."""
    configured = [entry.partition("|") for entry in settings().starters]
    if configured:
        return [(prompt.strip(), hint.strip()) for prompt, _, hint in configured]
    return list(text.STARTERS) if settings().embedded else []


def _card(prompt: str, hint: str) -> rx.Component:
    return rx.el.button(
        rx.el.b(prompt),
        rx.el.span(hint),
        type="button",
        class_name="starter",
        on_click=RunState.send(prompt),
        data_testid="starter",
    )
