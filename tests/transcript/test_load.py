"""A thread's state, read whole."""

from __future__ import annotations

from chat_app.transcript.fold import load
from chat_app.transcript.message import Failure, Interrupt, ToolCall, ToolStatus, Transcript
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
    assert loaded.failure == Failure("", "RuntimeError('kaboom')")
    assert loaded.interrupts == ()


def test_an_open_call_waits_for_the_person_else_it_is_unanswered():
    assert status(load({"values": ASKED})) is ToolStatus.UNANSWERED
    assert (
        status(load({"values": ASKED, "interrupts": [{"id": "i", "value": 1}]}))
        is ToolStatus.RUNNING
    )


def test_a_state_of_an_unusual_shape_is_read_as_far_as_it_goes():
    odd = {"values": [1, 2], "tasks": "none", "interrupts": [3], "next": None}
    assert load(odd) == Transcript()
    assert (
        load({"values": {"messages": [None, "text", {"type": "remove", "id": "x"}]}})
        == Transcript()
    )
