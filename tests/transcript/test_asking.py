"""What the graph asks, in every dialect; and whatever looks like one of them and is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.state.ask_rows import ask_row
from chat_app.transcript.asking import (
    Action,
    Choice,
    Dialect,
    Form,
    Free,
    Pause,
    Question,
    Review,
    Words,
    question_of,
)
from chat_app.transcript.load import BREAKPOINT
from chat_app.transcript.message import Interrupt

ALL = (Choice.APPROVE, Choice.EDIT, Choice.REJECT, Choice.RESPOND)
ARGS = {"to": "bob", "copies": 3}


def question(value: Any, schema: dict[str, Any] | None = None) -> Question:
    return question_of(Interrupt("0" * 32, value, schema))


def legacy(**allowed: Any) -> dict[str, Any]:
    request = {"action": "send", "args": ARGS}
    return {"action_request": request, "config": allowed, "description": "Look"}


def batch(*allowed: str, **more: Any) -> dict[str, Any]:
    return {
        "action_requests": [{"name": "send", "args": ARGS, **more}],
        "review_configs": [{"action_name": "send", "allowed_decisions": list(allowed)}],
    }


def test_a_human_interrupt_allows_what_its_config_says_alone_or_in_a_list() -> None:
    asked = legacy(allow_accept=True, allow_ignore=True, allow_edit=False)
    action = Action("send", ARGS, (Choice.APPROVE, Choice.IGNORE), "Look")
    assert question([asked]) == Review(Dialect.LEGACY, (action,))
    assert question([asked, asked]) == Review(Dialect.LEGACY, (action, action))
    assert question(asked) == Review(Dialect.LEGACY_ALONE, (action,))


def test_the_middleware_asks_about_several_actions_each_with_its_own_config() -> None:
    asked = {
        "action_requests": [{"name": "b", "args": {}}, {"name": "a", "args": ARGS}],
        "review_configs": [
            {"action_name": "a", "allowed_decisions": ["reject", "approve"], "args_schema": {}},
            {"action_name": "b", "allowed_decisions": ["edit", "unheard of"]},
        ],
    }
    assert question(asked) == Review(
        Dialect.BATCH,
        (
            Action("b", {}, (Choice.EDIT,)),
            Action("a", ARGS, (Choice.APPROVE, Choice.REJECT), schema={}),
        ),
    )


def test_the_middleware_for_javascript_asks_in_camel_case() -> None:
    schema = {"type": "object"}
    config = {"actionName": "send", "allowedDecisions": ["approve"], "argsSchema": schema}
    asked = {"actionRequests": [{"name": "send", "args": ARGS}], "reviewConfigs": [config]}
    action = Action("send", ARGS, (Choice.APPROVE,), schema=schema)
    assert question(asked) == Review(Dialect.BATCH_CAMEL, (action,))


def test_the_first_alphas_say_arguments_and_describe_the_action_in_its_config() -> None:
    config = {"action_name": "send", "allowed_decisions": ["edit"], "description": "Look"}
    asked = {"action_requests": [{"name": "send", "arguments": ARGS}], "review_configs": [config]}
    action = Action("send", ARGS, (Choice.EDIT,), "Look")
    assert question(asked) == Review(Dialect.BATCH_ALPHA, (action,))


def test_a_call_is_approved_by_itself_as_its_schema_allows() -> None:
    args = {"type": "object", "properties": {"to": {"type": "string"}}}
    asked = {"type": "tool_approval", "tool_call_id": "c", "name": "send", "args": ARGS}
    decisions = [_decision("reject"), _decision("edit", edited_action=_object(args=args))]
    [edit] = question(asked, {"oneOf": decisions}).actions  # type: ignore[union-attr]
    assert edit == Action("send", ARGS, (Choice.EDIT, Choice.REJECT), schema=args)


def test_a_schema_of_one_decision_and_references_in_it_are_understood() -> None:
    asked = {"type": "tool_approval", "name": "send", "args": ARGS}
    inner = {"type": "object", "properties": {"to": {"type": "string"}}}
    edit = _decision("edit", edited_action={"$ref": "#/$defs/Action"})
    defs = {"Action": _object(args={"$ref": "#/$defs/Args"}), "Args": inner}
    [action] = question(asked, {"$defs": defs, **edit}).actions  # type: ignore[union-attr]
    assert (action.allowed, action.schema) == ((Choice.EDIT,), {**inner, "$defs": defs})


def test_a_call_read_from_a_state_which_has_no_schema_allows_all_four() -> None:
    asked = {"type": "tool_approval", "name": "send", "args": {}}
    assert question(asked) == Review(Dialect.CALL, (Action("send", {}, ALL),))


def test_a_description_says_nothing_that_the_card_shows_anyway() -> None:
    made = "Tool execution requires approval\n\nTool: send\nArgs: {'to': 'bob'}"
    own = "This one is **dear**.\n\nTool: send\nArgs: {'to': 'bob'}"
    described = [
        question(batch("approve", description=text)).actions[0].description  # type: ignore[union-attr]
        for text in (made, own, "Just this.")
    ]
    assert described == ["", "This one is **dear**.", "Just this."]


def test_a_static_breakpoint_asks_nothing() -> None:
    assert question_of(BREAKPOINT) == Pause()
    assert question(None) == Free(None)


def test_text_is_a_question_and_what_has_a_schema_is_a_form() -> None:
    schema = {"type": "object", "properties": {"age": {"type": "integer"}}}
    assert question("Your name?") == Words("Your name?")
    assert question("Your name?", {"type": "string"}) == Words("Your name?")
    assert question("How old?", {"type": "integer"}) == Form("How old?", {"type": "integer"})
    assert question({"q": 1}, schema) == Form({"q": 1}, schema)
    assert question(" ") == Free(" ")


MALFORMED = [
    [],
    [legacy(allow_accept=True), "and a text"],
    [legacy()],
    legacy(allow_accept="yes"),
    {"action_request": {"action": "send", "args": "none"}, "config": {"allow_accept": True}},
    {"action_request": {"action": "send", "args": {}}},
    {"action_requests": [], "review_configs": []},
    {"action_requests": [{"name": "send", "args": {}}], "review_configs": []},
    {"action_requests": "none", "review_configs": 7},
    {"action_requests": [{"name": "x", "args": {}}], "review_configs": [{"action_name": ["x"]}]},
    batch(),
    batch("unheard of"),
    batch("approve", args=[1]),
    batch("approve", name=["send"]),
    {"type": "tool_approval", "name": "send"},
    {"type": "tool_approval", "name": 3, "args": {}},
]


@pytest.mark.parametrize("value", MALFORMED)
def test_a_value_that_is_not_quite_of_its_shape_can_be_answered_all_the_same(value: Any) -> None:
    assert question(value) == Free(value)


_KEYS = st.sampled_from(
    [
        *("action_request", "action", "args", "config", "allow_accept", "type", "name"),
        *("action_requests", "review_configs", "action_name", "allowed_decisions"),
        *("properties", "oneOf", "$ref", "$defs", "enum", "const", "required"),
    ]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS | st.text(), inner),
    max_leaves=12,
)


@given(_VALUES, st.none() | st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_nothing_that_is_json_breaks_the_card(value: Any, schema: dict[str, Any] | None) -> None:
    row = ask_row(Interrupt("i", value, schema))
    assert row.question in {"review", "words", "form", "free", "pause"}


def test_a_value_too_deep_to_be_drawn_is_text() -> None:
    deep: list[Any] = []
    for _ in range(400):
        deep = [deep]
    free = ask_row(Interrupt("i", deep))
    review = ask_row(Interrupt("j", batch("edit", args={"a": deep})))
    assert free.card["raw"].startswith("[[[")
    assert review.card["actions"][0]["fields"][0]["kind"] == "json"


def _decision(kind: str, **more: Any) -> dict[str, Any]:
    return _object(type={"const": kind}, **more)


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}
