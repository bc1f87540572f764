"""Renderers of tools, events and components: all modules of this folder are part of the page."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import reflex as rx

rx.asset("renderers.css", shared=True)  # links it for chat_app.theme


def load() -> None:
    """Import every module of this package, so that its renderers are known when pages are built."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
