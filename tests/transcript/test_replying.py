"""What the composer does while a question is open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from chat_app import text
from chat_app.transcript.deciding import answer_to
from chat_app.transcript.load import BREAKPOINT
from chat_app.transcript.message import Interrupt
from chat_app.transcript.replying import LONGEST_LABEL, label_of, options_in, reply_to
from tests.helpers.asking_graphs import QUESTIONS
from tests.helpers.values import VALUES


def ask(value: Any, schema: Any = None) -> Interrupt:
    return Interrupt("0" * 32, value, schema)


def approval(*allowed: str, count: int = 1) -> Interrupt:
    requests = [{"name": "send_email", "args": {}}] * count
    configs = [{"action_name": "send_email", "allowed_decisions": [*allowed]}]
    return ask({"action_requests": requests, "review_configs": configs})


@pytest.mark.parametrize(
    ("asked", "how", "label"),
    [
        (ask("Which city shall it be?"), "answer", "Which city shall it be?"),
        (ask({"question": "Which one?", "seats": 3}), "answer", "Which one?"),
        (ask({"seats": 3}), "answer", '{"seats": 3}'),
        (ask([]), "answer", ""),
        (ask("Which?", {"enum": ["red", "green"]}), "choose", "Which?"),
        (ask({"question": "Sure?"}, {"type": "boolean"}), "choose", "Sure?"),
        (ask("Who?", {"type": "object", "properties": {"name": {}}}), "", "Who?"),
        (approval("approve", "reject", "respond"), "respond", "Send email?"),
        (approval("approve", "reject"), "reject", "Send email?"),
        (approval("approve", "edit"), "", "Send email?"),
        (approval("approve", "respond", count=2), "", "Send email?"),
        (ask(QUESTIONS["legacy"]), "respond", "Send email?"),
        (BREAKPOINT, "", text.AGENT_PAUSED),
    ],
)
def test_enter_does_what_the_question_takes(asked: Interrupt, how: str, label: str):
    reply = reply_to(asked)
    assert (reply.how, reply.label) == (how, label)


@pytest.mark.parametrize(
    ("value", "options"),
    [
        ({"options": ["red", "green"]}, (('"red"', "red"), ('"green"', "green"))),
        ({"choices": [1, 2.5]}, (("1", "1"), ("2.5", "2.5"))),
        ({"enum": [True, None]}, (("true", "true"), ("null", "null"))),
        ({"options": [{"label": "Red", "value": "r"}]}, (('"r"', "Red"),)),
        ({"options": [{"title": "Red", "id": 7}]}, (("7", "Red"),)),
        ({"options": [{"label": "Red"}]}, (('{"label": "Red"}', "Red"),)),
        ({"options": "red"}, ()),
        ({"options": []}, ()),
        ({"options": ["red", "red"]}, ()),
        ({"options": ["", "red"]}, ()),
        ({"options": ["x" * 201]}, ()),
        ({"options": [*range(51)]}, ()),
        (["red", "green"], ()),
    ],
)
def test_options_are_offered_where_they_are_a_plain_list(value: Any, options: Any):
    assert options_in(value) == options


@pytest.mark.parametrize(("key", "values"), [("options", [1, "2", None, {"a": [2]}])])
def test_an_option_is_the_answer_exactly_as_it_was_offered(key: str, values: list[Any]):
    asked = ask({"question": "Which?", key: values})
    given = [{"text": written} for written, _ in reply_to(asked).options]
    assert [answer_to(asked, one).value for one in given] == values


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("**Which** city, `Oslo` or [Rome](https://a.b)?", "Which city, Oslo or Rome?"),
        ("# Pick\n\none", "Pick one"),
        ("snake_case stays", "snake_case stays"),
        (
            f"{'I found flights. ' * 9}Which one shall I book? Take your time.",
            "Which one shall I book?",
        ),
        (f"{'וגם. ' * 30}איזו עיר?", "איזו עיר?"),
        ("x" * 200, "x" * (LONGEST_LABEL - 1) + "…"),
    ],
)
def test_a_long_question_is_named_by_the_sentence_that_asks(question: str, label: str):
    assert label_of(question) == label


@given(VALUES)
def test_any_question_has_a_reply_and_a_short_label(value: Any):
    reply = reply_to(ask(value))
    assert len(reply.label) <= LONGEST_LABEL
    assert "\n" not in reply.label
