"""Rows of the messages of an agent: their text, what they carry, and what is said about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from chat_app.state.rows.base import BaseRow, Sparse


@dataclass(frozen=True)
class TextRow(BaseRow):
    """One Markdown block of an answer, or several small ones."""

    kind: Literal["text"] = field(default="text", init=False)
    md: str
    """Markdown to draw."""
    original: str = ""
    """The Markdown as the model wrote it, where that differs from `md`: a reader copies this."""
    path: str = ""
    """The block continues the row before it, inside these elements of that row: see
    `chat_app.transcript.blocks.Block`."""


@dataclass(frozen=True)
class PlainTextRow(BaseRow):
    """A piece of an answer that is too long or too deeply nested to be drawn as Markdown."""

    kind: Literal["plain"] = field(default="plain", init=False)
    text: str
    follows: bool = False
    """The row before it is such a piece, too, and has already said why."""


@dataclass(frozen=True)
class ReasoningRow(BaseRow):
    """What a model thought, as far as its provider shows it."""

    kind: Literal["reasoning"] = field(default="reasoning", init=False)
    text: str
    took: str = ""
    """Empty where the run was not measured."""


@dataclass(frozen=True)
class MediaItem(Sparse):
    """An image, a sound, a video or a file. Never the bytes: the browser fetches these."""

    kind: str
    """image, audio, video or file."""
    name: str = ""
    type: str = ""
    """The MIME type; empty where it is unknown."""
    size: str = ""
    """In words, as "214 KB"; empty where it is unknown."""
    address: str = ""
    """A path of this app, or empty: then there may be a `link`."""
    link: str = ""
    """An http or https address elsewhere."""


@dataclass(frozen=True)
class MediaRow(BaseRow):
    """What one message carries beside its text."""

    kind: Literal["media"] = field(default="media", init=False)
    media: list[MediaItem]
    sent: bool = False
    """A person sent it; else it is the agent's."""
    id: str = ""
    """Of a person's message that is nothing but this, and as `HumanRow` has it."""
    at: int = 0
    number: int = 0
    count: int = 0


@dataclass(frozen=True)
class Link:
    """A page that an answer cites. `url` is http or https, `host` the host of it."""

    url: str
    title: str
    host: str


@dataclass(frozen=True)
class SourcesRow(BaseRow):
    """The pages that an answer cites."""

    kind: Literal["sources"] = field(default="sources", init=False)
    links: list[Link]


@dataclass(frozen=True)
class RawRow(BaseRow):
    """A content block that no other row can show."""

    kind: Literal["raw"] = field(default="raw", init=False)
    type: str
    """The block's own name for what it is."""
    json: str
    """The block, as indented JSON."""


@dataclass(frozen=True)
class SystemRow(BaseRow):
    """Instructions to the model."""

    kind: Literal["system"] = field(default="system", init=False)
    text: str


@dataclass(frozen=True)
class SpeakerRow(BaseRow):
    """The agent that speaks below, in a thread where several agents speak."""

    kind: Literal["speaker"] = field(default="speaker", init=False)
    name: str


@dataclass(frozen=True)
class InnerRow(BaseRow):
    """What a model said inside a node and not in a message: the choice of a router, say."""

    kind: Literal["inner"] = field(default="inner", init=False)
    node: str
    """The name of the node in the graph."""
    text: str


@dataclass(frozen=True)
class MemoryRow(BaseRow):
    """Messages above this row are no longer in the agent's memory."""

    kind: Literal["memory"] = field(default="memory", init=False)
    summary: str = ""
    """What the agent keeps in their place, plain text; empty where it keeps nothing."""


@dataclass(frozen=True)
class EndRow(BaseRow):
    """The line below a finished answer."""

    kind: Literal["end"] = field(default="end", init=False)
    at: int = 0
    """When the answer was written."""
    usage: str = ""
    """Tokens, the wait for the first one and their speed in words, as far as they are known."""
    model: str = ""
    id: str = ""
    """Of the first message of the answer, or of the question where there is none; empty where
    nothing can be done with it."""
    is_bare: bool = False
    """The answer has no words: there is nothing to copy."""
    is_unanswered: bool = False
    """There is no answer: `id` is that of the question, which tells its versions."""
    versions_at: str = ""
    """What the versions are known by, where that is not `id`: those of an answer without a message
    beside those of the question."""
    number: int = 0
    """Which version of the answer this is, from 1 on; 0 where there is no other one."""
    count: int = 0
    """How many versions there are."""


@dataclass(frozen=True)
class Tail:
    """The open end of the message being written: a half Markdown block or a half thought.

    It is no row: it changes with each token, and is sent apart from the rows.
    """

    kind: Literal["", "text", "reasoning"] = ""
    """Empty: there is no open end."""
    text: str = ""
    """Markdown of a text (unless `is_plain`), plain text of a thought."""
    is_plain: bool = False
    """`text` is to be shown as it is, not as Markdown."""
    path: str = ""
    """It continues the last row, inside these elements of that row."""
