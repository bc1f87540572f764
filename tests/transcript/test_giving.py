"""Forms of inputs: what a browser gave, as the input that a graph takes."""

from __future__ import annotations

import pytest

from chat_app.transcript.form_errors import FormError
from chat_app.transcript.giving import LONGEST, beside, fields_for, filled, given_for, meant
from chat_app.transcript.shapes import Shape

ORDER = {
    "type": "object",
    "required": ["item", "address"],
    "properties": {
        "item": {"type": "string", "title": "Item"},
        "amount": {"type": "integer", "default": 1, "minimum": 1, "maximum": 10},
        "color": {"enum": ["red", "green"], "type": "string", "default": "red"},
        "address": {"$ref": "#/$defs/Address"},
        "tags": {"type": "array", "items": {"type": "string"}, "default": []},
        "extra": {"default": None, "title": "Extra"},
    },
    "$defs": {
        "Address": {
            "type": "object",
            "required": ["street"],
            "properties": {"street": {"type": "string"}, "city": {"default": "Bern"}},
        }
    },
}
FORM = Shape("form", schema=ORDER, is_known=True)


def test_a_form_is_filled_in_with_its_defaults():
    given = {"item": "fig", "address": {"street": "s"}, "extra": '{"a": [1]}'}
    assert filled(FORM, given) == {
        "item": "fig",
        "amount": 1,
        "color": "red",
        "tags": [],
        "address": {"street": "s", "city": "Bern"},
        "extra": {"a": [1]},
    } or filled(FORM, given)["address"] == {"street": "s"}


def test_what_is_wrong_is_said_at_its_field():
    with pytest.raises(FormError) as wrong:
        filled(FORM, {"item": "fig", "amount": "99", "address": {"street": "s"}})
    assert wrong.value.faults[0].path == ("amount",)
    with pytest.raises(FormError) as wrong:
        filled(FORM, {"amount": "2"})
    assert ("item",) in {fault.path for fault in wrong.value.faults}


@pytest.mark.parametrize(
    "given", [None, "text", [], {"unknown": "x"}, {"item": 3}, {"item": "x" * (LONGEST + 1)}]
)
def test_what_is_no_form_is_refused(given: object):
    with pytest.raises(FormError):
        filled(FORM, given)


def test_an_empty_schema_takes_an_empty_object_and_any_other_form_something():
    empty = Shape("form", schema={"type": "object", "properties": {}}, is_known=True)
    assert fields_for(empty) == ()
    assert filled(empty, {}) == {}
    optional = {"type": "object", "properties": {"question": {"type": "string", "default": None}}}
    with pytest.raises(FormError):
        filled(Shape("form", schema=optional, is_known=True), {})


def test_a_list_alone_has_one_field_without_a_name():
    numbers = Shape("form", schema={"type": "array", "items": {"type": "integer"}}, is_known=True)
    (field,) = fields_for(numbers)
    assert (field.name, field.kind) == ("", "list")
    assert filled(numbers, {"": ["1", "2"]}) == [1, 2]


def test_beside_a_message_goes_only_what_was_filled_in():
    shape = Shape(schema={**ORDER, "required": []}, is_known=True)
    assert beside(shape, {"item": "fig"}) == {"item": "fig"}
    assert beside(shape, {}) == {}
    with pytest.raises(FormError):
        beside(shape, {"unknown": "x"})
    with pytest.raises(FormError):
        beside(Shape(), {"item": "fig"})


def test_words_alone_fill_the_first_text_or_are_the_input_as_json():
    job = {"type": "object", "properties": {"question": {"type": "string"}}}
    shape = Shape("form", schema=job, is_known=True)
    assert meant(shape, "figs") == {"question": "figs"}
    assert meant(shape, '{"question": "dates"}') == {"question": "dates"}
    assert meant(Shape("text", schema={"type": "string"}), "figs") == "figs"


def test_an_input_fills_the_form_again():
    value = {"item": "fig", "amount": 3, "address": {"street": "s"}, "tags": ["a", "b"]}
    given = given_for(FORM, value)
    assert {**filled(FORM, given), **value} == filled(FORM, given)
    assert given["tags"] == ["a", "b"]
