"""The quiet lines in a conversation that say how an answer, or the lack of one, came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text
from chat_app.state.rows import NoticeRow, error_row, notice_row
from chat_app.transcript.failures import explained
from chat_app.transcript.message import (
    CutOff,
    Decision,
    Media,
    Message,
    Output,
    Raw,
    Role,
    Text,
    Transcript,
    Widget,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.state.rows import ErrorRow
    from chat_app.transcript.message import Aside, Failure

_CAN_GO_ON = {CutOff.LENGTH, CutOff.PAUSE}


def refused_row(key: str) -> NoticeRow:
    """The mark above the words with which a model declines."""
    return notice_row(key, text.REFUSED)


def stopped_row(key: str = "stopped") -> NoticeRow:
    """Says that a person stopped the run."""
    return notice_row(key, text.STOPPED)


def stopped_at(key: str, transcript: Transcript, index: int) -> NoticeRow:
    """The same under the message at `index`, which was being written. The last one may go on."""
    is_last = index == len(transcript.messages) - 1
    can_go_on = is_last and _can_go_on(transcript)
    sentence = _continued(transcript, index, text.STOPPED)
    return NoticeRow(key, sentence, can_continue=can_go_on)


def cut_row(key: str, transcript: Transcript, index: int, cut: CutOff) -> NoticeRow:
    """Why the message at `index` ends early. Where it is the last one, the agent may go on."""
    is_last = index == len(transcript.messages) - 1
    can_go_on = is_last and _can_go_on(transcript) and cut in _CAN_GO_ON
    sentence = _continued(transcript, index, text.CUT_OFF[cut.value])
    return NoticeRow(key, sentence, can_continue=can_go_on)


def _can_go_on(transcript: Transcript) -> bool:
    """Whether the agent may be asked for more: that takes words, which a form has no place for."""
    return is_idle(transcript) and transcript.shape.takes == "messages"


def continued_row(key: str, transcript: Transcript, index: int) -> NoticeRow | None:
    """Where an answer was continued, by the message at `index`; None if that is said above it."""
    before = transcript.messages[index - 1] if index else None
    is_said = before is not None and (before.stopped or before.cut)
    return None if is_said else notice_row(key, text.CONTINUED)


def _continued(transcript: Transcript, index: int, reason: str) -> str:
    """Why the message at `index` ends early, and that its answer goes on where it does."""
    following = transcript.messages[index + 1 : index + 2]
    if not (following and following[0].continues):
        return reason
    return text.CONTINUED_AFTER.format(reason=reason.rstrip("."))


def failure_row(failure: Failure) -> ErrorRow:
    """The error of a run that failed."""
    return error_row(*explained(failure))


def no_answer_rows(transcript: Transcript) -> list[NoticeRow]:
    """One that says so where the last run ended without an answer to the person."""
    if not is_idle(transcript):
        return []
    turn: list[Message] = []
    for message in reversed(transcript.messages):
        if message.role is Role.HUMAN:
            return [] if _is_answered(turn) else [notice_row("unanswered", text.UNANSWERED)]
        turn.append(message)
    return []


def is_idle(transcript: Transcript) -> bool:
    """Whether no run goes, none failed, and nothing is asked."""
    return not (transcript.running or transcript.interrupts or transcript.failure)


def _says_why(aside: Aside) -> bool:
    """Whether this is something to see, or that the person asked something else instead."""
    return isinstance(aside, Widget) or (isinstance(aside, Decision) and text.LEFT in aside.said)


def _is_answered(turn: Iterable[Message]) -> bool:
    """Whether there is something to read or see, or a line that says why there is not."""
    for message in turn:
        if message.role is Role.SYSTEM:
            continue
        if message.stopped or message.cut or any(map(_says_why, message.asides)):
            return True
        for part in message.parts:
            is_words = isinstance(part, Text) and bool(part.text.strip())
            if is_words or isinstance(part, Media | Raw | Output):
                return True
    return False
