from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from chat_app.state.painter import Paint, Painter
from chat_app.state.rows import Tail
from chat_app.transcript.message import (
    Failure,
    Interrupt,
    Message,
    Part,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.state.rows import Row

PIECES = (
    "word ",
    "two\nlines ",
    "\n\n",
    "# Head\n",
    "- item\n",
    "```py\ncode\n",
    "\n```\n",
    "$x$ ",
)


def human(words: str) -> Message:
    return Message(f"h {words}", Role.HUMAN, (Text(words),))


def answer(*parts: Part, id: str = "a1", stopped: bool = False) -> Message:
    return Message(id, Role.ASSISTANT, parts, stopped=stopped)


def running(*messages: Message) -> Transcript:
    return Transcript(messages, running=True)


class Page:
    """The rows as a page has them that applies every paint to what it had."""

    def __init__(self) -> None:
        self.painter = Painter()
        self.rows: list[Row] = []
        self.tail = Tail()

    def show(self, transcript: Transcript) -> Paint:
        paint = self.painter.paint(transcript)
        self.rows = self.rows[: paint.keep] + paint.rows
        self.tail = paint.tail
        return paint

    def words(self) -> str:
        return " ".join([*(row.text for row in self.rows), self.tail.text])


def from_scratch(transcript: Transcript) -> tuple[list[Row], Tail]:
    paint = Painter().paint(transcript)
    return paint.rows, paint.tail


# Steps from one transcript to the next, as a run may take them.


def writes(now: Transcript, text: str) -> Transcript:
    """More text in the last answer, or the beginning of one."""
    *before, last = now.messages or (human("?"),)
    if last.role is not Role.ASSISTANT:
        return replace(now, messages=(*now.messages, answer(Text(text), id=f"a{len(before)}")))
    *parts, end = last.parts or (Text(""),)
    grown = (*parts, Text(end.text + text)) if isinstance(end, Text) else (*last.parts, Text(text))
    return replace(now, messages=(*before, replace(last, parts=grown)))


def thinks(now: Transcript, text: str) -> Transcript:
    messages = (*now.messages, answer(Reasoning(text), id=f"r{len(now.messages)}"))
    return replace(now, messages=messages)


def calls(now: Transcript, text: str) -> Transcript:
    """A call in the last answer; a second one gives the first its result."""
    now = writes(now, text)
    *before, last = now.messages
    done = tuple(
        replace(part, status=ToolStatus.DONE, result=ToolResult(text))
        if isinstance(part, ToolCall)
        else part
        for part in last.parts
    )
    call = ToolCall(f"c{len(done)}", "weather", '{"a": 1}', ToolStatus.RUNNING)
    return replace(now, messages=(*before, replace(last, parts=(*done, call))))


def begins(now: Transcript, text: str) -> Transcript:
    """Another message behind one that did not change at all."""
    return replace(now, messages=(*now.messages, answer(Text(text), id=f"n{len(now.messages)}")))


def starts_over(now: Transcript, text: str) -> Transcript:
    """A further attempt: the last answer is written anew."""
    if not now.messages or now.messages[-1].role is not Role.ASSISTANT:
        return now
    last = replace(now.messages[-1], parts=(Text(text + text),))
    return replace(now, messages=(*now.messages[:-1], last))


def forgets(now: Transcript, _: str) -> Transcript:
    return replace(now, messages=now.messages[1:])


def asks(now: Transcript, text: str) -> Transcript:
    return replace(now, messages=(*now.messages, human(text)), running=True, failure=None)


def ends(now: Transcript, _: str) -> Transcript:
    return replace(now, running=False)


def fails(now: Transcript, text: str) -> Transcript:
    return replace(now, running=False, failure=Failure("E", text), interrupts=(Interrupt("", 1),))


STEPS = (writes, writes, writes, thinks, calls, begins, starts_over, forgets, asks, ends, fails)
steps = st.lists(
    st.tuples(st.sampled_from(STEPS), st.lists(st.sampled_from(PIECES), max_size=6).map("".join)),
    max_size=25,
)


@settings(deadline=None)
@given(steps)
def test_painting_what_changed_gives_what_painting_all_gives(steps: list) -> None:
    page, now = Page(), Transcript(running=True)
    for step, text in steps:
        now = step(now, text)
        page.show(now)
        assert (page.rows, page.tail) == from_scratch(now)


@settings(deadline=None)
@given(steps)
def test_a_row_that_stands_is_not_sent_again(steps: list) -> None:
    page, now = Page(), Transcript(running=True)
    for step, text in steps:
        before, now = list(page.rows), step(now, text)
        paint = page.show(now)
        assert paint.keep <= len(before)
        footer = Painter().paint(replace(now, messages=(), running=now.running)).rows
        if len(paint.rows) > len(footer) and len(before) > paint.keep:
            assert before[paint.keep] != paint.rows[0]
        assert page.show(now).rows == footer


@settings(deadline=None)
@given(steps)
def test_the_keys_of_all_rows_differ(steps: list) -> None:
    page, now = Page(), Transcript(running=True)
    for step, text in steps:
        now = step(now, text)
        page.show(now)
        keys = [row.key for row in page.rows]
        assert len(set(keys)) == len(keys)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["one ", "two.\n\n", "three\n", "four"]), max_size=30))
