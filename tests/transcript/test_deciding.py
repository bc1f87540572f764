"""From what a person filled in to what the graph expects, in its own dialect."""

from __future__ import annotations

from typing import Any

import pytest

from chat_app.transcript.deciding import LONGEST, Answer, NotAnAnswerError, answer_to, command_of
from chat_app.transcript.load import BREAKPOINT
from chat_app.transcript.message import Interrupt

ID = "0123456789abcdef" * 2
ARGS = {"to": "bob", "copies": 3, "urgent": False, "cc": None}
SCHEMA = {
    "type": "object",
    "properties": {"to": {"type": "string"}, "copies": {"type": "integer", "maximum": 5}},
}
APPROVE, EDIT = {"type": "approve"}, {"type": "edit", "fields": {"to": "eve", "copies": "4"}}
REJECT, IGNORE = {"type": "reject", "message": " too\nearly "}, {"type": "ignore"}
RESPOND = {"type": "respond", "message": "I wrote it myself."}
EDITED = {**ARGS, "to": "eve", "copies": 4}


def decide(value: Any, *decisions: Any, schema: Any = None) -> Answer:
    return answer_to(Interrupt(ID, value, schema), {"decisions": list(decisions)})


def legacy(*allowed: str) -> dict[str, Any]:
    config = {f"allow_{choice}": True for choice in allowed}
    return {"action_request": {"action": "send", "args": ARGS}, "config": config}


def batch(*allowed: str, **more: Any) -> dict[str, Any]:
    config = {"action_name": "send", "allowed_decisions": list(allowed), **more}
    return {"action_requests": [{"name": "send", "args": ARGS}], "review_configs": [config]}


ALL = ("approve", "edit", "reject", "respond")


@pytest.mark.parametrize(
    ("given", "expected", "said"),
    [
        (APPROVE, {"type": "accept", "args": {"action": "send", "args": ARGS}}, "Approved send"),
        (
            EDIT,
            {"type": "edit", "args": {"action": "send", "args": EDITED}},
            "Approved send, “to” and “copies” edited",
        ),
        (
            RESPOND,
            {"type": "response", "args": "I wrote it myself."},
            "Replied instead of send: I wrote it myself.",
        ),
        (IGNORE, {"type": "ignore", "args": None}, "Ignored send"),
    ],
)
def test_a_human_interrupt_is_answered_in_the_shape_it_came_in(
    given: dict[str, Any], expected: dict[str, Any], said: str
) -> None:
    asked = legacy("accept", "edit", "respond", "ignore")
    assert decide([asked], given) == Answer([expected], (said,))
    assert decide(asked, given) == Answer(expected, (said,))


@pytest.mark.parametrize(
    ("given", "expected", "said"),
    [
        (APPROVE, {"type": "approve"}, "Approved send"),
        (
            EDIT,
            {"type": "edit", "edited_action": {"name": "send", "args": EDITED}},
            "Approved send, “to” and “copies” edited",
        ),
        (REJECT, {"type": "reject", "message": "too\nearly"}, "Rejected send: too early"),
        ({"type": "reject"}, {"type": "reject"}, "Rejected send"),
        (
            RESPOND,
            {"type": "respond", "message": "I wrote it myself."},
            "Replied instead of send: I wrote it myself.",
        ),
    ],
)
def test_the_middleware_gets_one_decision_for_each_action(
    given: dict[str, Any], expected: dict[str, Any], said: str
) -> None:
    assert decide(batch(*ALL), given) == Answer({"decisions": [expected]}, (said,))
    call = {"type": "tool_approval", "name": "send", "args": ARGS}
    assert decide(call, given) == Answer(expected, (said,))


def test_several_actions_are_decided_in_their_order() -> None:
    asked = batch(*ALL)
    asked["action_requests"].append({"name": "delete", "args": {}})
    asked["review_configs"].append({"action_name": "delete", "allowed_decisions": ["reject"]})
    answer = decide(asked, APPROVE, {"type": "reject"})
    assert answer.value == {"decisions": [{"type": "approve"}, {"type": "reject"}]}
    assert answer.said == ("Approved send", "Rejected delete")
    for wrong in ([APPROVE], [APPROVE] * 2, [APPROVE, REJECT, REJECT], ["approve", REJECT]):
        with pytest.raises(NotAnAnswerError):
            decide(asked, *wrong)


def test_each_dialect_has_its_own_word_for_what_was_edited() -> None:
    config = {"actionName": "send", "allowedDecisions": ["edit"]}
    camel = {"actionRequests": [{"name": "send", "args": ARGS}], "reviewConfigs": [config]}
    [decision] = decide(camel, EDIT).value["decisions"]
    assert decision == {"type": "edit", "editedAction": {"name": "send", "args": EDITED}}
    alpha = batch("edit")
    alpha["action_requests"] = [{"name": "send", "arguments": ARGS}]
    [decision] = decide(alpha, EDIT).value["decisions"]
    assert decision["edited_action"] == {"name": "send", "arguments": EDITED}


def test_to_edit_nothing_is_to_approve_unless_that_is_not_allowed() -> None:
    unchanged = {"type": "edit", "fields": {"to": "bob", "copies": "3"}}
    assert decide(batch("approve", "edit"), unchanged).value == {"decisions": [APPROVE]}
    [decision] = decide(batch("edit"), unchanged).value["decisions"]
    assert decision["edited_action"]["args"] == ARGS


