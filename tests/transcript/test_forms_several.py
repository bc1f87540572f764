"""Lists, choices and objects as fields, and back."""

from __future__ import annotations

from typing import Any

import pytest

from chat_app import text
from chat_app.transcript.filling import changed, filled_in
from chat_app.transcript.form_errors import Fault, FormError
from chat_app.transcript.forms import MOST_FIELDS, MOST_PARTS, Field, fields_of

MEALS = {"type": "array", "items": {"enum": ["breakfast", "lunch", 3]}}
ADDRESS: dict[str, Any] = {
    "type": "object",
    "required": ["city"],
    "properties": {"city": {"type": "string"}, "lines": {"$ref": "#/$defs/Lines"}},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["to", "home"],
    "properties": {
        "to": {"type": "array", "items": {"type": "string", "format": "email"}},
        "shares": {"type": "array", "items": {"type": "number"}},
        "meals": MEALS,
        "home": {"$ref": "#/$defs/Address"},
        "second": {"anyOf": [{"$ref": "#/$defs/Address"}, {"type": "null"}]},
    },
    "$defs": {"Address": ADDRESS, "Lines": {"type": "array", "items": {"type": "string"}}},
}


def field_of(value: Any) -> Field:
    [field] = fields_of({"x": value})
    return field


def kinds(fields: tuple[Field, ...]) -> dict[str, str]:
    return {field.name: field.kind for field in fields}


def filled(before: Any, given: Any, schema: Any = None) -> Any:
    values = {"x": before}
    schema = schema and {"type": "object", "properties": {"x": schema}}
    return filled_in(values, fields_of(values, schema), {"x": given}).get("x")


def faults(values: Any, schema: Any, given: Any) -> list[Fault]:
    with pytest.raises(FormError) as wrong:
        filled_in(values, fields_of(values, schema), given)
    return [*wrong.value.faults]


@pytest.mark.parametrize(
    ("value", "kind", "items"),
    [
        (["a", "b" * 100], "list", ("a", "b" * 100)),
        ([1, 1.0, -2e300], "list", ("1", "1.0", "-2e+300")),
        ([], "json", ()),
        (["a", 1], "json", ()),
        ([None], "json", ()),
        ([True], "json", ()),
        ([["a"]], "json", ()),
        ([{"a": 1}], "json", ()),
        ([float("nan")], "json", ()),
    ],
)
def test_a_list_has_items_where_all_are_words_or_all_are_numbers(
    value: Any, kind: str, items: tuple[str, ...]
) -> None:
    field = field_of(value)
    assert (field.kind, field.items) == (kind, items)


def test_an_object_has_a_field_for_each_value_two_levels_deep() -> None:
    field = field_of({"a": 1, "b": ["x"], "c": {"d": {"e": 1}}})
    assert kinds(field.parts) == {"a": "number", "b": "list", "c": "json"}
    deeper = field_of({"c": {"d": "x", "e": {"f": 1}}}).parts[0]
    assert kinds(deeper.parts) == {"d": "text", "e": "json"}
    for no_shape in ({}, {"a": {"b": {"c": 1}}}, dict.fromkeys(map(str, range(MOST_PARTS + 1)), 1)):
        assert field_of(no_shape).kind == "json"


def test_a_schema_says_what_lists_and_objects_that_are_not_there_yet_will_be() -> None:
    fields = {field.name: field for field in fields_of({}, SCHEMA)}
    assert kinds(tuple(fields.values())) == {
        "to": "list",
        "shares": "list",
        "meals": "choices",
        "home": "group",
        "second": "group",
    }
    assert fields["to"].parts[0].format == "email"
    assert [label for _, label in fields["meals"].options] == ["breakfast", "lunch", "3"]
    assert kinds(fields["home"].parts) == {"city": "text", "lines": "list"}
    assert (fields["home"].parts[0].required, fields["second"].nullable) == (True, True)


@pytest.mark.parametrize(
    "unexpected",
    [
        {"to": ["a", 1]},
        {"to": "a"},
        {"shares": ["1"]},
        {"meals": ["supper"]},
        {"meals": ["lunch", "lunch"]},
        {"home": "Oslo"},
    ],
)
def test_a_value_that_its_schema_does_not_expect_stays_json(unexpected: dict[str, Any]) -> None:
    [name] = unexpected
    assert kinds(fields_of(unexpected, SCHEMA))[name] == "json"


