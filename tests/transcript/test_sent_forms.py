"""Forms that were sent, told by the messages they became."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.message import Message, Role, Text, Widget
from chat_app.transcript.sent_forms import sent_forms
from tests.helpers.values import VALUES

FIELDS = [{"name": "Size"}, {"name": "Notes"}]


def form(title: Any = "Your pizza", fields: Any = FIELDS) -> Message:
    widget = Widget("w", "form", {"title": title, "fields": fields})
    return Message("a", Role.ASSISTANT, asides=(widget,))


def said(words: str) -> Message:
    return Message("h", Role.HUMAN, (Text(words),))


@pytest.mark.parametrize(
    ("title", "words", "values"),
    [
        ("Your pizza", "Your pizza\nSize: Large", {"Size": "Large"}),
        ("Your pizza", "Your pizza\nNotes: thin\ncrust: yes", {"Notes": "thin\ncrust: yes"}),
        ("", "Size: Large\nNotes: x", {"Size": "Large", "Notes": "x"}),
        (None, "Size: a: b", {"Size": "a: b"}),
        ({"no": "text"}, "Size: Large", {"Size": "Large"}),
    ],
)
def test_a_form_is_sent_once_a_message_has_its_title_and_its_fields(
    title: Any, words: str, values: dict[str, str]
):
    assert sent_forms([form(title), said(words)]) == {(0, 0): values}


@pytest.mark.parametrize(
    "words", ["", "Your pizza", "Size: Large", "Your pizza\nColour: red", "Never mind"]
)
def test_another_message_leaves_it_open(words: str):
    assert sent_forms([form(), said(words)]) == {}


def test_each_message_is_of_the_last_form_above_it_that_is_open():
    thread = [form(), said("Your pizza\nSize: S"), form(), said("no"), said("Your pizza\nSize: L")]
    assert sent_forms(thread) == {(0, 0): {"Size": "S"}, (2, 0): {"Size": "L"}}
    assert sent_forms([said("Your pizza\nSize: S"), form()]) == {}


@given(VALUES, VALUES, st.text())
def test_no_props_are_an_error(title: Any, fields: Any, words: str):
    for values in sent_forms([form(title, fields), said(words)]).values():
        assert all(isinstance(one, str) for pair in values.items() for one in pair)
