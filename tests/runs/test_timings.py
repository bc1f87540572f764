from __future__ import annotations

from dataclasses import replace

from chat_app.runs.timings import MOST, Timings
from chat_app.transcript.message import (
    Message,
    Role,
    SubAgent,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)


def said(text: str, id: str = "m") -> Transcript:
    return Transcript((Message(id, Role.ASSISTANT, (Text(text),)),))


def test_a_span_goes_from_the_first_change_to_the_last() -> None:
    clock, before = Timings(), Transcript()
    for at, text in ((5.0, "a"), (6.0, "ab"), (7.5, "abc")):
        clock.see(before, before := said(text), at)
    span = clock.span("m")
    assert span
    assert (span.begun, span.changed, span.seconds) == (5.0, 7.5, 2.5)


def test_what_did_not_change_is_not_touched() -> None:
    clock, view = Timings(), said("a")
    clock.see(Transcript(), view, 1.0)
    clock.see(view, view, 9.0)
    assert clock.span("m") == (1.0, 1.0)


def test_the_past_of_a_joined_run_has_no_beginning() -> None:
    clock = Timings()
    clock.see(Transcript(), early := said("a"), 1.0, replayed=True)
    assert clock.span("m") is None
    clock.see(early, Transcript((*early.messages, *said("b", "n").messages)), 3.0)
    assert clock.span("n") == (3.0, 3.0)


def test_who_joins_does_not_change_when_it_began() -> None:
    clock = Timings()
    clock.see(Transcript(), said("a"), 1.0)
    clock.see(Transcript(), said("a"), 4.0, replayed=True)
    span = clock.span("m")
    assert span
    assert span.begun == 1.0


def test_only_so_many_are_remembered() -> None:
    clock = Timings()
    for number in range(MOST + 10):
        clock.see(Transcript(), said("a", f"m{number}"), float(number))
    assert clock.span("m9") is None
    assert clock.span(f"m{MOST + 9}")


def test_the_time_of_a_call_begins_before_what_its_graph_says() -> None:
    clock, before = Timings(), Transcript()
    call = ToolCall("c", "task", "{}", ToolStatus.RUNNING)
    steps = [call, *(replace(call, agent=SubAgent("t:1", "", said(w))) for w in ("a", "ab"))]
    steps.append(replace(steps[-1], result=ToolResult("ab"), status=ToolStatus.DONE))
    for at, step in enumerate(steps):
        view = Transcript((Message("m", Role.ASSISTANT, (step,)),))
        clock.see(before, before := view, float(at))
    assert clock.span("m") == (0.0, 3.0)
