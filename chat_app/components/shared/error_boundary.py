"""An error boundary: the source of a component is shown if it fails to render."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app.components.shared import JS


class ErrorBoundary(rx.Component):
    """Renders its first child; if that fails its second, or without one `source` as text.

    It tries again when `source` changes. A child has to be a component of its own (a memo or a
    React component): an error in an expression of the parent is outside of the boundary.
    """

    library = JS["error_boundary.jsx"]
    tag = "ErrorBoundary"

    source: rx.Var[Any]


class LongText(rx.Component):
    """A plain `text` of any length, in an element that preserves line breaks."""

    library = JS["plain_text.jsx"]
    tag = "LongText"

    text: rx.Var[str]
