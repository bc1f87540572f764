"""Transcripts as runs make them, step by step, and the page that a painter's paints add up to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from chat_app.runs.timings import Timings
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
from tests.helpers.row_words import words_of

if TYPE_CHECKING:
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
        self.painter = Painter(Timings())
        self.rows: list[Row] = []
        self.tail = Tail()

    def show(self, transcript: Transcript, *, at_rest: bool = False) -> Paint:
        paint = self.painter.paint(transcript, at_rest=at_rest)
        self.rows = self.rows[: paint.keep] + paint.rows
        self.tail = paint.tail
        return paint

    def words(self) -> str:
        return " ".join([*map(words_of, self.rows), self.tail.text])


def from_scratch(transcript: Transcript) -> tuple[list[Row], Tail]:
    paint = Painter(Timings(), page=1_000_000).paint(transcript)
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
