"""From transcript to rows, doing again only what changed.

A painter belongs to one open thread. Each `paint` compares the transcript with the one painted
before (by identity: what did not change is the same object) and says how many rows still stand and
which follow. Of a long thread only the end is painted; `earlier` adds a page before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chat_app.state.addresses import NOWHERE
from chat_app.state.agent_row import agent_row
from chat_app.state.aside_rows import aside_rows
from chat_app.state.ask_rows import Cards
from chat_app.state.block_rows import block_rows, same_prefix
from chat_app.state.end_row import bare_row, duration_of, end_row
from chat_app.state.human_rows import human_rows
from chat_app.state.media_row import item
from chat_app.state.message_rows import raw_row, reasoning_row, sources_row
from chat_app.state.notices import (
    continued_row,
    cut_row,
    failure_row,
    no_answer_rows,
    refused_row,
    stopped_at,
)
from chat_app.state.open_text import OpenText
from chat_app.state.output_rows import is_words, output_row
from chat_app.state.rows import (
    HumanRow,
    MediaRow,
    MemoryRow,
    Row,
    SystemRow,
    Tail,
    ToolRow,
)
from chat_app.state.speakers import are_several, speaker_row
from chat_app.state.tool_row import tool_row
from chat_app.state.turn_results import TurnResults
from chat_app.state.turns import asked_at, is_last_of_turn, page_share, steps_row
from chat_app.state.versions import renumber, versioned
from chat_app.transcript.blocks import draw
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chat_app.runs.timings import Timings
    from chat_app.state.addresses import MediaRef
    from chat_app.transcript.branches import Versions
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
        self._open = OpenText("")
        self._tail = Tail()
        self._revealed: set[str] = set()
        self._cards = Cards()
        self._results = TurnResults()
        self._are_several = False
        self._is_idle = self._is_at_rest = False
        self._versions: Mapping[str, Versions] = {}

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

    def paint(
        self,
        transcript: Transcript,
        *,
        at_rest: bool = False,
        has_footer: bool = False,
        versions: Mapping[str, Versions] | None = None,
    ) -> Paint:
        """Draw `transcript`, the next view of the thread painted before.

        `at_rest`: no run goes on that is not in it. Only then, and where nothing is said below it
        (`has_footer`), it is certain that an answer that is not there is missing. `versions` are
        those of its messages, by their ids.
        """
        self._is_idle, self._is_at_rest = at_rest, at_rest and not has_footer
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
            self._versions = versions or {}
            self._rows, self.first = [], len(now.messages)
            return Paint(0, self.earlier() + self._footer(now), self._tail)
        standing = _flat(self._rows[same - self.first :])
        del self._rows[same - self.first :]
        keep = sum(map(len, self._rows))
        stands = self._renumber(versions or {}, keep)
        after: list[Row] = []
        for index in range(same, len(now.messages)):
            rows = self._message(index)
            self._rows.append(rows)
            after += rows
        if stands < keep:
            return Paint(stands, _flat(self._rows)[stands:] + self._footer(now), self._tail)
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

    def _renumber(self, versions: Mapping[str, Versions], count: int) -> int:
        """Put the versions into the `count` rows that stand; return how many are as they were."""
        if versions is self._versions:
            return count
        self._versions = versions
        return renumber(self._rows, versions)

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
            return self._human(place, index, message)
        if message.role is Role.SYSTEM:
            return self._system(place, index, message)
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
            row = stopped_at(f"{place}.stopped", self.transcript, index)
            rows.append(replace(row, can_continue=False) if self._under else row)
        elif message.cut:
            rows.append(cut_row(f"{place}.cut", self.transcript, index, message.cut))
        if self._steps and not self._under and is_last_of_turn(self.transcript, index):
            first = max(asked_at(self.transcript.messages, index), 0)
            folded = steps_row(f"{place}.steps", self.transcript, index, self._clock)
            results = self._results.row(f"{place}.results", self.transcript, first, index)
            rows += [row for row in (folded, results) if row]
        return rows + self._end_row(index)

    def _end_row(self, index: int) -> list[Row]:
        """The line below an answer; within a graph inside the graph nothing can be done with it."""
        transcript, versions = self.transcript, self._versions
        row = end_row(self._under, transcript, index, self._clock)
        if self._under:
            return [replace(row, id="")] if row else []
        row = row or bare_row(transcript, index, versions, at_rest=self._is_idle)
        return [versioned(row, versions)] if row else []

    def _grown(self, key: str, part: Text | Reasoning, *, has_asides: bool) -> list[Row]:
        """The rows of a part that is being written, whose end becomes the tail.

        Asides stand below their message, and the tail below all rows: with asides there is none.
        """
        if not self._open.goes_on(key, part):
            self._open = OpenText(key)
        closed, tail = self._open.grow(part)
        if has_asides:
            return self._open.rows(tail)
        self._tail = tail
        return closed

    def _system(self, key: str, index: int, message: Message) -> list[Row]:
        if message.continues:
            row = continued_row(f"{key}.continued", self.transcript, index)
            return [row] if row else []
        words = "\n\n".join(part.text for part in message.parts if isinstance(part, Text))
        return [SystemRow(key, words)] if words and self._steps else []

    def _human(self, key: str, index: int, message: Message) -> list[Row]:
        """What a person sent. Their words are one row and no markdown; above it stands the rest."""
        place = self.where.at(message.id, 0)
        rows: list[Row] = [*human_rows(key, message, place, self.where.viewer)]
        rows = [self._own(row) for row in rows]
        for number, part in enumerate(message.parts):
            if not isinstance(part, Text | Given | Media):
                rows += self._part(f"{key}.{number}", part, message.id, number)
        rows += aside_rows(key, message.asides, steps=self._steps)
        return rows + self._end_row(index)

    def _own(self, row: Row) -> Row:
        """A row of a message that can be edited, unless it went to a graph inside the graph."""
        if self._under and isinstance(row, HumanRow | MediaRow):
            return replace(row, id="")
        return versioned(row, self._versions)

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
                where = self.where
                return [_own_row(key, part, where.at(message_id, place), where.viewer)]


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


def _flat(rows: Iterable[list[Row]]) -> list[Row]:
    return [row for of_message in rows for row in of_message]
