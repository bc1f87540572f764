"""The line that the steps of a finished turn fold to: when there is one, and what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given

from chat_app import text
from chat_app.runs.timings import Timings
from chat_app.state import tool_row
from chat_app.state.painter import Painter
from chat_app.state.rows import EventRow, StepsRow, ToolRow
from chat_app.transcript.message import (
    CustomEvent,
    Decision,
    Failure,
    InnerCall,
    Interrupt,
    Reasoning,
    SubAgent,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)
from tests.helpers.painting import answer, asks, from_scratch, human, running, steps, thinks

if TYPE_CHECKING:
    from chat_app.state.rows import Row
    from chat_app.transcript.message import Message

STEP_KINDS = {"tool", "handoff", "reasoning", "agent", "inner"}


def call(id: str, status: ToolStatus = ToolStatus.DONE, content: str = "sunny") -> ToolCall:
    answered = status in {ToolStatus.DONE, ToolStatus.ERROR}
    result = ToolResult(content, error=status is ToolStatus.ERROR) if answered else None
    return ToolCall(id, "lookup", "{}", status, result)


def rows_of(transcript: Transcript, clock: Timings | None = None, **options: Any) -> list[Row]:
    return Painter(clock or Timings(), **options).paint(transcript).rows


def lines(transcript: Transcript, clock: Timings | None = None) -> list[str]:
    return [row.sentence for row in rows_of(transcript, clock) if isinstance(row, StepsRow)]


WORKED = answer(Reasoning("Hm"), call("a"), call("b"))
SAID = answer(Text("Yes."), id="a2")


def test_the_steps_of_a_finished_turn_are_counted() -> None:
    assert lines(Transcript((human("?"), WORKED, SAID))) == ["3 steps"]
    kinds = [row.kind for row in rows_of(Transcript((human("?"), WORKED, SAID)))]
    assert kinds[-2:] == ["steps", "end"]
    twice = (human("1"), WORKED, SAID, human("2"), WORKED)
    assert lines(Transcript(twice)) == ["3 steps", "3 steps"]


@pytest.mark.parametrize(
    "transcript",
    [
        running(human("?"), WORKED),
        Transcript((human("?"), WORKED), interrupts=(Interrupt("i", "?"),)),
        Transcript((human("?"), answer(call("a")), SAID)),
        Transcript((human("?"), SAID)),
    ],
    ids=["running", "asking", "one step", "none"],
)
def test_steps_at_work_waiting_or_alone_do_not_fold(transcript: Transcript) -> None:
    assert lines(transcript) == []


@pytest.mark.parametrize(
    "transcript",
    [
        Transcript((human("?"), replace(WORKED, stopped=True))),
        Transcript((human("?"), WORKED), failure=Failure("E", "m")),
        running(human("?"), WORKED, human("and?")),
    ],
    ids=["stopped", "failed", "followed by a message"],
)
def test_the_steps_of_a_turn_fold_however_it_ended(transcript: Transcript) -> None:
    assert lines(transcript) == ["3 steps"]


def test_failed_steps_are_said() -> None:
    failed = answer(call("a"), call("b", ToolStatus.ERROR), call("c", ToolStatus.UNANSWERED))
    assert lines(Transcript((human("?"), failed))) == ["3 steps, 1 failed"]


def test_what_graphs_do_inside_counts_and_what_they_only_report_does_not() -> None:
    asked = replace(human("?"), asides=(InnerCall("i", "router", "left"),))
    inside = answer(SubAgent("n", "bo"), SubAgent("m", "supervisor", is_pass=True))
    assert lines(Transcript((asked, inside))) == ["2 steps"]
    reported = replace(answer(call("a")), asides=(CustomEvent("progress", {"n": 1}),))
    assert lines(Transcript((human("?"), reported))) == [], "a reload would not have the event"


def test_results_made_for_people_are_no_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool_row, "_drawn", {})
    tool_row.draw_results("lookup", requires=("city",))
    drawn = call("c", content='{"city": "Rome"}')
    others = (call("d", content='{"city": null}'), call("e", ToolStatus.ERROR, '{"city": "Rome"}'))
    image = {"type": "image_url", "image_url": {"url": "https://pictures.test/a.png"}}
    seen = ToolCall("f", "draw", "{}", ToolStatus.DONE, ToolResult("", blocks=(image,)))
    transcript = Transcript((human("?"), answer(drawn, *others, seen, call("g"))))
    stays = [row.stays for row in rows_of(transcript) if isinstance(row, ToolRow)]
    assert stays == [True, False, False, True, False]
    assert lines(transcript) == ["3 steps, 1 failed"]


@given(steps)
@example([(thinks, ""), (asks, ""), (thinks, ""), (thinks, "")])
def test_the_line_counts_the_rows_that_fold(steps: list) -> None:
    now = Transcript(running=True)
    for step, words in steps:
        # A message without words has no row to tell where its turn begins.
        now = step(now, f"?{words}" if step is asks else words)
    turn: list[Row] = []
    for row in from_scratch(replace(now, running=False, interrupts=()))[0]:
        if row.kind == "human":
            turn = []
        elif isinstance(row, StepsRow):
            count = sum(r.kind in STEP_KINDS and not getattr(r, "stays", False) for r in turn)
            assert row.sentence.startswith(f"{count} step")
        else:
            turn.append(row)


def test_where_steps_are_never_shown_nothing_folds() -> None:
    rows = rows_of(Transcript((human("?"), WORKED, SAID)), steps=False)
    assert [row.kind for row in rows] == ["human", "text", "end"]
    inside = rows_of(Transcript((human("?"), WORKED, SAID)), under="tools:1/")
    assert "steps" not in {row.kind for row in inside}


def seen(clock: Timings, *views: tuple[float, tuple[Message, ...]]) -> Transcript:
    before = Transcript()
    for at, messages in views:
        clock.see(before, now := Transcript(messages), at)
        before = now
    return before


def test_the_time_is_from_the_question_to_the_last_word() -> None:
    clock, asked = Timings(), human("?")
    views = (10.0, (asked,)), (12.0, (asked, WORKED)), (27.0, (asked, WORKED, SAID))
    assert lines(seen(clock, *views), clock) == ["Worked for 17 s, 3 steps"]
    assert lines(seen(Timings(), *views), Timings()) == ["3 steps"], "another process watched"


def test_the_time_in_which_a_person_decides_is_not_the_agents() -> None:
    clock, asked = Timings(), human("?")
    now = seen(clock, (10.0, (asked,)), (12.0, (asked, WORKED)))
    clock.mark("d1", 100.0)
    decided = replace(WORKED, asides=(Decision("d1", ("yes",)),))
    clock.see(now, now := Transcript((asked, decided, SAID)), 103.0)
    assert lines(now, clock) == ["Worked for 5.0 s, 3 steps"]
    elsewhere = replace(WORKED, asides=(Decision("d2", ("yes",)),))
    assert lines(Transcript((asked, elsewhere, SAID)), clock) == ["3 steps"]


def test_the_line_is_in_words() -> None:
    assert text.steps(1) == "1 step"
    assert text.steps(9, took="17 s") == "Worked for 17 s, 9 steps"
    assert text.steps(9, failed=1, took="17 s") == "Worked for 17 s, 9 steps, 1 failed"


def test_an_event_that_a_renderer_draws_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat_app.state.aside_rows._alone", {"visit"})
    events = (CustomEvent("visit", {"n": 1}), CustomEvent("progress", {"n": 1}))
    rows = rows_of(Transcript((human("?"), replace(WORKED, asides=events))))
    assert [row.stays for row in rows if isinstance(row, EventRow)] == [True, False]
