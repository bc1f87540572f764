"""What a thread's history tells of runs that no tab watched."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.fold import fold, load, start
from chat_app.transcript.history import Resume, agents_in, decisions_in
from chat_app.transcript.message import Decision, SubAgent, Transcript
from tests.helpers import captures
from tests.helpers import events as ev
from tests.helpers.folding import HELLO


def rows(transcript: Transcript) -> list[str]:
    """Agents that have a row by namespace, messages by id."""
    found = []
    for message in transcript.messages:
        alone = [part for part in message.parts if isinstance(part, SubAgent)]
        found += [p.namespace for p in alone if not p.is_pass] if alone else [message.id]
    return found


@pytest.mark.parametrize("name", ["supervisor", "swarm"])
def test_of_a_run_that_no_tab_watched_the_same_rows_stand_as_of_one_that_was(name: str):
    events = [*captures.events(name), ev.end()]
    live = reduce(fold, events, start(Transcript(), pending=HELLO)).transcript
    notes = agents_in(captures.documents(f"{name}_history"))
    loaded = load(captures.document(f"{name}_state"), metadata=notes)
    assert rows(loaded) == rows(live)


def test_a_run_that_is_noted_is_not_read_again():
    history = captures.documents("supervisor_history")
    run_id = history[0]["metadata"]["run_id"]
    assert agents_in(history, known={run_id}) == {}


SIZE, COLOUR = "a" * 32, "b" * 32


def state(number: int, *asked: tuple[str, str], messages: int = 1) -> dict[str, Any]:
    interrupts = [{"id": key, "value": value} for key, value in asked]
    return {
        "values": {"messages": [ev.human(f"m{n}", f"m{n}") for n in range(messages)]},
        "tasks": [{"id": f"t{number}", "name": "order", "interrupts": interrupts}],
        "metadata": {"run_id": f"run{number}"},
        "created_at": f"2026-01-01T00:00:0{number}",
        "checkpoint": {"checkpoint_id": f"c{number}"},
        "parent_checkpoint": {"checkpoint_id": f"c{number - 1}"},
    }


def resume(number: int, value: Any, at: float) -> Resume:
    return Resume(f"r{number}", f"2026-01-01T00:00:0{at}", value)


def decisions(history: list[dict[str, Any]], *resumes: Resume, running: bool = False) -> list[Any]:
    notes = decisions_in(history, resumes, running=running)
    loaded = load(history[0], metadata=notes)
    asides = [(m.id, a) for m in loaded.messages for a in m.asides if isinstance(a, Decision)]
    return [(after, one.asked, one.said) for after, one in asides]


def test_an_answer_of_another_program_stands_with_its_question():
    history = [state(2, messages=3), state(1, (SIZE, "Which size?"), messages=2), state(0)]
    assert decisions(history, resume(1, "large", 1.5)) == [
        ("m1", ("Which size?",), ("Answered: large",))
    ]
    assert decisions(history, resume(1, {SIZE: "large"}, 1.5)) == [
        ("m1", ("Which size?",), ("Answered: large",))
    ]


def test_of_several_questions_in_one_node_the_last_is_known():
    history = [state(2, messages=2), state(1, (SIZE, "Which colour?"))]
    given = resume(1, "large", 1.2), resume(2, "red", 1.4)
    assert decisions(history, *given) == [
        ("m0", (), ("Answered: large",)),
        ("m0", ("Which colour?",), ("Answered: red",)),
    ]


def test_questions_that_are_open_at_once_are_told_apart_by_their_ids():
    history = [state(2, messages=2), state(1, (SIZE, "Which size?"), (COLOUR, "Which colour?"))]
    given = resume(1, {COLOUR: "red"}, 1.2), resume(2, {SIZE: "large"}, 1.4)
    assert decisions(history, *given) == [
        ("m0", ("Which colour?",), ("Answered: red",)),
        ("m0", ("Which size?",), ("Answered: large",)),
    ]
    assert len(decisions(history, resume(1, {SIZE: "large", COLOUR: "red"}, 1.2))) == 2


def test_what_is_still_asked_is_not_answered_unless_a_run_is_under_way():
    history = [state(1, (SIZE, "Which colour?"))]
    given = resume(1, "large", 1.5)
    assert decisions(history, given) == [("m0", (), ("Answered: large",))]
    assert decisions(history, given, running=True) == [
        ("m0", ("Which colour?",), ("Answered: large",))
    ]


def test_another_branch_has_no_part_in_it():
    other = {**state(3, messages=5), "parent_checkpoint": {"checkpoint_id": "gone"}}
    history = [other, state(2, messages=2), state(1, (SIZE, "Which size?"))]
    assert decisions(history, resume(1, "large", 1.5)) == []


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["values", "messages", "tasks", "interrupts", "checkpoint", "checkpoint_ns"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from([*state(1)]), JSON), max_size=4))
def test_no_history_whatever_raises(states: list[dict[str, Any]]):
    agents_in(states)
    decisions_in(states, [resume(1, {"x": 1}, 1), resume(2, {SIZE: 1}, 2)], running=True)
