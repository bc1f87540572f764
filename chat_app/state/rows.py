"""Flat rows: what the screen draws, one memoised component each.

A transcript is a tree (messages, parts, markdown blocks); the screen is a list. Cutting it into
rows here is what makes streaming cheap: a row that did not change is neither sent nor drawn again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import reflex as rx

from chat_app import text
from chat_app.state.elide import elided
from chat_app.state.failures import explained

if TYPE_CHECKING:
    from chat_app.transcript.message import Failure, Raw, Reasoning, Sources

HUMAN, TEXT, REASONING, TOOL, SOURCES, RAW, ERROR, NOTICE, END = (
    "human",
    "text",
    "reasoning",
    "tool",
    "sources",
    "raw",
    "error",
    "notice",
    "end",
)
SPEAKER, SYSTEM = "speaker", "system"
AGENT, HANDOFF, MEDIA, EVENT, WIDGET, ASK, DECISION, INNER, MEMORY, OUTPUT = (
    "agent",
    "handoff",
    "media",
    "event",
    "widget",
    "ask",
    "decision",
    "inner",
    "memory",
    "output",
)


@dataclass(frozen=True)
class Link:
    """A page that an answer rests on; `url` is http or https."""

    url: str
    title: str
    host: str


@dataclass(frozen=True)
class Item:
    """An image, a sound, a video or a file: `kind` says which.

    `address` is a path of this app, `link` an http or https address of somebody else's; one of
    them is empty. `type` is the MIME type and `size` in words, where they are known.
    """

    kind: str
    name: str = ""
    type: str = ""
    size: str = ""
    address: str = ""
    link: str = ""


@dataclass(frozen=True)
class Exchange:
    """What a person was asked, if it is known, and what they decided."""

    asked: str
    said: str


@dataclass(frozen=True)
class Row:
    """One line of the screen. What is empty is not sent: in the browser it is undefined.

    ========= ===================================================================================
    kind      fields beside `key`
    ========= ===================================================================================
    human     `text`, `at`, `args` (`facts`: an input, see `chat_app.state.output_rows`)
    text      `text` (markdown to draw), `original` (as the model wrote it, where that differs);
              with a `status` of `chat_app.state.block_rows` `text` is plain
    reasoning `text`, `seconds`
    tool      see `chat_app.state.tool_row`
    handoff   as a tool, and `title` (a sentence); `status` is ``back`` or empty
    sources   `links`
    raw       `name`, `text` (JSON)
    error     `text` (a sentence), `detail` (the server's own words)
    notice    `text` (a sentence), `detail`, `status` (see `chat_app.state.notices`)
    speaker   `text` (who speaks below it)
    system    `name` (what it is), `text`
    agent     see `chat_app.state.agent_row`
    media     see `chat_app.state.media_row`
    event     see `chat_app.state.aside_rows`
    widget    see `chat_app.state.aside_rows`
    ask       see `chat_app.state.ask_rows`
    decision  see `chat_app.state.ask_rows`
    inner     `name` (the node), `text` (what a model said in it)
    memory    `name` (a sentence), `text` (the agent's summary of what stands above)
    output    `name`, `args` (`value`), `detail` or `text`, see `chat_app.state.output_rows`
    end       `at`, `text` (tokens and speed in words), `detail` (the model)
    ========= ===================================================================================
    """

    key: str
    kind: str
    text: str = ""
    original: str = ""
    path: str = ""
    """Of a text that goes on with the row before it: see `chat_app.transcript.blocks.Block`."""
    title: str = ""
    name: str = ""
    gist: str = ""
    status: str = ""
    detail: str = ""
    seconds: str = ""
    size: str = ""
    at: int = 0
    """Milliseconds since 1970, UTC; 0 where unknown. Of a tool at work: when it began."""
    args: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    artifact: Any = None
    edited: bool = False
    agent: str = ""
    agent_name: str = ""
    media: list[Item] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    share: str = ""
    earlier: list[str] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)


@rx.serializer
def _sent(row: Row) -> dict[str, Any]:
    """A row as it goes to the browser: without its empty fields, which are most of them."""
    return {name: value for name, value in vars(row).items() if value not in _EMPTY}


_EMPTY: tuple[Any, ...] = ("", 0, None, {}, [])
"""0 is False, too."""


@dataclass(frozen=True)
class Tail:
    """The open end of the message being written: a half markdown block or a half thought.

    `is_plain`: `text` is to be shown as it is, not as Markdown. `path`: it goes on with the last
    row, inside these elements of that.
    """

    kind: str = ""
    text: str = ""
    is_plain: bool = False
    path: str = ""


def sources_row(key: str, part: Sources) -> Row:
    """The pages that an answer cites; what is no web address is left out."""
    links = [
        Link(page.url, page.title or page.url, host)
        for page in part.pages
        if (host := _web_host(page.url))
    ]
    return Row(key, SOURCES, links=links)


def _web_host(url: str) -> str:
    """The host of an http or https address, else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""


def memory_row(key: str, summary: str) -> Row:
    """What stands above is not in the agent's memory any more, and what it keeps of it."""
    sentence = text.SUMMARISED if summary else text.FORGOTTEN
    return Row(key, MEMORY, name=sentence, text=summary)


def raw_row(key: str, part: Raw) -> Row:
    """A content block this app has no picture for, as JSON."""
    name = str(part.block.get("type") or "block")
    try:
        return Row(key, RAW, text=dump(elided(part.block)), name=name)
    except (RecursionError, ValueError):
        return Row(key, RAW, text=text.TOO_DEEP, name=name)


def error_row(sentence: str, detail: str) -> Row:
    """An error in the conversation: what a person should know, and the server's words."""
    return Row("error", ERROR, text=sentence, detail=detail)


def failure_row(failure: Failure) -> Row:
    """The error row of a run that failed."""
    return error_row(*explained(failure))


def reasoning_row(key: str, part: Reasoning, *, seconds: str) -> Row:
    """A thought, and that some of it is hidden."""
    return Row(key, REASONING, text=thought_in_words(part), seconds=seconds)


def system_row(key: str, words: str) -> Row:
    """Instructions to the model."""
    return Row(key, SYSTEM, name=text.SYSTEM_MESSAGE, text=words)


def thought_in_words(part: Reasoning) -> str:
    """The thought; of a redacted one that there is more."""
    words = [part.text, text.THINKING_HIDDEN if part.redacted else ""]
    return "\n\n".join(filter(None, words))


def dump(value: Any) -> str:
    """Any value as JSON with indents."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
