"""A link inside the app: client-side navigation, without loading the page again."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink


def link(*children: Any, to: str | rx.Var[str], **props: Any) -> rx.Component:
    """Return an anchor; `rx.link` would add the whole stylesheet of Radix."""
    return ReactRouterLink.create(*children, to=to, **props)
