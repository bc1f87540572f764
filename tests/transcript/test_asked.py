"""Questions and answers as sentences, whichever library asked and wherever it was answered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.asked import (
    LONGEST_QUESTION,
    answered_elsewhere,
    asked_in_words,
)
from chat_app.transcript.load import BREAKPOINT
from chat_app.transcript.message import Interrupt

BATCH = {
    "action_requests": [
        {"name": "send_email", "args": {"to": "ann", "copies": 2}, "description": "To a friend"},
        {"name": "pay", "args": {}},
    ],
    "review_configs": [
        {"action_name": "send_email", "allowed_decisions": ["approve", "edit", "reject"]},
        {"action_name": "pay", "allowed_decisions": ["approve", "respond"]},
    ],
}
LEGACY = [
    {
        "action_request": {"action": "run", "args": {"command": "ls"}},
        "config": {"allow_accept": True, "allow_respond": True},
    }
]
CALL = {"type": "tool_approval", "name": "send_email", "args": {"to": "ann"}}


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("Which size?", ("Which size?",)),
        ({"question": "Which?", "options": ["x", "y"]}, ('Which?\n{"options": ["x", "y"]}',)),
        ({"prompt": "Go?"}, ("Go?",)),
        ([1, 2], ("[1, 2]",)),
        (BATCH, ("Send email?\nTo a friend\nto: ann, copies: 2", "Pay?")),
        (LEGACY, ("Run?\ncommand: ls",)),
        (CALL, ("Send email?\nto: ann",)),
    ],
)
def test_a_question_is_kept_in_words(value: Any, lines: tuple[str, ...]):
    assert asked_in_words(Interrupt("i", value)) == lines


def test_a_breakpoint_says_that_the_agent_paused():
    assert asked_in_words(BREAKPOINT) == ("The agent paused",)


@pytest.mark.parametrize(
    ("value", "resumed", "said"),
    [
        ("Which size?", "large", ("Answered: large",)),
        ("Which size?", {"n": 1}, ('Answered: {"n": 1}',)),
        (
            BATCH,
            {"decisions": [{"type": "reject", "message": "not now"}, {"type": "approve"}]},
            ("Rejected send_email: not now", "Approved pay"),
        ),
        (
            BATCH,
            {
                "decisions": [
                    {"type": "edit", "edited_action": {"name": "send_email", "args": {"to": "b"}}},
                    {"type": "respond", "message": "paid"},
                ]
            },
            ("Approved send_email, “to” and “copies” edited", "Replied instead of pay: paid"),
        ),
        (LEGACY, [{"type": "accept", "args": None}], ("Approved run",)),
        (LEGACY, [{"type": "response", "args": "no need"}], ("Replied instead of run: no need",)),
        (CALL, {"type": "approve"}, ("Approved send_email",)),
        (BATCH, "yes", ("Answered: yes",)),
    ],
)
def test_an_answer_of_another_program_is_read_back(value: Any, resumed: Any, said: tuple[str, ...]):
    decision = answered_elsewhere("d", Interrupt("i", value), resumed)
    assert decision
    assert decision.said == said


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "decisions", "args", "message", "question", "x"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON | st.sampled_from([BATCH, LEGACY, CALL, "x" * 5000]), JSON)
def test_no_question_or_answer_whatever_raises_and_all_is_short(value: Any, resumed: Any):
    for line in asked_in_words(Interrupt("i", value)):
        assert len(line) <= LONGEST_QUESTION + 600
    answered_elsewhere("d", Interrupt("i", value), resumed)