def test_no_word_is_lost_between_the_rows_and_the_tail(pieces: list[str]) -> None:
    page = Page()
    for length in range(1, len(pieces) + 1):
        text = "".join(pieces[:length])
        page.show(running(human("hi"), answer(Text(text))))
        assert page.words().split() == ["hi", *text.split()]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30))
def test_a_settled_answer_has_the_keys_it_had_while_it_was_written(pieces: list[str]) -> None:
    page, text = Page(), "".join(pieces)
    for length in range(len(pieces) + 1):
        page.show(running(answer(Text("".join(pieces[:length])))))
    written = [row.key for row in page.rows]
    page.show(Transcript((answer(Text(text)),)))
    settled = [row.key for row in page.rows]
    assert settled[: len(written)] == written


def texts(rows: Iterable[Row]) -> list[str]:
    return [row.text for row in rows]


def test_an_answer_that_did_not_change_is_settled_when_the_next_begins() -> None:
    page, first = Page(), answer(Text("Hello."))
    page.show(running(human("hi"), first))
    assert (texts(page.rows), page.tail.text) == (["hi"], "Hello.")
    page.show(running(human("hi"), first, answer(Text("And"), id="a2")))
    assert (texts(page.rows), page.tail.text) == (["hi", "Hello."], "And")


def test_a_second_attempt_shows_no_block_of_the_first() -> None:
    page = Page()
    page.show(running(answer(Text("First words.\n\nMore."))))
    page.show(running(answer(Text("Other words.\n\nEnd."))))
    assert (texts(page.rows), page.tail.text) == (["Other words.\n\n"], "End.")


def test_a_link_is_resolved_when_its_definition_stands_at_the_end() -> None:
    page, text = Page(), "See [the docs][1].\n\nMore.\n\n[1]: https://docs.test\n"
    page.show(running(answer(Text(text))))
    page.show(Transcript((answer(Text(text)),)))
    assert page.rows[0].text == "[1]: https://docs.test\n\nSee [the docs][1].\n\n"


def test_thoughts_are_open_while_they_come_and_a_row_after() -> None:
    page, thought = Page(), Reasoning("Hm")
    page.show(running(answer(thought)))
    assert (page.rows, page.tail) == ([], Tail("reasoning", "Hm"))
    page.show(running(answer(thought, Text("So"))))
    assert [(row.kind, row.text) for row in page.rows] == [("reasoning", "Hm")]
    assert page.tail == Tail("text", "So")


def test_what_a_person_wrote_is_one_row_and_no_markdown() -> None:
    page = Page()
    page.show(Transcript((human("# not a head\n\n$5 and $6"),)))
    assert [(row.kind, row.text) for row in page.rows] == [("human", "# not a head\n\n$5 and $6")]


def test_the_mark_of_a_stop_stands_below_its_answer() -> None:
    page = Page()
    page.show(Transcript((answer(Text("Half"), stopped=True), human("go on"))))
    assert [row.kind for row in page.rows] == ["text", "notice", "human"]


def test_interrupts_and_the_failure_come_last_and_only_when_nothing_runs() -> None:
    page = Page()
    ended = Transcript((human("hi"),), interrupts=(Interrupt("i", "?"),), failure=Failure("E", "m"))
    page.show(ended)
    assert [row.kind for row in page.rows] == ["human", "notice", "error"]
    page.show(replace(ended, running=True))
    assert [row.kind for row in page.rows] == ["human"]
