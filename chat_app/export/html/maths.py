"""Formulas as MathML, which browsers draw without a font or a script."""

from __future__ import annotations

from latex2mathml.converter import convert

from chat_app.export.html.elements import Html, el

LONGEST = 2_000
"""Characters; a longer formula is shown as it was written."""
MOST_BRACES = 60
"""Levels: the converter calls itself for each."""


def formula(source: str, *, is_display: bool) -> Html:
    """MathML, not yet sanitised; the source as code where it cannot be converted."""
    if len(source) <= LONGEST and _depth(source) <= MOST_BRACES:
        try:
            return Html(convert(source, display="block" if is_display else "inline"))
        except Exception:  # noqa: BLE001, S110 - of a model's formula the library may raise any
            pass
    shown = el("code", source)
    return el("p", shown) if is_display else shown


def _depth(source: str) -> int:
    deepest = depth = 0
    for letter in source:
        if letter in "{[(":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "}])":
            depth -= 1
    return max(deepest, source.count("\\left"), source.count("\\begin"), source.count("^"))
