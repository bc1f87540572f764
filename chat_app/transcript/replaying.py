"""Playing a finished thread again: its transcript as the moments in which it came to be.

A `Replay` has the moments as numbers and builds the transcript of one when it is asked for it, so a
long thread costs no more than its parts. What came before stays the same object from moment to
moment, as in a live run. Times are those of the messages where their ids tell them, with waiting
shortened, and a steady pace of writing within an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from chat_app.transcript.message import (
    Decision,
    Interrupt,
    Message,
    Reasoning,
    Role,
    SubAgent,
    Text,
    ToolCall,
    ToolStatus,
    Transcript,
)
from chat_app.transcript.uuid7_time import written_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chat_app.transcript.message import Part

PIECE = 12
"""Characters that are written at a time."""
PACE = 220
"""Characters a second, of an answer."""
LONGEST_PART = 15.0
"""Seconds that the writing of one part takes at most: of a longer one the pieces are larger."""
_MOST_PIECES = 400
"""Of one part."""
_MOST_MOMENTS = 40_000
"""Of a replay, about: in a longer thread the pieces are larger."""
_PAUSES = (0.7, 2.5)
"""Seconds between a message and the next one of another speaker: the least and the most."""
_TOOL_PAUSES = (0.5, 2.0)
"""Seconds that a tool runs."""
_DECIDES = 1.8
"""Seconds that a question stands before its answer."""


class Moment(NamedTuple):
    """When something is new: `seconds` from the beginning.

    `at` is the place in what is played: the message, the part of it, how much of that, and what it
    is doing. `is_step`: it is one to stop at when the replay goes step by step. `begins`: a turn
    begins here.
    """

    seconds: float
    at: _Place
    is_step: bool = False
    begins: bool = False


class _Place(NamedTuple):
    """Messages before `message` are whole; of that the parts before `part` are.

    `amount` is of the characters of a text, or of the messages inside a graph. `stage` tells what
    the calls from `calls` on until `part` are doing; `asides` how many of the message's there are.
    """

    message: int
    part: int = 0
    amount: int = 0
    calls: int = -1
    answered: int = 0
    stage: ToolStatus = ToolStatus.RUNNING
    asides: int = 0
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Replay:
    """The moments of a transcript, oldest first; the last one shows it as it is stored."""

    transcript: Transcript
    moments: tuple[Moment, ...]

    @property
    def duration(self) -> float:
        """Seconds that it takes."""
        return self.moments[-1].seconds

    @property
    def turns(self) -> tuple[int, ...]:
        """The moments at which a turn begins."""
        return tuple(number for number, moment in enumerate(self.moments) if moment.begins)

    def frame(self, number: int) -> Transcript:
        """What is there at a moment, which counts from 0."""
        if number >= len(self.moments) - 1:
            return self.transcript
        place, stored = self.moments[max(number, 0)].at, self.transcript
        whole = stored.messages[: place.message]
        now = stored.messages[place.message]
        if place.is_whole:
            messages, interrupts = (*whole, now), ()
        else:
            partial = _partial(now, place)
            messages, interrupts = (*whole, partial), _question(now, place)
        is_over = place.is_whole and now.role is not Role.HUMAN and self._ends_turn(place.message)
        running = not (is_over or interrupts)
        return Transcript(messages, interrupts, running=running, shape=stored.shape)

    def frames(self) -> Iterator[tuple[float, Transcript]]:
        """All moments: seconds from the beginning, and what is there then."""
        for number, moment in enumerate(self.moments):
            yield moment.seconds, self.frame(number)

    def at(self, seconds: float) -> int:
        """The last moment at or before a time."""
        low, high = 0, len(self.moments) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.moments[middle].seconds <= seconds:
                low = middle
            else:
                high = middle - 1
        return low

    def next_step(self, number: int) -> int:
        """The next moment to stop at after one."""
        later = range(number + 1, len(self.moments))
        return next((n for n in later if self.moments[n].is_step), len(self.moments) - 1)

    def _ends_turn(self, index: int) -> bool:
        following = self.transcript.messages[index + 1 : index + 2]
        return not following or following[0].role is Role.HUMAN


def replay_of(transcript: Transcript) -> Replay:
    """The replay of a stored transcript."""
    stored = replace(transcript, running=False)
    recorder = _Recorder(stored)
    for index in range(len(stored.messages)):
        recorder.message(index)
    recorder.end()
    return Replay(stored, tuple(recorder.moments))


class _Recorder:
    def __init__(self, transcript: Transcript) -> None:
        self.moments: list[Moment] = []
        self._messages = transcript.messages
        self._now = 0.0
        self._piece = max(PIECE, _length(transcript.messages) // _MOST_MOMENTS)

    def message(self, index: int) -> None:
        message = self._messages[index]
        before = self._messages[index - 1] if index else None
        is_human = message.role is Role.HUMAN
        if before:
            is_turn = is_human or before.role is Role.HUMAN
            self._now += _between(before, message, _PAUSES) if is_turn else 0.15
        if is_human or not message.parts or message.role is Role.SYSTEM:
            self._add(_Place(index, is_whole=True), is_step=True, begins=is_human or not index)
            return
        if not index:
            self._add(_Place(index), begins=True)
        self._parts(index, message)

    def end(self) -> None:
        self._now += 0.3
        last = _Place(max(len(self._messages) - 1, 0), is_whole=True)
        self._add(last, is_step=True)

    def _add(self, at: _Place, *, is_step: bool = False, begins: bool = False) -> None:
        self.moments.append(Moment(self._now, at, is_step, begins))

    def _parts(self, index: int, message: Message) -> None:
        number, parts = 0, message.parts
        asides = 0
        while number < len(parts):
            match parts[number]:
                case Text(said) | Reasoning(said):
                    self._write(_Place(index, number), len(said))
                    number += 1
                case ToolCall():
                    first = number
                    while number < len(parts) and isinstance(parts[number], ToolCall):
                        number += 1
                    asides = self._calls(index, message, first, number)
                case SubAgent(transcript=Transcript() as inside):
                    self._inside(_Place(index, number), inside)
                    number += 1
                case _:
                    self._now += 0.3
                    number += 1
                    self._add(_Place(index, number), is_step=True)
        for aside in range(asides + 1, len(message.asides) + 1):
            self._now += 0.5
            self._add(_Place(index, len(parts), asides=aside), is_step=True)
        self._add(_Place(index, is_whole=True), is_step=True)

    def _write(self, at: _Place, length: int) -> None:
        pieces = min(max(1, -(-length // self._piece)), _MOST_PIECES)
        takes = min(length / PACE, LONGEST_PART)
        for piece in range(1, pieces):
            self._now += takes / pieces
            self._add(at._replace(amount=length * piece // pieces))
        self._now += takes / pieces
        self._add(at._replace(part=at.part + 1), is_step=True)

    def _calls(self, index: int, message: Message, first: int, last: int) -> int:
        """Calls that were made together: written, perhaps decided about, run, answered."""
        at, calls = _Place(index, calls=first), message.parts[first:last]
        for number, call in enumerate(calls, first):
            length = len(call.args) if isinstance(call, ToolCall) else 0
            pieces = min(max(1, length // (2 * self._piece)), 40)
            for piece in range(pieces):
                self._now += 0.06
                amount = length * piece // pieces
                self._add(at._replace(part=number, amount=amount, stage=ToolStatus.WRITING))
        at = at._replace(part=last)
        decisions = _decisions(message)
        if decisions:
            self._add(at._replace(stage=ToolStatus.WAITING), is_step=True)
            self._now += _DECIDES
        self._add(at._replace(asides=decisions), is_step=True)
        for number, call in enumerate(calls):
            running = at._replace(answered=number, asides=decisions)
            if isinstance(call, ToolCall) and call.agent and call.agent.transcript:
                self._inside(running, call.agent.transcript)
            self._now += self._runs(index) / (1 + number)
            self._add(running._replace(answered=number + 1), is_step=True)
        return decisions

    def _inside(self, at: _Place, inside: Transcript) -> None:
        for amount in range(1, len(inside.messages) + 1):
            self._now += 0.5
            self._add(at._replace(amount=amount))
        if at.calls < 0:
            self._add(at._replace(part=at.part + 1), is_step=True)

    def _runs(self, index: int) -> float:
        after = self._messages[index + 1 : index + 2]
        return _between(self._messages[index], after[0], _TOOL_PAUSES) if after else 1.0


def _length(messages: Sequence[Message]) -> int:
    """Characters that are written, of texts and arguments."""
    parts = [part for message in messages for part in message.parts]
    texts = sum(len(part.text) for part in parts if isinstance(part, Text | Reasoning))
    return texts + sum(len(part.args) for part in parts if isinstance(part, ToolCall))


def _between(before: Message, after: Message, limits: tuple[float, float]) -> float:
    """Seconds between two messages, within limits; in the middle of them where nothing is known."""
    then, now = written_at(before.id), written_at(after.id)
    least, most = limits
    seconds = (now - then) / 1000 if then and now else (least + most) / 2
    return min(max(seconds, least), most)


def _decisions(message: Message) -> int:
    """How many asides there are up to the last decision, which came before the results."""
    places = [n for n, aside in enumerate(message.asides, 1) if isinstance(aside, Decision)]
    return places[-1] if places else 0


def _question(message: Message, place: _Place) -> tuple[Interrupt, ...]:
    """What stood open before a decision, in its words."""
    if place.stage is not ToolStatus.WAITING:
        return ()
    asked = [a for a in message.asides if isinstance(a, Decision) and a.asked]
    lines = [line for decision in asked for line in decision.asked]
    return (Interrupt(f"replay|{message.id}", "\n\n".join(lines)),) if lines else ()


def _partial(message: Message, place: _Place) -> Message:
    parts = list(message.parts[: place.part])
    if place.calls >= 0:
        for number in range(place.calls, place.part):
            parts[number] = _call(message.parts[number], place, number - place.calls)
    if place.part < len(message.parts):
        parts += _begun(message.parts[place.part], place)
    return replace(
        message,
        parts=tuple(parts),
        asides=message.asides[: place.asides],
        usage=None,
        stopped=False,
        cut=None,
    )


def _call(part: Part, place: _Place, number: int) -> Part:
    """A call that is written to its end: its result is there once it was `answered`."""
    if not isinstance(part, ToolCall) or number < place.answered:
        return part
    agent = part.agent
    if agent and agent.transcript:
        is_at_work = number == place.answered
        shown = _first(agent.transcript, place.amount if is_at_work else 0)
        agent = replace(agent, transcript=shown) if shown.messages else None
    stage = ToolStatus.RUNNING if place.stage is ToolStatus.WRITING else place.stage
    return replace(part, status=stage, result=None, agent=agent)


def _begun(part: Part, place: _Place) -> list[Part]:
    """As much of a part as is written."""
    match part:
        case Text(said) | Reasoning(said):
            return [replace(part, text=said[: place.amount])] if place.amount else []
        case ToolCall(args=args) if place.stage is ToolStatus.WRITING:
            begun = {"args": args[: place.amount], "status": ToolStatus.WRITING}
            return [replace(part, **begun, result=None, agent=None)]
        case SubAgent(transcript=Transcript() as inside) if place.amount:
            return [replace(part, transcript=_first(inside, place.amount))]
    return []


def _first(inside: Transcript, amount: int) -> Transcript:
    """The first messages of what a graph inside did."""
    is_over = amount >= len(inside.messages)
    return inside if is_over else Transcript(inside.messages[:amount], running=True)
