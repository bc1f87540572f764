"""From transcript to rows, doing again only what changed.

A painter belongs to one open thread. Each `paint` compares the transcript with the one painted
before (by identity: what did not change is the same object) and says how many rows still stand and
which follow. Of a long thread only the end is painted; `earlier` adds a page before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_app.state.addresses import NOWHERE, MediaRef
from chat_app.state.agent_row import agent_row
from chat_app.state.aside_rows import aside_rows
from chat_app.state.ask_rows import Cards
from chat_app.state.block_rows import BlockRows, block_rows, same_prefix
from chat_app.state.end_row import duration_of, end_row, ends_a_turn
from chat_app.state.media_row import item
from chat_app.state.message_rows import raw_row, reasoning_row, reasoning_text, sources_row
from chat_app.state.notices import (
    cut_row,
    failure_row,
    no_answer_rows,
    refused_row,
    stopped_row,
)
from chat_app.state.output_rows import given_values, is_words, output_row
from chat_app.state.rows import (
    HumanRow,
    InputValue,
    MediaItem,
    MediaRow,
    MemoryRow,
    ReasoningRow,
    Row,
    SystemRow,
    Tail,
    TextRow,
    ToolRow,
)
from chat_app.state.speakers import are_several, speaker_row
from chat_app.state.tool_row import tool_row
from chat_app.state.turn_results import TurnResults
from chat_app.state.turns import asked_at, is_last_of_turn, page_share, steps_row
from chat_app.transcript.blocks import Drawing, draw
from chat_app.transcript.message import (
    Forgotten,
    Given,
    Media,
    Message,
    Output,
    Raw,
    Reasoning,
    Role,
    Sources,
    SubAgent,
    Text,
    ToolCall,
    Transcript,
)
from chat_app.transcript.uuid7_time import written_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.runs.timings import Timings
    from chat_app.transcript.message import Part

PAGE = 40
"""Rows painted at first, and with each page of earlier ones; whole messages, so mostly more. Steps
count for less, as they are folded (see `page_share`)."""


@dataclass(frozen=True)
class Paint:
    """What to draw: the first `keep` rows of last time stand, `rows` follow, then the `tail`."""

    keep: int
    rows: list[Row]
    tail: Tail


class Painter:
    """Remembers what it painted. `transcript` is the one painted last.

    Without `steps` tool calls and thinking are not painted at all. The keys of all rows begin with
    `under`, so that those of several painters can be told apart.
    """

    def __init__(
        self, clock: Timings, *, page: int = PAGE, steps: bool = True, under: str = ""
    ) -> None:
        self.transcript = Transcript()
        self.first = 0
        """The place of the first message painted: so many are not on the screen."""
        self.asked_at = -1
        """The place of the question of the turn that the first row belongs to; -1 if none."""
        self.where = NOWHERE
        """Which thread is painted, and for whom."""
        self._clock = clock
        self._page = page
        self._steps = steps
        self._under = under
        self._rows: list[list[Row]] = []
        self._parts: dict[str, tuple[Part, list[Row]]] = {}
        self._open = _OpenText("")
        self._tail = Tail()
        self._revealed: set[str] = set()
        self._cards = Cards()
        self._results = TurnResults()
        self._are_several = False
        self._is_at_rest = False

    def unread(self, transcript: Transcript) -> int:
        """How many characters of text `paint` would have to read: an estimate that may be high."""
        before, now = self.transcript.messages, transcript.messages
        count = 0
        for index in range(len(now) - 1, -1, -1):
            message = now[index]
            if index < len(before) and before[index] is message:
                break
            for number, part in enumerate(message.parts):
                key = f"{self._under}{index}.{number}"
                known = self._parts.get(key)
                if isinstance(part, Text) and not (known and known[0] is part):
                    count += len(part.text) - self._open.read(key, part)
        return count

    def paint(self, transcript: Transcript, *, at_rest: bool = False) -> Paint:
        """Draw `transcript`, the next view of the thread painted before.

        `at_rest`: no run goes on that is not in it, and nothing is said below it. Only then it is
        certain that an answer that is not there is missing.
        """
        self._is_at_rest = at_rest
        before, now = self.transcript, transcript
        # The last message may have been open, and whatever follows decides whether it ends a turn.
        same = same_prefix(before.messages[:-1], now.messages[:-1])
        self.transcript, self._tail = now, Tail()
        if self._are_several != are_several(now.messages):
            # The names of those who spoke before come or go, too.
            self._are_several, same = not self._are_several, min(same, self.first)
        if self._steps and not self._under and not now.running:
            same = min(same, max(self._results.look(now), self.first))
        if same < self.first or not before.messages:
            self._rows, self.first = [], len(now.messages)
            return Paint(0, self.earlier() + self._footer(now), self._tail)
        standing = _flat(self._rows[same - self.first :])
        del self._rows[same - self.first :]
        keep = sum(map(len, self._rows))
        after: list[Row] = []
        for index in range(same, len(now.messages)):
            rows = self._message(index)
            self._rows.append(rows)
            after += rows
        unchanged = same_prefix(standing, after)
        return Paint(keep + unchanged, after[unchanged:] + self._footer(now), self._tail)

    def earlier(self) -> list[Row]:
        """A page of rows to put before those painted."""
        page: list[list[Row]] = []
        while self.first and not self._is_page(self.first, page):
            self.first -= 1
            page.insert(0, self._message(self.first))
        self._rows[:0] = page
        self.asked_at = asked_at(self.transcript.messages, self.first)
        return _flat(page)

    def trim(self) -> int:
        """Drop the rows of all but the last page; return how many."""
        start = len(self._rows)
        while start and not self._is_page(self.first + start, self._rows[start:]):
            start -= 1
        dropped = sum(map(len, self._rows[:start]))
        del self._rows[:start]
        self.first += start
        self.asked_at = asked_at(self.transcript.messages, self.first)
        return dropped

    def _is_page(self, first: int, rows: list[list[Row]]) -> bool:
        """Whether the messages from the `first` on, with these rows, are enough for one.

        An answer is not parted from its question, however long it is.
        """
        if sum(map(page_share, _flat(rows))) < self._page:
            return False
        before, begins = self.transcript.messages[first - 1], self.transcript.messages[first]
        return before.role is not Role.HUMAN or begins.role is Role.HUMAN

    def reveal(self, key: str) -> Row | None:
        """The row of a tool call with its whole result; None where there is no such row."""
        for index, rows in enumerate(self._rows, self.first):
            if any(isinstance(row, ToolRow) and row.key == key and row.size for row in rows):
                self._revealed.add(key)
                self._parts = {}
                whole = self._rows[index - self.first] = self._message(index)
                return next(row for row in whole if row.key == key)
        return None

    def _footer(self, transcript: Transcript) -> list[Row]:
        """What is open and what failed; what a graph inside asks, the one around it asks, too."""
        rows: list[Row] = [] if self._under else [*self._cards.rows(transcript.interrupts)]
        if transcript.failure and not transcript.running:
            return [*rows, failure_row(transcript.failure)]
        return [*rows, *no_answer_rows(transcript)] if self._is_at_rest else rows

    def _message(self, index: int) -> list[Row]:
        """The rows of a message; where it is still open, its end becomes the tail."""
        transcript, place = self.transcript, f"{self._under}{index}"
        message = transcript.messages[index]
        if message.role is Role.HUMAN:
            return self._human(place, message)
        if message.role is Role.SYSTEM:
            return self._system(place, message)
        is_open = transcript.running and index == len(transcript.messages) - 1
        speaker = self._are_several and speaker_row(f"{place}.name", transcript.messages, index)
        rows: list[Row] = [speaker] if speaker else []
        parts: dict[str, tuple[Part, list[Row]]] = {}
        for number, part in enumerate(message.parts):
            key = f"{place}.{number}"
            if _is_unseen(part, steps=self._steps):
                continue
            if isinstance(part, Text) and part.refused:
                rows.append(refused_row(f"{key}.refused"))
            if is_open and part is message.parts[-1] and isinstance(part, Text | Reasoning):
                rows += self._grown(key, part, has_asides=bool(message.asides))
            else:
                known = self._parts.get(key)
                if not known or known[0] is not part:
                    known = (part, self._part(key, part, message.id, number))
                parts[key] = known
                rows += known[1]
        self._parts = parts
        rows += aside_rows(place, message.asides, steps=self._steps)
        return rows + self._end_of(place, index)

    def _end_of(self, place: str, index: int) -> list[Row]:
        """What stands below a message: how it ended, and what can be done with the answer."""
        rows: list[Row] = []
        message = self.transcript.messages[index]
        if message.stopped:
            rows.append(stopped_row(f"{place}.stopped"))
        elif message.cut:
            rows.append(cut_row(f"{place}.cut", self.transcript, index, message.cut))
        if self._steps and not self._under and is_last_of_turn(self.transcript, index):
            first = max(asked_at(self.transcript.messages, index), 0)
            folded = steps_row(f"{place}.steps", self.transcript, index, self._clock)
            results = self._results.row(f"{place}.results", self.transcript, first, index)
            rows += [row for row in (folded, results) if row]
        if ends_a_turn(self.transcript, index):
            rows.append(end_row(f"{place}.end", self.transcript, index, self._clock))
        return rows

    def _grown(self, key: str, part: Text | Reasoning, *, has_asides: bool) -> list[Row]:
        """The rows of a part that is being written, whose end becomes the tail.

        Asides stand below their message, and the tail below all rows: with asides there is none.
        """
        if not self._open.goes_on(key, part):
            self._open = _OpenText(key)
        closed, tail = self._open.grow(part)
        if has_asides:
            return self._open.rows(tail)
        self._tail = tail
        return closed

    def _system(self, key: str, message: Message) -> list[Row]:
        words = "\n\n".join(part.text for part in message.parts if isinstance(part, Text))
        return [SystemRow(key, words)] if words and self._steps else []

    def _human(self, key: str, message: Message) -> list[Row]:
        """A person's words are one row and no markdown; above it stands what they attached."""
        texts = [part.text for part in message.parts if isinstance(part, Text)]
        inputs: list[InputValue] = []
        for part in message.parts:
            if isinstance(part, Given) and part is message.parts[0]:
                said, named = given_values(part)
                texts += [said] if said else []
                inputs += named
        words, items = "\n\n".join(texts), list[MediaItem]()
        is_there = words or isinstance(next(iter(message.parts), None), Given)
        rows: list[Row] = []
        if is_there:
            rows.append(HumanRow(key, words, written_at(message.id), inputs))
        for number, part in enumerate(message.parts):
            if isinstance(part, Media):
                place = MediaRef(self.where.thread_id, message.id, number)
                items.append(item(part, place, self.where.viewer))
            elif not isinstance(part, Text | Given):
                rows += self._part(f"{key}.{number}", part, message.id, number)
        if items:
            rows.insert(0, MediaRow(f"{key}.media", items, sent=True))
        return rows + aside_rows(key, message.asides, steps=self._steps)

    def _part(self, key: str, part: Part, message_id: str, place: int) -> list[Row]:  # noqa: PLR0911
        match part:
            case Text(text):
                return [*block_rows(key, draw(text, key))]
            case Reasoning():
                took = duration_of(self._clock.span(message_id, place))
                return [reasoning_row(key, part, took=took)]
            case ToolCall():
                span = self._clock.span(message_id, place)
                whole = key in self._revealed
                return [tool_row(key, part, span, whole=whole, where=self.where)]
            case Sources():
                return [row] if (row := sources_row(key, part)).links else []
            case SubAgent():
                return [agent_row(key, part, self._clock.span(message_id, place))]
            case Given():
                return []  # a person's alone
            case Output():
                return _output_rows(key, part)
            case Media() | Raw() | Forgotten():
                return [
                    _own_row(
                        key,
                        part,
                        MediaRef(self.where.thread_id, message_id, place),
                        self.where.viewer,
                    )
                ]


