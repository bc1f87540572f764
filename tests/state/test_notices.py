"""The lines that say how an answer, or the lack of one, came about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chat_app import text
from chat_app.client import Outcome
from chat_app.runs.timings import Timings
from chat_app.state.painter import Painter
from chat_app.state.rows import NoticeRow, ReasoningRow
from chat_app.transcript.failures import may_help
from chat_app.transcript.fold import fold, load, start
from chat_app.transcript.message import (
    CutOff,
    Failure,
    Interrupt,
    Message,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
    Widget,
)
from chat_app.transcript.shapes import Shape
from tests.helpers import events as ev
from tests.helpers.painting import Page, answer, human, running
from tests.helpers.row_words import words_of


def notices(transcript: Transcript, *, at_rest: bool = True) -> list[tuple[str, bool]]:
    rows = Painter(Timings()).paint(transcript, at_rest=at_rest).rows
    return [(row.sentence, row.can_continue) for row in rows if isinstance(row, NoticeRow)]


def of(*messages: Any, **fields: Any) -> Transcript:
    return Transcript(messages, **fields)


NONE = [(text.UNANSWERED, False)]
DONE = ToolCall("c1", "f", "{}", ToolStatus.DONE, ToolResult("42"))


@pytest.mark.parametrize(
    "silent",
    [
        of(human("hi")),
        of(human("hi"), answer()),
        of(human("hi"), answer(Text("\n"))),
        of(human("hi"), answer(Reasoning("hm"))),
        of(human("hi"), answer(DONE)),
        of(human("hi"), answer(Text("yes")), human("more")),
    ],
)
def test_a_run_without_an_answer_says_so(silent: Transcript):
    assert notices(silent) == NONE
    assert notices(silent, at_rest=False) == []
    assert notices(replace(silent, running=True)) == []
    assert notices(replace(silent, interrupts=(Interrupt("i", "?"),))) == []
    assert notices(replace(silent, failure=Failure("E", "x"))) == []


@pytest.mark.parametrize(
    "answered",
    [
        of(),
        of(answer(Reasoning("hm"))),
        of(human("hi"), answer(Text("yes"))),
        of(human("hi"), answer(DONE), answer(Text("yes"), id="a2"), answer(DONE, id="a3")),
        of(human("hi"), replace(answer(DONE), asides=(Widget("w", "chart", {}),))),
    ],
)
def test_a_thread_with_an_answer_or_without_a_question_says_nothing(answered: Transcript):
    assert notices(answered) == []


def test_live_the_end_and_a_reload_say_the_same_of_a_silent_run():
    state = start(Transcript(), pending=human("hi"))
    page = Page()
    asked = {"type": "human", "content": "hi", "id": "h hi"}
    seen = []
    for event in (ev.metadata(), ev.values(asked), ev.end()):
        state = fold(state, event)
        page.show(state.transcript, at_rest=True)
        seen.append([row.sentence for row in page.rows if isinstance(row, NoticeRow)])
    assert seen == [[], [], [text.UNANSWERED]]
    loaded = load({"values": {"messages": [asked]}, "next": [], "tasks": []})
    assert notices(loaded) == NONE


@pytest.mark.parametrize("cut", CutOff)
def test_a_cut_answer_says_why_and_only_a_limit_that_may_be_passed_offers_to_go_on(cut: CutOff):
    cut_short = replace(answer(Text("Rome and")), cut=cut)
    offered = cut in {CutOff.LENGTH, CutOff.PAUSE}
    assert notices(of(human("hi"), cut_short)) == [(text.CUT_OFF[cut.value], offered)]
    told = [(text.CUT_OFF[cut.value], False)]
    assert notices(of(human("hi"), cut_short, running=True)) == told
    assert notices(of(human("hi"), cut_short, failure=Failure("E", "x"))) == told
    assert notices(of(human("hi"), cut_short, human("go on"), running=True)) == told
    assert notices(of(human("hi"), cut_short, answer(Text("Milan"), id="a2"))) == told
    empty = replace(answer(), cut=cut)
    assert notices(of(human("hi"), empty)) == [(text.CUT_OFF[cut.value], offered)]


ASKS_FOR_MORE = Message("c1", Role.SYSTEM, (Text(text.GO_ON_MESSAGE),), continues=True)


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (replace(answer(Text("Rome and")), cut=CutOff.LENGTH), text.CUT_OFF["length"]),
        (answer(Text("Rome and"), stopped=True), text.STOPPED),
        (answer(Text("Rome and")), ""),
    ],
)
def test_an_answer_that_was_continued_is_one_answer_with_a_quiet_line_in_it(
    first: Message, told: str
):
    said = f"{told.rstrip('.')}. {text.CONTINUED}" if told else text.CONTINUED
    rest = answer(Text("Milan"), id="a2")
    page = Page()
    for view in (
        of(human("hi"), first),
        running(human("hi"), first, ASKS_FOR_MORE),
        running(human("hi"), first, ASKS_FOR_MORE, rest),
        of(human("hi"), first, ASKS_FOR_MORE, rest),
    ):
        page.show(view, at_rest=not view.running)
        if ASKS_FOR_MORE in view.messages:
            kinds = [(row.kind, words_of(row)) for row in page.rows if row.kind != "end"]
            assert kinds[:3] == [("human", "hi"), ("text", "Rome and"), ("notice", said)]
            assert not any(row.can_continue for row in page.rows if isinstance(row, NoticeRow))
            assert text.GO_ON_MESSAGE not in map(words_of, page.rows)
    assert [row.kind for row in page.rows] == ["human", "text", "notice", "text", "end"]


def test_a_form_is_not_asked_to_go_on():
    stopped = of(human("hi"), answer(Text("Rome and"), stopped=True))
    assert notices(stopped) == [(text.STOPPED, True)]
    assert notices(replace(stopped, shape=Shape("form"))) == [(text.STOPPED, False)]


def test_the_offer_to_go_on_comes_with_the_end_of_the_run_and_goes_with_the_next_one():
    page = Page()
    cut = replace(answer(Text("Rome and")), cut=CutOff.LENGTH)
    seen = []
    for view in (
        running(human("hi"), cut),
        of(human("hi"), cut),
        running(human("hi"), cut, human("go on")),
    ):
        page.show(view)
        seen.append([row.can_continue for row in page.rows if isinstance(row, NoticeRow)])
    assert seen == [[False], [True], [False]]


def test_a_refusal_is_text_with_a_mark_while_it_grows_and_after():
    page = Page()
    for words in ("So", "Sorry, ", "Sorry, no."):
        page.show(running(human("hi"), answer(Text(words, refused=True))))
        assert [row.sentence for row in page.rows if isinstance(row, NoticeRow)] == [text.REFUSED]
        assert page.tail.text == words
    page.show(of(human("hi"), answer(Text("Sorry, no.", refused=True))))
    assert [(r.kind, words_of(r)) for r in page.rows[1:3]] == [
        ("notice", text.REFUSED),
        ("text", "Sorry, no."),
    ]


def test_redacted_thinking_says_that_some_is_hidden():
    rows = Painter(Timings()).paint(of(human("hi"), answer(Reasoning("hm", redacted=True)))).rows
    assert [row.text for row in rows if isinstance(row, ReasoningRow)] == [
        f"hm\n\n{text.THINKING_HIDDEN}"
    ]


@pytest.mark.parametrize(
    ("failure", "helps"),
    [
        (Failure("RuntimeError", "kaboom"), True),
        (Failure("RateLimitError", "429"), True),
        (Failure("APIConnectionError", "Connection error."), True),
        (Failure("lost", ""), True),
        (Failure("AuthenticationError", "invalid api key"), False),
        (Failure("PermissionDeniedError", "403"), False),
        (Failure("RateLimitError", "insufficient_quota"), False),
        (Failure("ResourceExhausted", "exceeded your current quota, retry in 20 s"), True),
        (Failure("BadRequestError", "context_length_exceeded"), False),
        (Failure("ValidationError", "1 validation error for Input"), False),
        (Failure("BadRequestError", "flagged by content_filter"), False),
        (None, False),
    ],
)
def test_another_try_is_offered_where_it_may_help(failure: Failure | None, helps: bool):
    assert may_help(failure) is helps


def test_a_run_that_was_lost_is_no_run_without_an_answer():
    state = start(Transcript(), pending=human("hi"))
    state = fold(state, ev.end(Outcome.LOST))
    assert notices(state.transcript) == []
