"""Markdown that is hard on parsers, streamed: seen to its end, and the same after a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.played import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.played import Played

PLAIN = "Shown as plain text"
TOO_LARGE = "This diagram is too large to be drawn."


@pytest.mark.parametrize("name", ["quotes", "dashes", "stars", "under", "brackets"])
def test_what_cannot_be_parsed_is_seen_as_plain_text_live_and_after_a_reload(
    play: Callable[..., Played], name: str
) -> None:
    played = play("markdown", f"{name} 400 5")
    expect(played.tab.page.get_by_text("After it.", exact=True)).to_be_visible()
    assert sum(text.count(PLAIN) for text in texts(played.end)) == 1
    played.tab.composer.fill("Still here")
    assert played.reload() == played.end
    expect(played.tab.page.get_by_text("After it.", exact=True)).to_be_visible()


def test_a_diagram_that_is_too_large_is_seen_as_its_source(play: Callable[..., Played]) -> None:
    played = play("markdown", "mermaid 400 5")
    for _ in ("live", "reloaded"):
        expect(played.tab.page.get_by_text(TOO_LARGE)).to_be_visible()
        expect(played.tab.page.get_by_text("After it.", exact=True)).to_be_visible()
        played.reload()
