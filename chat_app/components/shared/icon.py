"""Line icons, inlined: one stroke, the size and colour of the text around them."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SIZE = rx.Var('"1.0625rem"', _var_type=int)
"""Grows with the text; Reflex knows sizes in pixels only."""


def icon(name: str, **props: Any) -> rx.Component:
    """A Lucide icon by name; decoration only, so hidden from screen readers."""
    return rx.icon(name, size=_SIZE, stroke_width=1.7, aria_hidden="true", **props)


def icon_button(name: str, label: str, **props: Any) -> rx.Component:
    """A button that is only an icon; `label` is what a screen reader says."""
    props = {"class_name": "icon-button", "title": label, **props}
    return rx.el.button(icon(name), type="button", aria_label=label, **props)
