"""The row under a finished answer: when it was written, what it cost, how fast it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text as words
from chat_app.state.rows import EndRow
from chat_app.transcript.branches import OF_ANSWER
from chat_app.transcript.memory import is_mark
from chat_app.transcript.message import Decision, Message, Output, Role, Text, ToolCall
from chat_app.transcript.uuid7_time import written_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.runs.timings import Span, Timings
    from chat_app.transcript.branches import Versions
    from chat_app.transcript.message import Transcript


def ends_a_turn(transcript: Transcript, index: int) -> bool:
    """Whether the message is the agent's last word before a person's next one."""
    message = transcript.messages[index]
    following = [m for m in transcript.messages[index + 1 : index + 3] if not is_mark(m)]
    if following:
        is_last = following[0].role is Role.HUMAN
    else:
        is_last = not (transcript.running or transcript.interrupts or transcript.failure)
    is_agents = message.role in {Role.ASSISTANT, Role.OTHER}
    return is_last and is_agents and _says_something(message)


def end_row(under: str, transcript: Transcript, index: int, clock: Timings) -> EndRow | None:
    """The line below the answer that ends with the message at `index`, if one does.

    Its key is that of the question, with `under` before it: so it is the same one below another
    version of the answer, however many messages that has.
    """
    if not ends_a_turn(transcript, index):
        return None
    last = transcript.messages[index]
    turn = _turn(transcript, index)
    facts = (_tokens(turn), _wait(transcript, index - len(turn), turn, clock), _speed(last, clock))
    at = written_at(last.id) or _begun(turn)
    key = f"{under}{index - len(turn)}.end"
    return EndRow(key, at, " · ".join(filter(None, facts)), last.model, _id_of(turn))


def bare_row(
    transcript: Transcript, index: int, versions: Mapping[str, Versions], *, at_rest: bool
) -> EndRow | None:
    """The line below an answer that has no words, if the message at `index` is the last of it.

    Where it has none yet, as it failed or asks, there is only something to do with it if there are
    other `versions`.
    """
    following = [m for m in transcript.messages[index + 1 : index + 3] if not is_mark(m)]
    message = transcript.messages[index]
    if message.role is Role.SYSTEM or is_mark(message):
        return None
    if following and (following[0].role is not Role.HUMAN or message.role is Role.HUMAN):
        return None
    if not following and (transcript.running or not at_rest):
        return None
    turn = _turn(transcript, index) if message.role is not Role.HUMAN else ()
    row = EndRow(
        f"{index - len(turn)}.end",
        id=_id_of(turn or (message,)),
        is_bare=True,
        is_unanswered=not turn,
    )
    is_open = not following and bool(transcript.interrupts or transcript.failure)
    known = versions.get(f"{row.id}{OF_ANSWER}") or versions.get(row.id)
    return row if not is_open or (known and known.count > 1) else None


def duration_of(span: Span | None) -> str:
    """How long a part took in words; empty where the run was not measured."""
    return words.duration(span.seconds) if span else ""


def _turn(transcript: Transcript, index: int) -> tuple[Message, ...]:
    """The agent's messages since the person's last one, up to `index`."""
    first = index
    while first > 0 and transcript.messages[first - 1].role is not Role.HUMAN:
        first -= 1
    return transcript.messages[first : index + 1]


def _id_of(turn: tuple[Message, ...]) -> str:
    """Of the first message of an answer, at which its versions are known."""
    own = (m.id for m in turn if m.role is not Role.SYSTEM and not is_mark(m))
    return next(own, "")


def _begun(turn: tuple[Message, ...]) -> int:
    return max((written_at(message.id) for message in turn), default=0)


def _tokens(turn: tuple[Message, ...]) -> str:
    counted = [message.usage for message in turn if message.usage]
    read, written = sum(u.input for u in counted), sum(u.output for u in counted)
    return words.TOKENS.format(read=read, written=written) if read or written else ""


def _wait(transcript: Transcript, asked_at: int, turn: tuple[Message, ...], clock: Timings) -> str:
    """From the question to the first sign of an answer.

    Where the agent asked something back before it wrote anything, it is counted from the last
    decision: the time in which a person decides is not the agent's.
    """
    asked = transcript.messages[asked_at] if asked_at >= 0 else None
    first = clock.span(turn[0].id)
    if not asked or not first:
        return ""
    decisions = [aside for aside in asked.asides if isinstance(aside, Decision)]
    begun = clock.span(decisions[-1].id if decisions else asked.id)
    if not begun or first.begun < begun.begun:
        return ""
    return words.FIRST_SIGN.format(wait=words.duration(first.begun - begun.begun))


def _speed(message: Message, clock: Timings) -> str:
    """Tokens a second while the last message was written; its calls would count as waiting."""
    spans = [clock.span(message.id, place) for place in range(len(message.parts))]
    known = [span for span in spans if span]
    if not message.usage or len(known) < len(spans) or not known:
        return ""
    if any(isinstance(part, ToolCall) for part in message.parts):
        return ""
    seconds = known[-1].changed - known[0].begun
    if seconds < _TOO_SHORT:
        return ""
    return words.SPEED.format(rate=round(message.usage.output / seconds))


_TOO_SHORT = 0.2
"""Seconds below which a speed says more about the network than about the model."""


def _says_something(message: Message) -> bool:
    return any(
        isinstance(part, Output) or (isinstance(part, Text) and part.text.strip())
        for part in message.parts
    )
