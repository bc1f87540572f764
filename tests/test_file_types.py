"""Which files the settings allow, and that the file dialog offers the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.config import Settings
from chat_app.file_types import (
    ALIASES,
    BINARY,
    TEXT,
    TEXTS,
    accept,
    ending,
    is_accepted,
    is_known,
)

PATTERNS = [*BINARY, *TEXTS, *ALIASES, "image/*", "audio/*", "video/*", "text/*", "application/*"]
FILES = [(kind, last) for kind, endings in BINARY.items() for last in endings]
FILES += [(TEXT, last) for endings in TEXTS.values() for last in endings]
"""Each kind of file: what its bytes are, and the end of its name."""


@given(st.lists(st.sampled_from(PATTERNS), max_size=4))
def test_the_dialog_offers_a_file_exactly_if_it_is_accepted(allowed: list[str]) -> None:
    offered = accept(allowed)
    for found, last in FILES:
        assert is_accepted(found, f"a.{last}", allowed) == (f".{last}" in offered), (found, last)


@given(st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=4))
def test_no_type_is_offered_as_a_family_but_text(allowed: list[str]) -> None:
    offered = accept(allowed)
    assert offered  # an empty list would offer everything
    assert [one for one in offered if one.endswith("*")] in ([], ["text/*"])
    assert len(offered) == len(set(offered))


@pytest.mark.parametrize(
    ("allowed", "yes", "no"),
    [
        (
            ["image/*"],
            ["image/png", ".jpeg"],
            ["image/*", ".svg", "image/svg+xml", ".heic", ".txt"],
        ),
        (["image/png"], ["image/png", ".png"], [".gif", ".jpg"]),
        (["image/jpg"], ["image/jpeg", ".jpg"], [".png"]),
        (["text/csv"], ["text/csv", ".csv"], ["text/*", ".txt", ".md"]),
        (["application/json", "text/markdown"], [".json", ".md"], [".csv", ".txt", ".pdf"]),
        (["text/*"], ["text/*", ".md", ".py", ".json", ".yaml", ".svg"], [".png", ".pdf"]),
        (["text/plain"], ["text/*", ".txt", ".csv"], [".pdf"]),
        (["audio/mp3", "video/*"], ["audio/mpeg", ".mp3", ".webm", ".mov"], [".wav", ".png"]),
    ],
)
def test_the_dialog_offers_what_the_settings_name(
    allowed: list[str], yes: list[str], no: list[str]
) -> None:
    offered = accept(allowed)
    assert [one for one in yes if one not in offered] == []
    assert [one for one in no if one in offered] == []


@pytest.mark.parametrize(
    ("found", "name", "allowed", "accepted"),
    [
        (TEXT, "Makefile", ["text/*"], True),
        (TEXT, "data.CSV", ["text/csv"], True),
        (TEXT, "notes.md", ["text/csv"], False),
        (TEXT, "csv", ["text/csv"], False),
        (TEXT, "drawing.svg", ["image/*"], False),
        (TEXT, "drawing.svg", ["image/svg+xml"], True),
        (TEXT, "a.json", ["application/*"], True),
        ("application/pdf", "a.pdf", ["application/*"], True),
        ("application/pdf", "a.csv", ["text/csv"], False),
        ("image/heic", "a.heic", ["image/*"], False),
        ("image/png", "a.txt", ["text/*"], False),
        ("", "a.zip", ["application/*", "text/*"], False),
    ],
)
def test_a_file_is_judged_by_its_bytes_and_text_by_the_end_of_its_name(
    found: str, name: str, allowed: list[str], accepted: bool
) -> None:
    assert is_accepted(found, name, allowed) == accepted


def test_the_tables_agree() -> None:
    lasts = [last for _, last in FILES]
    assert len(lasts) == len(set(lasts))
    assert not BINARY.keys() & TEXTS.keys()
    assert not ALIASES.keys() & (BINARY.keys() | TEXTS.keys())
    assert set(ALIASES.values()) <= BINARY.keys() | TEXTS.keys()
    assert all(is_known(pattern) for pattern in PATTERNS)
    assert not any(map(is_known, ("application/zip", "font/*", "image/heic", "text/x-nothing")))


def test_the_usual_settings_offer_what_people_have() -> None:
    offered = accept(Settings.model_fields["file_types"].default)
    for name in ("a.png", "a.jpg", "a.pdf", "a.mp3", "a.wav", "a.csv", "a.md", "a.json", "a.py"):
        assert f".{ending(name)}" in offered
