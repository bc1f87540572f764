"""From transcript to rows, doing again only what changed.

A painter belongs to one open thread. Each `paint` compares the transcript with the one painted
before (by identity: what did not change is the same object) and says how many rows still stand and
which follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_app.state.rows import (
    HUMAN,
    REASONING,
    TEXT,
    Row,
    Tail,
    failure_row,
    interrupt_row,
    raw_row,
    stopped_row,
    tool_row,
)
from chat_app.transcript.blocks import Splitter, render_ready, resolve
from chat_app.transcript.maths import normalise_math
from chat_app.transcript.message import Message, Reasoning, Role, Text, ToolCall, Transcript
from chat_app.transcript.repair import repair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.transcript.message import Part


@dataclass(frozen=True)
class Paint:
    """What to draw: the first `keep` rows of last time stand, `rows` follow, then the `tail`."""

    keep: int
    rows: list[Row]
    tail: Tail


class Painter:
    """Remembers what it painted. `transcript` is the one painted last."""

    def __init__(self) -> None:
        self.transcript = Transcript()
        self._rows: list[list[Row]] = []
        self._parts: dict[str, tuple[Part, list[Row]]] = {}
        self._open = _OpenText("")

    def paint(self, transcript: Transcript) -> Paint:
        """Draw `transcript`, the next view of the thread painted before."""
        now = transcript.messages
        same = _same_prefix(self.transcript.messages, now)
        for view in (self.transcript, transcript):
            # The last message is open while a run goes: its tail becomes rows when it is over.
            if view.running and view.messages:
                same = min(same, len(view.messages) - 1)
        before = [row for rows in self._rows[same:] for row in rows]
        keep = sum(len(rows) for rows in self._rows[:same])
        del self._rows[same:]
        tail = Tail()
        for index in range(same, len(now)):
            is_open = transcript.running and index == len(now) - 1
            rows, tail = self._message(index, now[index], is_open=is_open)
            self._rows.append(rows)
        after = [row for rows in self._rows[same:] for row in rows]
        unchanged = _same_prefix(before, after)
        self.transcript = transcript
        return Paint(keep + unchanged, after[unchanged:] + _footer(transcript), tail)

    def _message(self, index: int, message: Message, *, is_open: bool) -> tuple[list[Row], Tail]:
        if message.role is Role.HUMAN:
            return _human(f"{index}", message), Tail()
        rows: list[Row] = []
        tail = Tail()
        parts: dict[str, tuple[Part, list[Row]]] = {}
        for number, part in enumerate(message.parts):
            key = f"{index}.{number}"
            if is_open and part is message.parts[-1] and isinstance(part, Text | Reasoning):
                if not self._open.goes_on(key, part):
                    self._open = _OpenText(key)
                closed, tail = self._open.grow(part)
                rows += closed
            else:
                known = self._parts.get(key)
                parts[key] = known if known and known[0] is part else (part, _part(key, part))
                rows += parts[key][1]
        self._parts = parts
        if message.stopped:
            rows.append(stopped_row(f"{index}.stopped"))
        return rows, tail


class _OpenText:
    """The part being written: closed blocks stay, the tail is repaired each time."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.tail = Tail()
        self._text = ""
        self._splitter = Splitter()
        self._definitions: dict[str, str] = {}
        self._rows: list[Row] = []

    def goes_on(self, key: str, part: Text | Reasoning) -> bool:
        """Whether `part` is this text grown longer; a second attempt writes it anew."""
        return self.key == key and part.text.startswith(self._text)

    def grow(self, part: Text | Reasoning) -> tuple[list[Row], Tail]:
        if isinstance(part, Reasoning):
            self.tail = Tail(REASONING, part.text)
            return [], self.tail
        self._text = part.text
        splitter = self._splitter
        splitter.update(part.text)
        if splitter.definitions != self._definitions:
            # A link's target may be named long after the link: blocks that use it change.
            self._definitions = dict(splitter.definitions)
            self._rows = []
        del self._rows[len(splitter.closed) :]
        self._rows += [
            _block(self.key, number, resolve(splitter.closed[number], self._definitions))
            for number in range(len(self._rows), len(splitter.closed))
        ]
        tail = resolve(repair(splitter.tail), self._definitions)
        self.tail = Tail(TEXT, normalise_math(tail))
        return list(self._rows), self.tail


def _part(key: str, part: Part) -> list[Row]:
    match part:
        case Text(text):
            return [_block(key, number, block) for number, block in enumerate(render_ready(text))]
        case Reasoning(text):
            return [Row(key, REASONING, text=text)]
        case ToolCall():
            return [tool_row(key, part)]
        case _:
            return [raw_row(key, part)]


def _block(key: str, number: int, markdown: str) -> Row:
    return Row(f"{key}.{number}", TEXT, text=normalise_math(markdown))


def _human(key: str, message: Message) -> list[Row]:
    """A person's words are one row and no markdown; what else they sent stands below it."""
    words = "\n\n".join(part.text for part in message.parts if isinstance(part, Text))
    rows = [Row(key, HUMAN, text=words)] if words else []
    others = [part for part in message.parts if not isinstance(part, Text)]
    for number, part in enumerate(others):
        rows += _part(f"{key}.{number}", part)
    return rows


def _footer(transcript: Transcript) -> list[Row]:
    if transcript.running:
        return []
    rows = [interrupt_row(n, asked) for n, asked in enumerate(transcript.interrupts)]
    return [*rows, failure_row(transcript.failure)] if transcript.failure else rows


def _same_prefix(before: Sequence[object], now: Sequence[object]) -> int:
    """How many items at the start are equal: the very same objects, in most cases."""
    length = min(len(before), len(now))
    if before[:length] == now[:length]:
        return length  # one fast pass over identical objects
    return next(i for i in range(length) if before[i] != now[i])