def _is_unseen(part: Part, *, steps: bool) -> bool:
    """Whether a part has no row: where `steps` are not shown, and for passes of a supervisor."""
    if isinstance(part, SubAgent) and part.is_pass:
        return True
    return isinstance(part, Reasoning | ToolCall | SubAgent) and not steps


def _output_rows(key: str, part: Output) -> list[Row]:
    """A value of a state: its name, and below it a text as Markdown or else the value."""
    rows: list[Row] = [output_row(key, part)]
    if not is_words(part):
        return rows
    texts = block_rows(f"{key}.text", draw(part.value, f"{key}.text"))
    return [*rows, *texts] if part.name else [*texts]


def _own_row(key: str, part: Media | Raw | Forgotten, place: MediaRef, viewer: str) -> Row:
    match part:
        case Forgotten(summary):
            return MemoryRow(key, summary)
        case Media():
            return MediaRow(key, [item(part, place, viewer)])
        case Raw():
            return raw_row(key, part)


class _OpenText:
    """The part being written: closed blocks stay, the tail is drawn anew each time."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._text = ""
        self._drawing = Drawing(key)
        self._rows = BlockRows(key)

    def goes_on(self, key: str, part: Text | Reasoning) -> bool:
        """Whether `part` is this text grown longer; a second attempt writes it anew."""
        return self.key == key and part.text.startswith(self._text)

    def read(self, key: str, part: Text) -> int:
        """How many characters of `part` were read already."""
        return len(self._text) if self.goes_on(key, part) else 0

    def grow(self, part: Text | Reasoning) -> tuple[list[Row], Tail]:
        if isinstance(part, Reasoning):
            return [], Tail(ReasoningRow.kind, reasoning_text(part))
        self._text = part.text
        self._drawing.update(part.text)
        # A block may be drawn another way later: a link's target may come long after the link.
        self._rows.update(self._drawing.closed)
        tail = self._drawing.tail
        return [*self._rows.rows], Tail(TextRow.kind, tail.drawn, tail.is_plain, tail.path)

    def rows(self, tail: Tail) -> list[Row]:
        """All rows, also that of the `tail`, as they will be once the text is written."""
        if tail.kind == ReasoningRow.kind:
            return [ReasoningRow(self.key, tail.text)] if tail.text else []
        self._rows.update([*self._drawing.closed, self._drawing.tail])
        return [*self._rows.rows]


def _flat(rows: Iterable[list[Row]]) -> list[Row]:
    return [row for of_message in rows for row in of_message]
