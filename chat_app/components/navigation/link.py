"""A link inside the app: changes the page without loading it anew."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink


def link(*children: Any, to: str | rx.Var[str], **props: Any) -> rx.Component:
    """A plain anchor; `rx.link` would bring the whole of Radix's stylesheet for it."""
    return ReactRouterLink.create(*children, to=to, **props)
