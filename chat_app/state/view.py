"""What the page has to know of the settings, and what each person chose.

All of it is the state's, nothing is compiled into the page: the values are those of the process
that serves it, so one build serves under any settings.
"""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.config import settings
from chat_app.state.profiles import Starter, starters_of

SHOWN, HIDDEN, NEVER = "shown", "hidden", "never"


def _starters() -> list[Starter]:
    """The prompts of the settings, `prompt|hint` each; the demo's own where there are none."""
    if configured := settings().starters:
        return starters_of(configured)
    return [Starter(*starter) for starter in text.STARTERS] if settings().embedded else []


class ViewState(rx.State):
    """How the app looks: what the settings say, and what the person chose, kept by the browser."""

    title: rx.Field[str] = rx.field(default_factory=lambda: settings().title)
    """The name of the app."""
    is_demo: rx.Field[bool] = rx.field(default_factory=lambda: settings().embedded)
    """The agent is the app's own."""
    starters: rx.Field[list[Starter]] = rx.field(default_factory=_starters)
    image_hosts: rx.Field[list[str]] = rx.field(default_factory=lambda: settings().image_hosts)
    usual_steps: rx.Field[str] = rx.field(default_factory=lambda: settings().steps)
    """Tool calls and thinking: `shown` or `hidden` at first, or `never` sent to the browser."""
    chosen_steps: str = rx.LocalStorage("", name="chat_steps", sync=True)
    """`shown` or `hidden`; anything else means the usual."""

    @rx.event
    def toggle_steps(self):
        """Show tool calls and thinking where they are hidden, and the other way round."""
        now = self.chosen_steps or self.usual_steps
        self.chosen_steps = SHOWN if now == HIDDEN else HIDDEN


def steps() -> rx.Var[str]:
    """Whether tool calls and thinking are `shown` or `hidden` for the person at the page."""
    return rx.cond(ViewState.chosen_steps, ViewState.chosen_steps, ViewState.usual_steps)
