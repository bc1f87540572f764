"""An error boundary: where a component fails to draw, its source is shown instead."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app.components.shared import JS


class ErrorBoundary(rx.Component):
    """Draws its first child, and where that fails its second, or without one `source` as text.

    It tries again when `source` changes. A child has to be a component of its own (a memo or a
    React component): what the parent itself computes fails outside of the boundary.
    """

    library = JS["error_boundary.jsx"]
    tag = "ErrorBoundary"

    source: rx.Var[Any]


class LongText(rx.Component):
    """A `text` of any length, without markup, in an element that keeps its line ends."""

    library = JS["plain_text.jsx"]
    tag = "LongText"

    text: rx.Var[str]
