"""The person at a tab, for handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.auth.tabs import tabs

if TYPE_CHECKING:
    import reflex as rx

    from chat_app.auth.person import Person


def person_of(tab: rx.State) -> Person:
    """The person at a tab, as the handshake of its socket has told.

    Raises:
        SignedOutError: the tab has no login, or not any more.
    """
    return tabs().person_of(tab.router.session.client_token)
