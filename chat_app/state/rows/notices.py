"""Rows that say what became of a run, and the functions by which others make them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from chat_app.state.rows.base import BaseRow


@dataclass(frozen=True)
class NoticeRow(BaseRow):
    """A quiet line in a conversation: why an answer ends early or is missing."""

    kind: Literal["notice"] = field(default="notice", init=False)
    sentence: str
    detail: str = ""
    """More about it, plain text of any length."""
    can_continue: bool = False
    """A button asks the agent to go on."""


@dataclass(frozen=True)
class ErrorRow(BaseRow):
    """An error, in a sentence for people and in the server's own words."""

    kind: Literal["error"] = field(default="error", init=False)
    sentence: str
    detail: str = ""
    """The server's own words, which may be none."""
    is_nowhere: bool = False
    """There is nothing at this address: a link leads to a new chat."""


def notice_row(key: str, sentence: str) -> NoticeRow:
    """Return a quiet line; `key` names it within the page."""
    return NoticeRow(key, sentence)


def error_row(sentence: str, detail: str) -> ErrorRow:
    """Return the error of a conversation, of which there is one at a time."""
    return ErrorRow("error", sentence, detail)


def nowhere_row(sentence: str) -> ErrorRow:
    """Return the error of an address without a chat."""
    return ErrorRow("error", sentence, is_nowhere=True)
