"""The link past the sidebar, and the keys that move between the parts of the page."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.navigation import JS


class SkipLink(rx.Component):
    """A link that is visible while it has the focus; `keys` describes the keys of the page."""

    library = JS["skip.jsx"]
    tag = "SkipLink"

    label: rx.Var[str]
    keys: rx.Var[str]


def skip_link() -> rx.Component:
    """Return the link; it has to be the first element of the page."""
    return SkipLink.create(label=text.SKIP, keys=text.PANE_KEYS)
