"""The title that a graph or a model tells."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.titles import (
    MOST_CHARACTERS,
    cleaned,
    title_answered,
    title_in,
    title_of_event,
)
from tests.helpers.values import VALUES


@pytest.mark.parametrize(
    ("event", "title"),
    [
        ({"title": "A trip"}, "A trip"),
        ({"type": "title", "title": "A trip"}, "A trip"),
        ({"event": "title", "value": "A trip", "id": 1}, "A trip"),
        ({"name": "title", "data": "A\ntrip"}, "A trip"),
        ({"type": "progress", "title": "Step 1"}, ""),
        ({"title": "A card", "rows": []}, ""),
        ({"title": 7}, ""),
        ("title", ""),
        (None, ""),
    ],
)
def test_an_event_is_a_title_where_it_is_named_so_and_about_nothing_else(
    event: Any, title: str
) -> None:
    assert title_of_event(event) == title


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ('"A trip to Paris."', "A trip to Paris"),
        ("**A trip**\n\nBecause you asked.", "A trip"),
        ("Title: A trip", "A trip"),
        ('Title: "A **nice** trip".', "A nice trip"),
        ("# A trip #", "A trip"),
        ("\u201cEin Ausflug\u201d", "Ein Ausflug"),
        ("\n\n", ""),
        ("About C#", "About C#"),
    ],
)
def test_the_title_in_an_answer_has_no_quotes_markdown_or_label(answer: str, title: str) -> None:
    assert title_answered(answer) == title


@given(VALUES)
def test_any_value_is_a_short_title_on_one_line_or_none(value: Any) -> None:
    for title in (title_in(value), title_of_event(value), cleaned(value)):
        assert len(title) <= MOST_CHARACTERS
        assert title == " ".join(title.split())


@given(st.text())
def test_any_answer_is_a_short_title_on_one_line_or_none(answer: str) -> None:
    title = title_answered(answer)
    assert len(title) <= MOST_CHARACTERS
    assert title == " ".join(title.split())
