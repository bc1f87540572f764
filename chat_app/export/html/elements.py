"""HTML, built of elements: every text in them is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID = {"br", "hr", "img", "input", "meta"}


class Html(str):
    """HTML that is ready to be put into a page."""

    __slots__ = ()


def el(name: str, /, *children: str, **attributes: str | bool | None) -> Html:
    """An element. A child that is no `Html` is text.

    Attributes are named as in HTML, with an underscore for a dash, and one at the end of a name
    that is a word of Python; those that are None or False are left out.
    """
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{shown(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{joined(children)}</{name}>")


def joined(children: Iterable[str]) -> Html:
    """Several, one after the other; what is no `Html` is text."""
    return Html("".join(c if isinstance(c, Html) else shown(c) for c in children))


def shown(words: str) -> str:
    """Text as it stands in HTML: without what no file of UTF-8 and no page can hold."""
    if not words.isascii():
        words = words.encode(errors="ignore").decode()
    return escape(words.replace("\x00", "\ufffd"))
