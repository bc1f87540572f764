"""Values as fields and back: nothing changes its type but what a person changed."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.asking import Form
from chat_app.transcript.deciding import answer_to, fields_for
from chat_app.transcript.filling import changed, filled_in, read
from chat_app.transcript.form_errors import FormError
from chat_app.transcript.forms import MOST_FIELDS, Field, as_json, fields_of
from chat_app.transcript.message import Interrupt

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["to", "copies", "colour"],
    "properties": {
        "to": {"type": "string", "title": "To", "description": "Whom"},
        "copies": {"type": "integer", "minimum": 1},
        "share": {"type": "number"},
        "urgent": {"type": "boolean"},
        "cc": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "colour": {"enum": ["red", 2, None]},
        "more": {"$ref": "#/$defs/More"},
    },
    "$defs": {"More": {"type": "object"}},
}


def kinds(values: dict[str, Any], schema: dict[str, Any] | None = None) -> dict[str, str]:
    return {field.name: field.kind for field in fields_of(values, schema)}


def test_without_a_schema_a_value_says_what_its_field_is() -> None:
    values = {"a": "x", "b": "x\ny", "c": 1, "d": 1.5, "e": True, "f": None, "g": {}, "h": []}
    found = ["text", "long", "number", "number", "boolean", "free", "json", "json"]
    assert list(kinds(values).values()) == found


def test_a_schema_says_it_for_values_that_are_not_there_yet() -> None:
    assert kinds({}, SCHEMA) == {
        "to": "text",
        "copies": "integer",
        "share": "number",
        "urgent": "choice",
        "cc": "text",
        "colour": "choice",
        "more": "json",
    }
    [to, *_, cc, colour, _] = fields_of({}, SCHEMA)
    assert (to.title, to.help, to.required, cc.nullable) == ("To", "Whom", True, True)
    assert colour.options == (('"red"', "red"), ("2", "2"), ("null", "null"))


def test_a_value_that_its_schema_does_not_expect_is_edited_as_json() -> None:
    values = {"to": 5, "copies": "3", "urgent": "no", "colour": "blue"}
    assert set(kinds(values, SCHEMA).values()) == {"json", "number", "text"}
    assert [kinds(values, SCHEMA)[name] for name in values] == ["json"] * 4


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
_ARGS = st.dictionaries(st.text(), st.recursive(_LEAVES, st.lists, max_leaves=4))


@given(_ARGS)
def test_unedited_values_are_unchanged(args: dict[str, Any]) -> None:
    fields = fields_of(args)
    filled = filled_in(args, fields, {field.name: field.text for field in fields})
    assert [*filled.items()] == [*args.items()]
    assert changed(args, filled) == ()


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (3, "4", 4),
        (3, "12345678901234567890", 12345678901234567890),
        (3, "4.50", 4.5),
        (1.0, "2.0", 2.0),
        (False, "true", True),
        ("3", "4", "4"),
        ("a", "", ""),
        (None, "text", "text"),
        (None, "7", 7),
        (None, "null", None),
        ({"a": 1}, '{"a": [1, null, "x"]}', {"a": [1, None, "x"]}),
    ],
)
def test_what_is_changed_keeps_the_type_of_its_field(before: Any, text: str, after: Any) -> None:
    args = {"first": 1, "x": before}
    filled = filled_in(args, fields_of(args), {"x": text})
    assert filled == {"first": 1, "x": after}
    assert type(filled["x"]) is type(after)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("copies", "4.5"),
        ("copies", ""),
        ("copies", "four"),
        ("copies", "9" * 5000),
        ("share", "1." + "9" * 5000),
        ("copies", "NaN"),
        ("share", "Infinity"),
        ("share", "1,5"),
        ("share", "1e999"),
        ("more", '{"a": 1e999}'),
        ("colour", '"blue"'),
        ("colour", ""),
        ("urgent", "maybe"),
        ("more", "{'a': 1}"),
        ("more", '"\\ud800"'),
        ("more", "[" * 5000),
    ],
)
def test_a_text_that_cannot_be_meant_is_refused(name: str, text: str) -> None:
    field = next(field for field in fields_of({}, SCHEMA) if field.name == name)
    with pytest.raises(FormError):
        read(field, text)


def test_an_empty_field_is_null_where_it_may_be_and_no_value_where_none_is_needed() -> None:
    args = {"to": "bob", "cc": "eve", "share": 1}
    filled = filled_in(args, fields_of(args, SCHEMA), {"cc": "", "share": "", "to": ""})
    assert filled == {"to": "", "cc": None}
    assert changed(args, filled) == ("to", "cc", "share")


def test_changes_tell_a_number_from_a_yes_and_from_one_with_a_fraction() -> None:
    before = {"a": 1, "b": 1, "c": 1, "d": {"x": 1, "y": 2}}
    after = {"a": True, "b": 1.0, "c": 1, "d": {"x": 1, "y": 2}, "e": None}
    assert changed(before, after) == ("a", "b", "e")


def test_free_text_is_json_only_where_it_is() -> None:
    field = Field("", "free")
    assert [read(field, text) for text in ("yes", "true", " 7 ", "[1]")] == ["yes", True, 7, [1]]
    with pytest.raises(FormError):
        read(field, '{"a": ')


DEFAULTS: dict[str, Any] = {
    "type": "object",
    "required": ["who", "days"],
    "properties": {
        "who": {"type": "string"},
        "copies": {"$ref": "#/$defs/Few"},
        "share": {"anyOf": [{"type": "number"}, {"type": "null"}], "default": 1.0},
        "days": {"type": "array", "items": {"type": "string"}},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
    },
    "$defs": {"Few": {"type": "integer", "default": 2}},
}


def test_what_a_schema_proposes_stands_in_the_form_and_is_the_answer() -> None:
    form = Form("Who?", DEFAULTS)
    assert [(f.name, f.text) for f in fields_for(form)] == [
        ("who", ""),
        ("copies", "2"),
        ("share", "1.0"),
        ("days", ""),
        ("note", ""),
    ]
    answers = [
        answer_to(Interrupt("", "Who?", DEFAULTS), {"fields": {"who": "Bo", **more}}).value
        for more in ({}, {"copies": "3", "share": ""}, {"copies": ""})
    ]
    assert [as_json(answer) for answer in answers] == [
        '{"copies": 2, "share": 1.0, "who": "Bo", "days": []}',
        '{"copies": 3, "share": null, "who": "Bo", "days": []}',
        '{"share": 1.0, "who": "Bo", "days": []}',
    ]


def test_a_lone_field_and_a_whole_form_may_have_a_proposal_too() -> None:
    alone = Interrupt("", "How many?", {"type": "integer", "default": 4})
    assert fields_for(Form("", {"type": "integer", "default": 4}))[0].text == "4"
    assert answer_to(alone, {"fields": {}}).value == 4
    whole = {**DEFAULTS, "default": {"who": "Al", "copies": 7}}
    assert answer_to(Interrupt("", "", whole), {"fields": {}}).value == {
        "who": "Al",
        "copies": 7,
        "share": 1.0,
        "days": [],
    }


def test_of_a_form_with_thousands_of_values_the_rest_is_one_field() -> None:
    values = {f"n{number}": float(number) for number in range(100_000)}
    *fields, rest = fields_of(values)
    assert (len(fields), rest.kind, rest.name) == (MOST_FIELDS, "rest", "99,800 more")
    shown = (*fields, rest)
    assert filled_in(values, shown, {}) == values
    new = {**json.loads(rest.text), "n300": 1, "one more": None}
    del new["n301"]
    filled = filled_in(values, shown, {"n3": "4", rest.name: json.dumps(new)})
    assert changed(values, filled) == ("n3", "n300", "n301", "one more")
    assert "n301" not in filled
    assert [*filled_in(values, shown, {rest.name: ""})] == [field.name for field in fields]
    for wrong in ("[]", "{"):
        with pytest.raises(FormError):
            filled_in(values, shown, {rest.name: wrong})


@pytest.mark.parametrize(
    "values",
    [
        {"x": ["a"] * 100_000},
        {f"x{n}": ["a"] * 100 for n in range(20)},
        {f"x{n}": {f"y{m}": m for m in range(20)} for n in range(20)},
        {"x": {f"y{n}": {f"z{m}": m for m in range(29)} for n in range(29)}},
    ],
)
def test_the_fields_of_lists_and_objects_are_limited(values: dict[str, Any]) -> None:
    fields = fields_of(values)
    assert sum(as_json(asdict(field)).count('"kind"') for field in fields) <= 2 * MOST_FIELDS
    assert sum(len(field.items) for field in fields) <= MOST_FIELDS
    assert filled_in(values, fields, {}) == values
