"""Sizes grow with the text: what depends on it is in rem, em or percent, never in pixels."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted([*(ROOT / "chat_app").rglob("*.css"), *(ROOT / "assets").glob("*.css")])
SCRIPTS = sorted((ROOT / "chat_app").rglob("*.jsx"))

GROWS = (
    r"font(?:-size)?|line-height|(?:min-|max-)?(?:width|height|inline-size|block-size)|flex(?:-basis)?"
    r"|(?:row-|column-)?gap|(?:padding|margin|inset)[a-z-]*|grid-template-columns|--[a-z-]+"
)
HAIRLINE = 3
"""Pixels of the longest distance that need not grow."""
OFF_SCREEN = ".diagram-sandbox"
"""Diagrams are measured in it at a size of its own; it is never seen."""

RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
DECLARATION = re.compile(rf"(?:^|[;\s])({GROWS}):\s*([^;]+)")
PIXELS = re.compile(r"(?<![\w.#-])(-?\d*\.?\d+)px")
WIDTH_IN_PIXELS = re.compile(r"\(\s*(?:min-|max-)?(?:width|height)[^)]*\dpx")


def fixed_sizes(css: str) -> list[str]:
    """The declarations of a stylesheet whose sizes stay as they are when the text grows."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found = []
    for selector, body in RULE.findall(css):
        if OFF_SCREEN in selector:
            continue
        for name, value in DECLARATION.findall(body):
            least = 0 if name.startswith("font") else HAIRLINE
            is_shadow = name == "--shadow"
            if not is_shadow and any(abs(float(px)) > least for px in PIXELS.findall(value)):
                found.append(f"{selector.strip()} {{ {name}: {value.strip()} }}")
    return found + [query.group() for query in WIDTH_IN_PIXELS.finditer(css)]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_a_stylesheet_has_no_fixed_sizes(sheet: Path) -> None:
    assert fixed_sizes(sheet.read_text()) == []


def test_icons_have_no_fixed_sizes() -> None:
    sized = re.compile(r"\b(?:size|width|height|fontSize)=(?:\{\d|\"\d+\")")
    fixed = [f"{path.name}: {hit}" for path in SCRIPTS for hit in sized.findall(path.read_text())]
    assert fixed == []


@pytest.mark.parametrize(
    "css",
    [
        "p { font-size: 13px }",
        "p { font: 2px/1.5 serif }",
        "p { color: red; min-height: 44px }",
        "p { padding: 1px 1.5rem 18px }",
        ":root { --radius: 6px }",
        "@media (max-width: 760px) { p { color: red } }",
    ],
)
def test_a_fixed_size_is_found(css: str) -> None:
    assert fixed_sizes(css)


@pytest.mark.parametrize(
    "css",
    [
        "p { border: 1px solid }",
        "p { gap: 2px; padding: 0.5rem 3px }",
        "p { outline-offset: 12px }",
        "@media (max-width: 47.5em) { p { font-size: 0.8rem } }",
        "/* p { font-size: 13px } */",
    ],
)
def test_hairlines_and_relative_sizes_are_none(css: str) -> None:
    assert fixed_sizes(css) == []