@pytest.mark.parametrize(
    "items",
    [
        {"type": ["string", "null"]},
        {"type": "boolean"},
        {"type": "object", "properties": {"a": {"type": "string"}}},
        {},
    ],
)
def test_a_list_of_anything_but_words_numbers_and_choices_is_json(items: dict[str, Any]) -> None:
    schema = {"properties": {"x": {"type": "array", "items": items}}}
    assert kinds(fields_of({}, schema)) == {"x": "json"}
    pair = {"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "string"}}
    assert kinds(fields_of({"x": ["a"]}, {"properties": {"x": pair}})) == {"x": "json"}


def test_unedited_items_are_unchanged_wherever_they_moved() -> None:
    after = filled([1, 1.0, 3, 1e22], ["7", "1e+22", "1.0", "1"])
    assert after == [7, 1e22, 1.0, 1]
    assert [type(item) for item in after] == [int, float, float, int]
    assert filled(["a\ud800", "b"], ["c", "a"]) == ["c", "a\ud800"]
    assert filled(["true", "7", "null"], ["7", "null", "1"]) == ["7", "null", "1"]


def test_an_empty_item_counts_only_where_one_was_empty_before() -> None:
    assert filled(["a"], ["", "a", "b", ""]) == ["a", "b"]
    assert filled(["", "a"], ["a", "", "b"]) == ["a", "", "b"]
    assert filled([1, 2], ["", "2"]) == [2]
    assert filled(["a"], []) == []


def test_choices_are_values_of_the_schema() -> None:
    assert filled(["lunch"], ['"breakfast"', "3"], MEALS) == ["breakfast", 3]
    assert filled([3], ["3", "3"], MEALS) == [3]
    schema = {"properties": {"x": MEALS}}
    assert faults({"x": []}, schema, {"x": ["3", '"supper"']}) == [
        Fault(text.NOT_A_CHOICE, ("x", 1))
    ]


def test_of_an_object_only_what_was_touched_is_another() -> None:
    before = {"a": 1.0, "b": None, "c": {"d": [1.0, 2]}, "e": {"f": {"g": 1.50}}}
    after = filled(before, {"c": {"d": ["1.0", "3"]}})
    assert after == {**before, "c": {"d": [1.0, 3]}}
    assert repr(after) == repr(before).replace("2]", "3]")
    assert changed({"x": before}, {"x": after}) == ("x",)
    assert filled(before, {}) == before


def test_lists_and_objects_can_be_given_as_json_too() -> None:
    assert filled({"a": ["b"]}, '{"a": ["b", null], "new": 1.0}') == {"a": ["b", None], "new": 1.0}
    assert filled(["a"], '["a", 1]') == ["a", 1]
    with pytest.raises(FormError, match="not valid JSON"):
        filled({"a": 1}, "{'a': 1}")


def test_what_is_optional_stays_away_until_something_is_in_it() -> None:
    fields = fields_of({}, SCHEMA)
    assert filled_in({}, fields, {}) == {}
    assert filled_in({}, fields, {}, is_new=True) == {"to": [], "home": {}}
    given = {"shares": [], "second": {}, "meals": [], "to": ["a@example.com"]}
    assert filled_in({}, fields, given) == {"to": ["a@example.com"]}
    given = {"second": {"city": "Oslo", "lines": ["x", ""]}}
    assert filled_in({}, fields, given)["second"] == {"city": "Oslo", "lines": ["x"]}
    values = {"second": None, "to": []}
    fields = fields_of(values, SCHEMA)
    assert filled_in(values, fields, {"second": {}}) == values
    assert filled_in(values, fields, {"second": {"city": "Oslo"}})["second"] == {"city": "Oslo"}


def test_every_fault_is_told_at_its_item_among_those_that_count() -> None:
    given = {"shares": ["", "1", "x", "y"], "home": "{", "second": {"lines": "["}}
    found = faults({}, SCHEMA, given)
    assert [fault.path for fault in found] == [
        ("shares", 1),
        ("shares", 2),
        ("home",),
        ("second", "lines"),
    ]
    assert found[0].text == text.NOT_A_NUMBER


@pytest.mark.parametrize(
    "given",
    [
        {"to": ["a", 1]},
        {"to": {"0": "a"}},
        {"to": 7},
        {"home": ["Oslo"]},
        {"home": {"country": "x"}},
        {"home": {"city": ["Oslo"]}},
        {"elsewhere": "x"},
        {"meals": [["lunch"]]},
    ],
)
def test_what_no_form_sends_is_refused(given: dict[str, Any]) -> None:
    assert faults({}, SCHEMA, given)[0].text == text.NO_ANSWER


@pytest.mark.parametrize(
    ("schema", "value", "kind", "named"),
    [
        ({"format": "date"}, "2026-01-31", "text", "date"),
        ({"format": "date"}, "tomorrow", "text", ""),
        ({"format": "date-time"}, "2026-01-31T09:30:00+01:00", "text", "date-time"),
        ({"format": "date-time"}, "2026-01-31T09:30", "text", "date-time"),
        ({"format": "date-time"}, "2026-01-31T09:30:00.123456Z", "text", ""),
        ({"format": "email"}, "bob", "text", "email"),
        ({"format": "uri"}, "a\nb", "long", ""),
        ({"format": "textarea"}, "a", "long", ""),
        ({"format": ["date"]}, "a", "text", ""),
        ({"maxLength": 4000}, "a", "long", ""),
    ],
)
def test_a_text_has_an_input_of_its_format_where_that_can_show_it(
    schema: dict[str, Any], value: str, kind: str, named: str
) -> None:
    [field] = fields_of({"x": value}, {"properties": {"x": {"type": "string", **schema}}})
    assert (field.kind, field.format, field.text) == (kind, named, value)


def test_an_emptied_date_is_none_at_all() -> None:
    schema = {"properties": {"x": {"type": "string", "format": "date"}}}
    values = {"x": "2026-01-31"}
    assert filled_in(values, fields_of(values, schema), {"x": ""}) == {}
    assert faults(values, {**schema, "required": ["x"]}, {"x": ""}) == [Fault(text.NEEDED, ("x",))]


def test_a_schema_that_refers_to_itself_all_over_makes_a_small_form() -> None:
    again = {str(n): {"$ref": "#"} for n in range(MOST_PARTS)}
    fields = fields_of({}, {"type": "object", "properties": again})
    assert sum(len(part.parts) for field in fields for part in field.parts) <= MOST_PARTS**3
    wide = {str(n): {"$ref": "#"} for n in range(2000)}
    *shown, rest = fields_of({}, {"type": "object", "properties": wide})
    assert (len(shown), rest.kind) == (MOST_FIELDS, "rest")
    assert {field.kind for field in shown} == {"json"}
