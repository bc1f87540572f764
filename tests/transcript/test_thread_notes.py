"""What stands in a thread's metadata beside what this app wrote there."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.message import Decision, Message, Role, SubAgent
from chat_app.transcript.thread_notes import (
    AGENT,
    DECISION,
    LONGEST_LINE,
    MOST_LINES,
    RUN,
    note_of,
    note_of_run,
    noted,
)

HELLO = (Message("h", Role.HUMAN),)


def test_a_decision_noted_by_another_program_is_shown_at_no_more_than_a_readable_length() -> None:
    note = {"after": "h", "said": ["x" * 100_000, 7, *("y" for _ in range(10_000))]}
    [message] = noted(HELLO, {f"{DECISION}1": note})
    [decision] = message.asides
    assert isinstance(decision, Decision)
    assert decision.said == ("x" * LONGEST_LINE, *("y" for _ in range(MOST_LINES - 1)))


def test_questions_and_answers_keep_their_order_whatever_that_of_the_keys() -> None:
    first, second = Decision("1", ("Answered: large",), ("Size?",)), Decision("2", ("red",))
    notes = {**note_of(second, HELLO), **note_of(first, HELLO)}
    [message] = noted(HELLO, notes)
    assert list(message.asides) == [first, second]


def test_a_decision_below_a_row_that_is_gone_stands_below_the_last_message_before_it() -> None:
    later = Message("a", Role.ASSISTANT)
    alone = Message("subgraph|child:1", Role.ASSISTANT, (SubAgent("child:1", "child"),))
    decision = Decision("1", ("yes",))
    note = note_of(decision, (*HELLO, alone))
    assert [list(m.asides) for m in noted((*HELLO, later), note)] == [[decision], []]
    with_row = {**note, **note_of_run("r", (*HELLO, alone))}
    shown = noted((*HELLO, later), with_row)
    assert [(m.id, list(m.asides)) for m in shown] == [
        ("h", []),
        ("subgraph|child:1", [decision]),
        ("a", []),
    ]


RUNS = st.dictionaries(
    st.sampled_from(["agents", "ui", "x"]),
    st.lists(
        st.dictionaries(st.sampled_from(["namespace", "name", "after"]), st.text() | st.none())
    )
    | st.dictionaries(st.text(), st.text() | st.integers())
    | st.none(),
)


@given(st.dictionaries(st.sampled_from([f"{RUN}1", f"{AGENT}1", f"{DECISION}1"]), RUNS | st.none()))
def test_whatever_stands_in_the_metadata_no_message_is_lost(metadata: dict[str, Any]) -> None:
    assert [m.id for m in noted(HELLO, metadata) if not m.id.startswith("subgraph|")] == ["h"]
