"""The link to the inbox in the sidebar."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.navigation.link import link
from chat_app.components.shared.icon import icon
from chat_app.state.inbox import InboxState


def inbox_link() -> rx.Component:
    """Return the link in the sidebar, with how many wait."""
    some = InboxState.badge != ""
    before, after = text.INBOX_WAITING.split("{count}")
    return link(
        icon("inbox"),
        rx.el.span(text.INBOX),
        rx.cond(
            some,
            rx.el.span(
                InboxState.badge, class_name="badge", aria_hidden="true", data_testid="inbox-badge"
            ),
        ),
        to="/inbox",
        class_name="inbox-link",
        aria_label=rx.cond(some, before + InboxState.count.to_string() + after, text.INBOX),
        aria_current=rx.cond(InboxState.place != "", "page", "false"),
        data_command="inbox",
        data_testid="inbox-link",
    )
