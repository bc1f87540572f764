"""A thread's state, read whole."""

from __future__ import annotations

import pytest

from chat_app.transcript.load import lacks, load
from chat_app.transcript.message import (
    Failure,
    Interrupt,
    Output,
    ToolCall,
    ToolStatus,
    Transcript,
)
from tests.helpers import events as ev

ASKED = {"messages": [ev.ai(tool_calls=[ev.call()])]}


def status(transcript: Transcript) -> ToolStatus:
    (call,) = transcript.messages[0].parts
    assert isinstance(call, ToolCall)
    return call.status


def test_an_empty_thread_is_an_empty_transcript():
    assert load({"values": {}, "next": [], "tasks": [], "checkpoint": None}) == Transcript()
    assert load({}) == Transcript()


def test_interrupts_of_all_tasks_count_once():
    first, second = {"id": "i1", "value": 1}, {"id": "i2", "value": 2}
    state = {
        "next": ["a", "b"],
        "tasks": [{"interrupts": [first]}, {"interrupts": [second]}],
        "interrupts": [first],
    }
    assert load(state).interrupts == (Interrupt("i1", 1), Interrupt("i2", 2))


def test_interrupts_of_old_servers_have_no_id():
    old = {"value": 1, "resumable": True, "ns": ["a:1"], "when": "during"}
    other = {**old, "value": 2}
    loaded = load({"tasks": [{"interrupts": [old, old, other]}]})
    assert loaded.interrupts == (Interrupt("", 1), Interrupt("", 2))


def test_a_thread_that_stands_before_a_step_and_asks_nothing_is_at_a_breakpoint():
    assert load({"values": ASKED, "next": ["tools"]}).interrupts == (Interrupt("", None),)


def test_a_running_thread_is_at_no_breakpoint():
    loaded = load({"values": ASKED, "next": ["tools"]}, running=True)
    assert loaded.interrupts == ()
    assert loaded.running
    assert status(loaded) is ToolStatus.RUNNING


def test_a_failed_task_is_a_failure_and_no_breakpoint():
    state = {"values": ASKED, "next": ["tools"], "tasks": [{"error": "RuntimeError('kaboom')"}]}
    loaded = load(state)
    assert loaded.failure == Failure("RuntimeError", "kaboom")
    assert loaded.interrupts == ()


@pytest.mark.parametrize(
    ("said", "error", "message"),
    [
        ("KeyError('x')", "KeyError", "x"),
        ("""ValueError("it's \\\\ 'so'\\n")""", "ValueError", "it's \\ 'so'\n"),
        ("APIStatusError('x', 1)", "", "APIStatusError('x', 1)"),
        ("ValueError('\\x')", "", "ValueError('\\x')"),
        ("out of order", "", "out of order"),
        ({"error": "E", "message": "m"}, "E", "m"),
        ({"error": None}, "", ""),
        (7, "", "7"),
    ],
)
def test_a_task_says_why_it_failed_as_an_exception_or_in_any_words(
    said: object, error: str, message: str
):
    assert load({"tasks": [{"error": None}, {"error": said}]}).failure == Failure(error, message)


def test_what_the_thread_says_of_its_last_run_counts_where_the_state_says_nothing():
    error = {"error": "GraphRecursionError", "message": "too far"}
    between = {"values": ASKED, "next": ["tools"], "tasks": [{"name": "tools", "error": None}]}
    loaded = load(between, error=error)
    assert loaded.failure == Failure("GraphRecursionError", "too far")
    assert loaded.interrupts == ()
    assert load(between, error=error, running=True).failure is None
    failed = {**between, "tasks": [{"error": "KeyError('x')"}]}
    assert load(failed, error=error).failure == Failure("KeyError", "x")


@pytest.mark.parametrize(
    "error", [{"error": "UserInterrupt", "message": "m"}, "CancelledError('')"]
)
def test_that_a_run_was_ended_is_no_error_below_an_answer_that_says_so(error: object):
    stopped = ev.ai("Hel", response_metadata={"stopped": True})
    assert load({"values": {"messages": [stopped]}}, error=error).failure is None
    assert load({"values": {"messages": [stopped]}}, error="KeyError('x')").failure
    assert load({"values": {"messages": [ev.ai("Hel")]}}, error=error).failure


HALF = {"failed": {"error": "E", "message": "m"}, "checkpoint_id": "c1"}


def test_an_answer_that_failed_says_so_for_as_long_as_it_stands_last():
    half = ev.ai("Hel", response_metadata=HALF)
    assert load({"values": {"messages": [half]}}).failure == Failure("E", "m", "c1")
    assert load({"values": {"messages": [half]}}, running=True).failure is None
    assert load({"values": {"messages": [half, ev.human("again")]}}).failure is None


def test_what_stands_for_the_result_of_a_call_that_failed_is_none():
    failed = ev.tool("Failed before there was a result.", response_metadata=HALF, status="error")
    state = {"values": {"messages": [*ASKED["messages"], failed]}}
    loaded = load(state)
    assert status(loaded) is ToolStatus.UNANSWERED
    assert not loaded.messages[0].stopped
    assert loaded.failure == Failure("E", "m", "c1")


def test_marks_of_an_unusual_shape_are_none():
    for about in ({"failed": True}, {"failed": "x"}, [], {"failed": None, "checkpoint_id": "c"}):
        assert load({"values": {"messages": [ev.ai(response_metadata=about)]}}).failure is None
    odd = ev.ai(response_metadata={"failed": {"error": 7}, "checkpoint_id": 8})
    assert load({"values": {"messages": [odd]}}).failure == Failure("", "")


def test_while_a_run_goes_calls_before_its_question_stay_as_they_are():
    later = {"values": {"messages": [*ASKED["messages"], ev.human("again")]}}
    assert status(load(later, running=True)) is ToolStatus.UNANSWERED


def test_a_thread_lacks_a_message_that_is_not_among_its_own():
    state = {"values": {"messages": [ev.human("hi", "h1")]}}
    assert not lacks(state, "h1")
    assert lacks(state, "h2")
    assert lacks({"values": None}, "h1")


def test_an_open_call_waits_for_the_person_else_it_is_unanswered():
    assert status(load({"values": ASKED})) is ToolStatus.UNANSWERED
    assert (
        status(load({"values": ASKED, "interrupts": [{"id": "i", "value": 1}]}))
        is ToolStatus.WAITING
    )


def test_a_state_of_an_unusual_shape_is_read_as_far_as_it_goes():
    odd = {"values": [1, 2], "tasks": "none", "interrupts": [3], "next": None}
    assert [message.parts for message in load(odd).messages] == [(Output("", [1, 2]),)]
    assert load({**odd, "values": []}) == Transcript()
    assert (
        load({"values": {"messages": [None, "text", {"type": "remove", "id": "x"}]}})
        == Transcript()
    )
