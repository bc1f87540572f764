"""How conversations are shown: what the settings say, and what each person chose."""

from __future__ import annotations

import reflex as rx

from chat_app.config import settings

SHOWN, HIDDEN, NEVER = "shown", "hidden", "never"


class ViewState(rx.State):
    """What the page has to know of the settings, and the person's own choice, kept by the browser.

    The values are those of the process that serves the page, not of the one that built it.
    """

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
