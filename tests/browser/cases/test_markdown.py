"""Markdown as models write it: right at every moment, at the end and after a reload."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.played import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.played import Played

    Play = Callable[..., Played]


def said(seen: list[tuple[str, str]]) -> str:
    return "\n".join(text for kind, text in seen if kind not in {"human", "end"})


@pytest.mark.parametrize(
    ("name", "never", "final"),
    [
        ("open-dollars", r"^\W*$(?!)", "Next paragraph of the guide."),
        ("bold-with-space", r"\*\*", "Important: text that goes on"),
        ("struck-address", r"~~", "http://example.com and the rest"),
        ("interval", r"(?<!\[)4, 5", "The range [4, 5) is half-open"),
        ("task-bold", r"\[|\*", "Bold task of the day"),
        ("table-first-cell", r"\||---", "https://example.com/a/rather"),
        ("html-of-models", r"<|comment", "press Ctrl, marked."),
        ("callout", r"\[!|NOTE", "Note\n\nThe gate closes at ten."),
        ("poem", r"low, ?The", "The lamp is low,\nThe street is wet,\nThe night is long."),
        ("dollar-and-code", r"\\", "Set $HOME first and check $PATH after that."),
    ],
)
def test_no_moment_shows_what_the_end_does_not(
    play: Play, name: str, never: str, final: str
) -> None:
    played = play("markdown", f"{name} 2 45")
    assert len(played.moments) > 3
    for seen in played.moments:
        assert not re.search(never, said(seen)), said(seen)
    assert final in said(played.end)
    assert texts(played.reload(), "text") == texts(played.end, "text")


def test_a_paragraph_after_open_dollars_is_seen_before_the_end(play: Play) -> None:
    played = play("markdown", "open-dollars 4 120")
    first = next(n for n, seen in enumerate(played.moments) if "Next para" in said(seen))
    assert "And a last one." not in said(played.moments[first])
    assert first < len(played.moments) - 4


def test_what_is_a_formula_or_a_sign_is_set_as_such(play: Play) -> None:
    tab = play("markdown", "math-fence 4 45").tab
    expect(tab.page.locator(".prose math[display=block]")).to_be_visible()
    tab = play("markdown", "chemistry 4 45").tab
    expect(tab.page.locator(".prose math")).to_have_count(1)
    expect(tab.page.locator(".prose").last).not_to_contain_text("$")
    tab = play("markdown", "greater-in-list 4 45").tab
    expect(tab.page.locator(".prose li").last).to_have_text("> 25: rich")
    tab = play("markdown", "cjk-links 4 45").tab
    links = tab.page.locator(".prose a")
    expect(links).to_have_text(["https://example.com/a", "https://example.com/b"])
