"""What stands below an answer, and how long its parts took."""

from __future__ import annotations

from dataclasses import replace

from chat_app.runs.timings import Timings
from chat_app.state.painter import Painter
from chat_app.state.rows import EndRow, ReasoningRow, ToolRow
from chat_app.transcript.fold_state import start
from chat_app.transcript.message import (
    Decision,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
    Usage,
)
from tests.helpers.painting import answer, human, running
from tests.helpers.row_words import words_of


def test_the_line_below_an_answer_says_when_what_and_how_fast() -> None:
    clock = Timings()
    asked = replace(human("?"), id="019aa000-0000-7000-8000-000000000000")
    thread = running(asked)
    clock.see(Transcript(), thread, 100.0)
    first = replace(answer(Text("a")), id="run--019aa000-1000-7000-8000-000000000000")
    clock.see(thread, writing := running(asked, first), 100.8)
    usage = Usage(input=1200, output=90)
    last = replace(first, parts=(Text("a b"),), usage=usage, model="m-1")
    clock.see(writing, running(asked, last), 102.8)
    row = Painter(clock).paint(Transcript((asked, last))).rows[-1]
    assert isinstance(row, EndRow)
    assert row.usage == "1,200 tokens in, 90 out · first token after 0.8 s · 45 tokens/s"
    assert (row.at, row.model) == (0x019AA0001000, "m-1")


def test_the_time_in_which_a_person_decided_is_no_wait_for_the_first_token() -> None:
    clock, asked = Timings(), human("?")
    clock.see(Transcript(), Transcript((asked,)), 100.0)
    for at, decision in ((160.0, "d1"), (220.0, "d2")):
        clock.mark(decision, at)
    decisions = (Decision("d1", ("large",)), Decision("d2", ("red",)))
    decided = replace(asked, asides=decisions)
    first = answer(Text("Ordered."))
    clock.see(Transcript((decided,)), Transcript((decided, first)), 221.5)
    rows = Painter(clock).paint(Transcript((decided, first))).rows
    assert words_of(rows[-1]) == "first token after 1.5 s"
    elsewhere = replace(asked, asides=(Decision("not watched", ("red",)),))
    rows = Painter(clock).paint(Transcript((elsewhere, first))).rows
    assert words_of(rows[-1]) == ""


def test_a_call_that_a_person_approved_took_no_longer_than_it_ran() -> None:
    clock = Timings()
    call = ToolCall("c", "send", "{}", ToolStatus.WAITING)
    asked = Transcript((human("?"), answer(call)))
    clock.see(Transcript(), asked, 1.0)
    clock.see(asked, going := start(asked).transcript, 61.0)
    done = replace(call, status=ToolStatus.DONE, result=ToolResult("sent"))
    clock.see(going, now := Transcript((human("?"), answer(done))), 63.0)
    row = Painter(clock).paint(now).rows[1]
    assert isinstance(row, ToolRow)
    assert row.took == "2.0 s"


def test_an_answer_that_was_not_watched_has_no_times_but_its_tokens() -> None:
    said = replace(answer(Text("a")), usage=Usage(input=5, output=7))
    row = Painter(Timings()).paint(Transcript((human("?"), said))).rows[-1]
    assert isinstance(row, EndRow)
    assert (row.usage, row.at) == ("5 tokens in, 7 out", 0)


def test_tokens_of_all_steps_of_a_turn_are_counted_together() -> None:
    call = ToolCall("c", "weather", "{}", ToolStatus.DONE, ToolResult("sunny"))
    first = replace(answer(call), usage=Usage(input=10, output=2))
    last = replace(answer(Text("Sun"), id="a2"), usage=Usage(input=20, output=3))
    rows = Painter(Timings()).paint(Transcript((human("?"), first, last))).rows
    assert [row.kind for row in rows] == ["human", "tool", "text", "end"]
    assert words_of(rows[-1]) == "30 tokens in, 5 out"


def test_a_thought_and_a_call_say_how_long_they_took() -> None:
    clock, asked = Timings(), human("?")
    views = [
        (0.0, answer(Reasoning("h"))),
        (8.2, answer(Reasoning("hm"))),
        (9.0, answer(Reasoning("hm"), ToolCall("c", "weather", '{"a'))),
        (10.0, answer(Reasoning("hm"), ToolCall("c", "weather", "{}", ToolStatus.RUNNING))),
        (11.5, answer(Reasoning("hm"), ToolCall("c", "w", "{}", ToolStatus.DONE, ToolResult("x")))),
    ]
    before = running(asked)
    for at, message in views:
        clock.see(before, now := running(asked, message), at)
        before = now
    rows = Painter(clock).paint(Transcript(before.messages)).rows
    timed = [row for row in rows if isinstance(row, ReasoningRow | ToolRow)]
    assert [row.took for row in timed] == ["8.2 s", "1.5 s"]
