"""What values lack of their schema, said to a person at the field of a form."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from chat_app import text
from chat_app.transcript.checking import MOST_FAULTS, faults_in, placed
from chat_app.transcript.form_errors import Fault
from chat_app.transcript.forms import fields_of

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["to", "copies"],
    "properties": {
        "to": {"type": "array", "items": {"type": "string", "format": "email"}},
        "copies": {"type": "integer", "minimum": 1},
        "cc": {"anyOf": [{"$ref": "#/$defs/Address"}, {"type": "null"}]},
        "kind": {"enum": ["a", "b"]},
        "more": {"type": "object"},
    },
    "$defs": {
        "Address": {
            "type": "object",
            "required": ["city"],
            "properties": {"city": {"type": "string", "minLength": 2}},
        }
    },
}


def test_each_fault_names_its_value_down_to_an_item_of_a_list() -> None:
    value = {"to": ["a@example.com", "bob"], "copies": 0, "cc": {"city": "X"}, "kind": "c"}
    found = {fault.path: fault.text for fault in faults_in(value, SCHEMA)}
    assert found.keys() == {("to", 1), ("copies",), ("cc", "city"), ("kind",)}
    assert found["to", 1] == text.NOT_OF_FORMAT["email"]
    assert "shorter than 2" in found["cc", "city"]
    assert faults_in({"to": [], "copies": 1, "cc": None}, SCHEMA) == ()


def test_what_is_missing_is_missed_where_it_would_be() -> None:
    found = faults_in({"to": [], "cc": {}}, SCHEMA)
    assert set(found) == {Fault(text.NEEDED, ("copies",)), Fault(text.NEEDED, ("cc", "city"))}


def test_a_fault_stands_at_the_innermost_field_that_there_is() -> None:
    fields = fields_of({"more": {}}, SCHEMA)
    assert placed(Fault("x", ("to", 1)), fields).path == ("to", 1)
    assert placed(Fault("x", ("cc", "city", "deep")), fields).path == ("cc", "city")
    assert placed(Fault("x", ("more", "a", 7)), fields).path == ("more",)
    assert placed(Fault("x", ("bcc", 0)), fields) == Fault("bcc.0: x")
    assert placed(Fault("x"), fields) == Fault("x")


@pytest.mark.parametrize(
    ("named", "good", "bad"),
    [
        ("date", ["2026-01-31"], ["2026-02-30", "tomorrow"]),
        ("date-time", ["2026-01-31T09:30:00Z", "2026-01-31T09:30:00.5+01:00"], ["2026-01-31"]),
        ("date-time", ["2026-01-31T09:30:00"], ["2026-01-31T25:30:00"]),
        ("time", ["09:30:00"], ["9 o'clock"]),
        ("email", ["a@example.com"], ["bob"]),
        ("uri", ["https://example.com/a?b"], ["example"]),
        ("a-format-of-their-own", ["anything"], []),
    ],
)
def test_formats_are_checked(named: str, good: list[str], bad: list[str]) -> None:
    schema = {"type": "string", "format": named}
    assert [faults_in(value, schema) for value in good] == [()] * len(good)
    assert [faults_in(value, schema) for value in bad] == [
        (Fault(text.NOT_OF_FORMAT[named]),) for _ in bad
    ]


def test_there_is_an_end_to_what_is_complained_of() -> None:
    numbers = {"type": "array", "items": {"type": "integer"}}
    assert len(faults_in(["x" * 5000] * 500, numbers)) == MOST_FAULTS
    assert max(len(fault.text) for fault in faults_in(["x" * 5000], numbers)) < 400


def test_a_schema_is_never_fetched_from_anywhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        elsewhere = f"http://127.0.0.1:{listener.getsockname()[1]}/schema"
        assert faults_in("anything", {"$ref": elsewhere}) == ()
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize("broken", [{"type": "bogus"}, {"pattern": "("}, {"$ref": "#/nowhere"}])
def test_a_broken_schema_complains_of_nothing(broken: dict[str, Any]) -> None:
    assert faults_in("anything", broken) == ()


@pytest.mark.parametrize(
    ("schema", "value", "said"),
    [
        ({"type": "integer"}, "x", text.NOT_WHOLE),
        ({"type": ["integer", "null"]}, "x", '"x" is not of types "integer", "null"'),
        ({"minimum": 3}, 1, text.NOT_OF_SCHEMA["minimum"].format(value=1, limit=3)),
        ({"maximum": 0.5}, 1, text.NOT_OF_SCHEMA["maximum"].format(value=1, limit=0.5)),
        (
            {"exclusiveMinimum": 1},
            1,
            text.NOT_OF_SCHEMA["exclusiveMinimum"].format(value=1, limit=1),
        ),
        (
            {"exclusiveMaximum": 1},
            1,
            text.NOT_OF_SCHEMA["exclusiveMaximum"].format(value=1, limit=1),
        ),
        ({"multipleOf": 2}, 1, text.NOT_OF_SCHEMA["multipleOf"].format(value=1, multiple_of=2)),
        ({"minLength": 2}, "x", text.NOT_OF_SCHEMA["minLength"].format(limit=2)),
        ({"maxLength": 0}, "x", text.NOT_OF_SCHEMA["maxLength"].format(limit=0)),
        ({"pattern": "^[{]0"}, "x", text.NOT_OF_SCHEMA["pattern"].format(pattern="^[{]0")),
        ({"enum": ["a", {}]}, "x", text.NOT_A_CHOICE),
        ({"const": {"a": 1}}, "x", text.NOT_OF_SCHEMA["const"].format(expected_value='{"a": 1}')),
        ({"minItems": 1}, [], text.NOT_OF_SCHEMA["minItems"].format(limit=1)),
        ({"maxItems": 1}, [1, 2], text.NOT_OF_SCHEMA["maxItems"].format(limit=1)),
        ({"uniqueItems": True}, [1, 1], text.NOT_OF_SCHEMA["uniqueItems"]),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"{x}": 1, "y": 2},
            text.NOT_OF_SCHEMA["additionalProperties"].format(unexpected="y and {x}"),
        ),
    ],
)
def test_what_a_schema_wants_is_said_in_the_apps_own_words(
    schema: dict[str, Any], value: Any, said: str
) -> None:
    assert [fault.text for fault in faults_in(value, schema)] == [said]
