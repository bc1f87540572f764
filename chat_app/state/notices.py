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


def stopped_row(key: str = "stopped", *, can_continue: bool = False) -> NoticeRow:
    """The mark under an answer that a person stopped. It may go on if it is the last one."""
    return NoticeRow(key, text.STOPPED, can_continue=can_continue)


def cut_row(key: str, transcript: Transcript, index: int, cut: CutOff) -> NoticeRow:
    """Why the message at `index` ends early. Where it is the last one, the agent may go on."""
    is_last = index == len(transcript.messages) - 1
    can_go_on = is_last and is_idle(transcript) and cut in _CAN_GO_ON
    return NoticeRow(key, text.CUT_OFF[cut.value], can_continue=can_go_on)


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