def test_edited_arguments_are_checked_against_the_schema() -> None:
    asked = batch("edit", args_schema=SCHEMA)
    with pytest.raises(NotAnAnswerError, match="copies: 6"):
        decide(asked, {"type": "edit", "fields": {"copies": "6"}})
    with pytest.raises(NotAnAnswerError, match="whole number"):
        decide(asked, {"type": "edit", "fields": {"copies": "4.5"}})
    answer = decide(asked, {"type": "edit", "fields": {"copies": "5"}})
    assert answer.value["decisions"][0]["edited_action"]["args"]["copies"] == 5


def test_a_decision_about_one_call_is_checked_against_the_schema_of_decisions() -> None:
    call = {"type": "tool_approval", "name": "send", "args": ARGS}
    message = {"type": "string", "maxLength": 3}
    branch = {"properties": {"type": {"const": "reject"}, "message": message}}
    assert decide(call, {"type": "reject", "message": "no"}, schema=branch).said
    with pytest.raises(NotAnAnswerError, match="message"):
        decide(call, REJECT, schema=branch)


@pytest.mark.parametrize(
    "given",
    [
        {"type": "ignore"},
        {"type": "respond"},
        {"type": "respond", "message": "  "},
        {"type": "respond", "message": 7},
        {"type": "respond", "message": "x" * (LONGEST + 1)},
        {"type": "edit", "fields": {"bcc": "x"}},
        {"type": "edit", "fields": {"copies": 4}},
        {"type": "edit", "fields": ["copies"]},
        {"type": ["approve"]},
        {},
        None,
    ],
)
def test_what_is_not_allowed_or_makes_no_sense_is_refused(given: Any) -> None:
    with pytest.raises(NotAnAnswerError):
        decide(batch(*ALL), given)


@pytest.mark.parametrize("given", [None, [], "yes", {}, {"text": " "}, {"text": 7}, {"fields": {}}])
def test_a_question_in_words_wants_words(given: Any) -> None:
    with pytest.raises(NotAnAnswerError):
        answer_to(Interrupt(ID, "Your name?"), given)
    answer = answer_to(Interrupt(ID, "Your name?"), {"text": " 7 \n"})
    assert answer == Answer("7", ("Answered: 7",))


def test_any_other_value_takes_json_or_text() -> None:
    asked = Interrupt(ID, {"q": 1})
    answers = [answer_to(asked, {"text": text}) for text in ('{"a": [1.0]}', "7", "well, yes")]
    assert [answer.value for answer in answers] == [{"a": [1.0]}, 7, "well, yes"]
    assert answers[0].said == ('Answered: {"a": [1.0]}',)


def test_a_form_gives_what_its_schema_wants() -> None:
    asked = Interrupt(ID, "Who?", {**SCHEMA, "required": ["to", "copies"]})
    filled = answer_to(asked, {"fields": {"to": "7", "copies": "2"}})
    assert filled.value == {"to": "7", "copies": 2}
    for fields in ({"to": "bob"}, {"to": "bob", "copies": "6"}, {"to": "bob", "copies": ""}):
        with pytest.raises(NotAnAnswerError):
            answer_to(asked, {"fields": fields})
    alone = Interrupt(ID, "How many?", {"type": "integer"})
    assert answer_to(alone, {"fields": {"": "3"}}).value == 3
    with pytest.raises(NotAnAnswerError):
        answer_to(alone, {"fields": {}})


@pytest.mark.parametrize("properties", [[1], {}, "all", None])
def test_a_form_that_names_no_fields_is_one_field(properties: Any) -> None:
    asked = Interrupt("", "Which?", {"type": "object", "properties": properties})
    assert answer_to(asked, {"fields": {"": '{"a": 1}'}}).value == {"a": 1}


def test_an_answer_goes_by_id_where_the_server_knows_it_as_one() -> None:
    answer = Answer("yes", ())
    assert command_of(Interrupt(ID, "?"), answer) == {"resume": {ID: "yes"}}
    assert command_of(Interrupt("", "?"), answer) == {"resume": "yes"}
    assert command_of(Interrupt("an old id", "?"), answer) == {"resume": "yes"}
    assert command_of(BREAKPOINT, answer_to(BREAKPOINT, {})) is None


def test_what_is_kept_of_an_answer_is_short_and_on_one_line() -> None:
    [said] = answer_to(Interrupt(ID, "?"), {"text": "line\n" * 1000}).said
    assert "\n" not in said
    assert len(said) < 600
    names = {f"argument_{n}": n for n in range(9)}
    asked = batch("edit")
    asked["action_requests"][0]["args"] = names
    [said] = decide(asked, {"type": "edit", "fields": dict.fromkeys(names, "99")}).said
    assert said == "Approved send, “argument_0”, “argument_1” and 7 more edited"


def test_an_action_without_arguments_is_edited_only_where_something_was_given() -> None:
    schema = {
        "type": "object",
        "required": ["tags", "home"],
        "properties": {
            "to": {"type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "home": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
    asked = batch("approve", "edit", args_schema=schema)
    asked["action_requests"][0]["args"] = {}
    nothing, something = (
        decide(asked, {"type": "edit", "fields": fields}) for fields in ({}, {"to": "bob"})
    )
    assert nothing.value == {"decisions": [{"type": "approve"}]}
    [decision] = something.value["decisions"]
    assert decision["edited_action"]["args"] == {"to": "bob", "tags": [], "home": {}}
