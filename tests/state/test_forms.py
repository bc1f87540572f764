"""What is filled into a form on the page, as the agent gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app.state.forms import MOST_FIELDS, FormState

if TYPE_CHECKING:
    from reflex.event import EventSpec


def sent(title: Any, filled: Any) -> str | None:
    """The message that comes of it; None where nothing is sent."""
    handler: Any = FormState.send
    spec: EventSpec | None = handler.fn(None, title, filled)
    if spec is None:
        return None
    return next(value._var_value for name, value in spec.args if str(name) == "message")  # pyright: ignore[reportAttributeAccessIssue]


def test_a_form_is_a_line_for_each_field_below_its_title() -> None:
    filled = {"Size": "Large", "Notes": " thin\ncrust ", "How many": 2, "Cheese": "on"}
    message = sent("Your pizza", filled)
    assert message == "Your pizza\nSize: Large\nNotes: thin\ncrust\nHow many: 2\nCheese: yes"


def test_without_a_title_there_are_only_the_fields() -> None:
    assert sent("", {"City": "Oslo"}) == "City: Oslo"


def test_what_was_left_empty_is_left_out() -> None:
    assert sent("T", {"A": "", "B": " ", "C": None, "D": False, "E": "x"}) == "T\nE: x"
    assert sent("T", {"A": ""}) is None


@pytest.mark.parametrize(
    ("title", "filled"),
    [(None, {"a": "b"}), ("T", None), ("T", ["a"]), ("T", {}), ({}, {"a": "b"}), ("T", {"a": []})],
)
def test_what_is_no_form_sends_nothing(title: Any, filled: Any) -> None:
    assert sent(title, filled) is None


def test_a_form_has_an_end() -> None:
    message = sent("", {f"f{n}": "x" for n in range(MOST_FIELDS + 5)})
    assert message is not None
    assert len(message.splitlines()) == MOST_FIELDS
