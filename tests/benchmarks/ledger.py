"""What was said in a conversation, and what is wrong with the thread that should hold it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Fault = Literal["lost", "doubled", "misplaced", "broken", "out of step", "out of reach"]
"""``misplaced``: in an impossible order, or never said; ``broken``: half an answer as a whole."""


@dataclass(frozen=True)
class Complaint:
    fault: Fault
    words: str


@dataclass
class Said:
    """A message that a person sent. Its `text` is no other's, and asks for `words` words."""

    text: str
    words: int
    certain: bool = True
    """False where it may be gone: rolled back, or the tab was closed before the server had it."""
    after: frozenset[str] = field(default_factory=frozenset)
    """The texts that had an answer on the screen when this one was sent."""

    @property
    def answer(self) -> str:
        """What the agent ``slow`` says to it, when it is not stopped."""
        return "".join(f"word{number} " for number in range(self.words))


def judge(
    said: Sequence[Said], messages: Sequence[dict[str, Any]], *, ended: int
) -> Iterator[Complaint]:
    """What is wrong with a thread's messages, of which `ended` answers at most were ended early."""
    turns = _turns(messages)
    yield from _counted(said, [question for question, _ in turns])
    yield from _ordered(said, [question for question, _ in turns])
    by_text = {one.text: one for one in said}
    short = 0
    for question, answers in turns:
        if not (one := by_text.get(question)):
            continue
        if len(answers) > 1:
            yield Complaint("doubled", f"{len(answers)} answers to {question!r}")
        short += not answers
        for answer in answers:
            text = answer["content"]
            if text == one.answer:
                continue
            short += 1
            stopped = (answer.get("response_metadata") or {}).get("stopped")
            if not stopped or not one.answer.startswith(text):
                yield Complaint("broken", f"{text!r} to {question!r}, stopped: {bool(stopped)}")
    if short > ended:
        yield Complaint("broken", f"{short} answers are short, {ended} were ended")


def repeated(rows: Sequence[tuple[str, str, str]]) -> Iterator[Complaint]:
    """Rows, given by key, kind and text, that stand twice on a page."""
    for key, times in Counter(key for key, _, _ in rows).items():
        if times > 1:
            yield Complaint("doubled", f"{times} rows {key!r}")


def _counted(said: Sequence[Said], questions: list[str]) -> Iterator[Complaint]:
    times = Counter(questions)
    for one in said:
        found = times.pop(one.text, 0)
        if found > 1:
            yield Complaint("doubled", f"{one.text!r} stands {found} times in the thread")
        if not found and one.certain:
            yield Complaint("lost", f"{one.text!r} is not in the thread")
    for stranger in times:
        yield Complaint("misplaced", f"{stranger!r} was never said")


def _ordered(said: Sequence[Said], questions: list[str]) -> Iterator[Complaint]:
    place = {question: number for number, question in enumerate(questions)}
    for one in said:
        for earlier in one.after & place.keys():
            if one.text in place and place[one.text] < place[earlier]:
                yield Complaint("misplaced", f"{one.text!r} stands before {earlier!r}")


def _turns(messages: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each question with the answers up to the next one."""
    asked = [number for number, message in enumerate(messages) if message["type"] == "human"]
    bounds = pairwise([*asked, len(messages)])
    return [(messages[at]["content"], list(messages[at + 1 : end])) for at, end in bounds]
