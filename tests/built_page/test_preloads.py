"""The edit of React Router's pages that lets each name its scripts in its head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.built_page.preloads import PageScripts, with_preloads

if TYPE_CHECKING:
    from pathlib import Path

A, B = (
    '<link rel="modulepreload" href="/assets/a.js"/>',
    '<link rel="modulepreload" href="/b.js"/>',
)
DRAWN = f"<html><head><title>Chat</title>{A}{B}</head><body>drawn</body></html>"
FALLBACK = f"<html><head>{A}</head><body></body></html>"


def test_scripts_that_a_page_does_not_name_are_named_once() -> None:
    named = f"<html><head>{A}{B}</head><body></body></html>"
    assert with_preloads(FALLBACK, of=DRAWN) == named
    assert with_preloads(named, of=DRAWN) == named


@pytest.mark.parametrize(
    ("page", "drawn"), [(FALLBACK, "<html><head></head></html>"), ("<body>", DRAWN)]
)
def test_pages_of_another_kind_are_reported(page: str, drawn: str) -> None:
    with pytest.raises(LookupError, match="React Router"):
        with_preloads(page, of=drawn)


def test_a_build_gets_them_into_the_page_of_all_other_addresses(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(DRAWN)
    (tmp_path / "__spa-fallback.html").write_text(FALLBACK)
    PageScripts().post_build(static_dir=tmp_path)
    assert B in (tmp_path / "__spa-fallback.html").read_text()
    assert (tmp_path / "index.html").read_text() == DRAWN
