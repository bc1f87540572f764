"""The colours of the page have enough contrast in both themes, by the formula of WCAG 2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parent.parent / "assets" / "tokens.css"
THEME = re.compile(r"^(:root(?:\.dark)?) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
PAPERS = ("paper", "raised", "sunken")
TEXT, CONTROL = 4.5, 3.0
TEXTS = ("ink", "ink-soft", "ink-faint", "accent", "good", "warn", "bad")
CODE = ("code-keyword", "code-string", "code-number", "code-name")
CONTROLS = ("control", "accent", "bad")


def colours(theme: str) -> dict[str, str]:
    """The tokens that are plain colours; the dark theme changes some of the light one's."""
    named = {
        selector: dict(re.findall(r"--([\w-]+): (#[\da-f]{6});", body))
        for selector, body in THEME.findall(TOKENS.read_text())
    }
    assert set(named) == {":root", ":root.dark"}
    return named[":root"] | (named[":root.dark"] if theme == "dark" else {})


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("names", "papers", "least"),
    [
        (TEXTS, PAPERS, TEXT),
        (CODE, ("raised",), TEXT),
        (("ink", "ink-soft", "ink-faint"), ("bubble",), TEXT),
        (("accent-ink",), ("accent",), TEXT),
        (("paper",), ("ink",), TEXT),
        (CONTROLS, PAPERS, CONTROL),
    ],
    ids=["texts", "code", "texts in the bubble", "primary button", "stop button", "controls"],
)
def test_contrast_is_enough(
    theme: str, names: tuple[str, ...], papers: tuple[str, ...], least: float
) -> None:
    known = colours(theme)
    found = {
        f"{name} on {paper}": round(contrast(known[name], known[paper]), 2)
        for name in names
        for paper in papers
    }
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_no_control_has_the_border_of_a_separator() -> None:
    """The borders of what can be pressed or filled in are those that were measured."""
    rules: dict[str, str] = {}
    components = TOKENS.parent.parent / "chat_app"
    sheets = (TOKENS.with_name("page.css"), *components.rglob("*.css"))
    for sheet in sheets:
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet.read_text()):
            for selector in re.sub(r"/\*.*?\*/", "", selectors, flags=re.DOTALL).split(",\n"):
                name = selector.strip()
                rules[name] = rules.get(name, "") + body
    controls = (".button", ".ask-button", ".composer", ".pill", ".starter", ".new-chat", ".jump")
    fields = (".ask-message", ".ask-field textarea", ".ask-field select")
    for selector in (*controls, *fields):
        assert "var(--control)" in rules[selector], selector
