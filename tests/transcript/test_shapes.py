"""What a graph takes, from schemas as servers make them."""

from __future__ import annotations

import pytest

from chat_app.transcript.shapes import UNKNOWN, shape_of

MESSAGE = {"oneOf": [{"$ref": "#/$defs/AIMessage"}, {"$ref": "#/$defs/HumanMessage"}]}
LISTED = {"type": "array", "items": MESSAGE, "title": "Conversation"}
OPEN = {"additionalProperties": True, "title": "words_input", "type": "object"}
RETURNS = {"type": "object", "properties": {"__end__": {"default": None, "type": "string"}}}
JOB = {
    "type": "object",
    "properties": {
        "question": {"default": None, "title": "Question", "type": "string"},
        "answer": {"default": None, "title": "Answer", "type": "string"},
    },
}


def obj(*required: str, **properties: object) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": list(required)}


def test_messages_are_found_under_whatever_key_holds_a_list_of_them():
    base = {"type": "array", "items": {"$ref": "#/$defs/BaseMessage"}}
    maybe = {"anyOf": [LISTED, {"type": "null"}]}
    spelled = {"type": "array", "items": obj("content", content={}, role={"type": "string"})}
    for listed in (LISTED, base, maybe, spelled):
        shape = shape_of({"input_schema": obj("chat", chat=listed)})
        assert (shape.takes, shape.key) == ("messages", "chat")


def test_the_usual_key_wins_over_another_list_of_messages():
    shape = shape_of({"input_schema": obj(drafts=LISTED, messages=LISTED)})
    assert shape.key == "messages"
    assert shape.schema is None


def test_a_key_called_messages_holds_them_unless_its_schema_says_otherwise():
    assert shape_of({"input_schema": obj(messages={"type": "array"})}).takes == "messages"
    texts = {"type": "array", "items": {"type": "string"}}
    assert shape_of({"input_schema": obj(messages=texts)}).takes == "form"


def test_the_input_may_be_the_list_of_messages_itself():
    shape = shape_of({"input_schema": LISTED, "state_schema": RETURNS})
    assert (shape.takes, shape.key, shape.keeps) == ("messages", "", False)


def test_what_may_go_beside_messages_is_not_required():
    topic, steps = {"type": "string"}, {"type": "integer"}
    schema = obj("messages", "topic", messages=LISTED, topic=topic, remaining_steps=steps)
    shape = shape_of({"input_schema": schema})
    assert shape.schema is not None
    assert shape.schema["properties"] == {"topic": topic}
    assert shape.schema["required"] == []


def test_without_an_input_schema_that_of_the_state_is_the_form():
    shape = shape_of({"input_schema": None, "state_schema": JOB})
    assert (shape.takes, shape.schema, shape.keeps) == ("form", JOB, True)
    other = obj(conversation=LISTED)
    assert shape_of({"input_schema": None, "state_schema": other}).key == "conversation"


def test_an_entrypoint_that_takes_anything_is_given_messages():
    for schema in (OPEN, {"title": "anyin_input"}):
        shape = shape_of({"input_schema": schema, "state_schema": RETURNS})
        assert (shape.takes, shape.key, shape.keeps) == ("messages", "messages", False)
        assert shape.has_outputs
        assert shape.needs_runs


def test_a_string_is_written_as_text_and_one_of_a_few_is_a_form():
    text = {"title": "text_input", "type": "string"}
    assert shape_of({"input_schema": text, "state_schema": RETURNS}).takes == "text"
    few = {"type": "string", "enum": ["a", "b"]}
    assert shape_of({"input_schema": few, "state_schema": RETURNS}).takes == "form"


def test_a_form_may_be_answered_in_messages():
    state = obj(topic={"type": "string"}, chat=LISTED)
    shape = shape_of({"input_schema": obj("topic", topic={}), "state_schema": state})
    assert (shape.takes, shape.key) == ("form", "chat")


def test_a_setting_names_the_key_where_no_schema_does():
    shape = shape_of({"input_schema": obj(turns={"type": "array"})}, key="turns")
    assert (shape.takes, shape.key) == ("messages", "turns")
    assert shape_of({}, key="turns").key == "turns"


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        "text",
        {"input_schema": 3, "state_schema": []},
        {"input_schema": {"$ref": "#/$defs/Loop", "$defs": {"Loop": {"$ref": "#/$defs/Loop"}}}},
        {"input_schema": {"properties": [1], "type": "object"}},
    ],
)
def test_odd_schemas_tell_nothing_and_raise_nothing(odd: object):
    assert shape_of(odd).takes in {"messages", "form"}
    assert shape_of({}) == UNKNOWN
