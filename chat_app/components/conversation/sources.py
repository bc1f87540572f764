"""The citations of an answer, below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text

if TYPE_CHECKING:
    from reflex.vars import ObjectVar

    from chat_app.state.rows import Link, SourcesRow


def sources(row: ObjectVar[SourcesRow]) -> rx.Component:
    """Return numbered external links, each with its host."""
    return rx.el.nav(
        rx.el.span(text.SOURCES),
        rx.el.ol(rx.foreach(row.links, _source)),
        class_name="sources",
        aria_label=text.SOURCES,
    )


def _source(link: ObjectVar[Link]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(link.title, dir="auto"),
            rx.el.small(link.host),
            href=link.url,
            title=link.url,
            target="_blank",
            rel="noopener noreferrer nofollow",
        )
    )
