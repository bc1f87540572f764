"""Flat rows: what the screen draws, one memoised component each.

A transcript is a tree (messages, parts, markdown blocks); the screen is a list. Cutting it into
rows here is what makes streaming cheap: a row that did not change is neither sent nor drawn again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from chat_app import text
from chat_app.transcript.message import Failure, Interrupt, Raw, ToolCall, ToolStatus

HUMAN, TEXT, REASONING, TOOL, RAW, ERROR, NOTICE = (
    "human",
    "text",
    "reasoning",
    "tool",
    "raw",
    "error",
    "notice",
)

_GIST_LENGTH = 80


@dataclass(frozen=True)
class Row:
    """One line of the screen.

    Which fields a kind uses: all have `key` and `text` (human and markdown text, thoughts, a
    tool's arguments, a sentence); a tool also `name`, `gist`, `status` and its result as `detail`;
    an error also the server's own words as `detail`.
    """

    key: str
    kind: str
    text: str = ""
    name: str = ""
    gist: str = ""
    status: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Tail:
    """The open end of the message being written: a half markdown block or a half thought."""

    kind: str = ""
    text: str = ""


def tool_row(key: str, call: ToolCall) -> Row:
    """One quiet line for a tool call, its arguments and result behind it."""
    done = call.status is not ToolStatus.WRITING
    return Row(
        key=key,
        kind=TOOL,
        name=call.name,
        text=pretty(call.args) if done else call.args,
        gist=gist(call.args) if done else "",
        status=call.status.value,
        detail=pretty(call.result.content) if call.result else "",
    )


def raw_row(key: str, part: Raw) -> Row:
    """A content block this app has no picture for, as JSON."""
    return Row(key, RAW, text=_dump(part.block), name=str(part.block.get("type") or "block"))


def error_row(sentence: str, detail: str) -> Row:
    """An error in the conversation: what a person should know, and the server's words."""
    return Row("error", ERROR, text=sentence, detail=detail)


def failure_row(failure: Failure) -> Row:
    """The error row of a run that failed."""
    words = ": ".join(part for part in (failure.error, failure.message) if part)
    sentence = text.RUN_LOST if failure.error == "lost" else text.RUN_FAILED
    return error_row(sentence, words)


def interrupt_row(index: int, interrupt: Interrupt) -> Row:
    """The graph paused for a person."""
    value = interrupt.value
    shown = value if isinstance(value, str) else _dump(value) if value is not None else ""
    return Row(f"ask{index}", NOTICE, text=text.AGENT_WAITS, detail=shown)


def stopped_row(key: str = "stopped") -> Row:
    """The mark under an answer that a person stopped."""
    return Row(key, NOTICE, text=text.STOPPED)


def gist(args: str) -> str:
    """The arguments of a call in a few words: its values, in order."""
    try:
        values = json.loads(args)
    except ValueError:
        return ""
    if isinstance(values, dict):
        values = list(values.values())
    if not isinstance(values, list):
        values = [values]
    words = ", ".join(v if isinstance(v, str) else json.dumps(v) for v in values)
    return words if len(words) <= _GIST_LENGTH else words[: _GIST_LENGTH - 1] + "…"


def pretty(source: str) -> str:
    """JSON with indents; any other text as it is."""
    if not source.lstrip().startswith(("{", "[")):
        return source
    try:
        return _dump(json.loads(source))
    except ValueError:
        return source


def _dump(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
