"""What the reader sees, as values: a `Transcript` is messages, a `Message` is parts.

Everything here is immutable. What did not change from one transcript to the next is the same
object, so that renderers can compare by identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from chat_app.masking import masked
from chat_app.transcript.shapes import UNKNOWN, Shape


class Role(Enum):
    """Who speaks."""

    HUMAN = "human"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    OTHER = "other"
    """A type we do not know, or a tool result whose call is nowhere in the transcript."""


class ToolStatus(Enum):
    """Where a tool call stands."""

    WRITING = "writing"
    """The model is still writing the arguments."""
    RUNNING = "running"
    """The arguments are complete, no result yet."""
    WAITING = "waiting"
    """The run paused before the result, and a person has to say how it goes on."""
    DONE = "done"
    ERROR = "error"
    REJECTED = "rejected"
    """A person did not let it run."""
    UNANSWERED = "unanswered"
    """The run is over and no result ever came."""


class CutOff(Enum):
    """Why a message ended before the model had finished it."""

    LENGTH = "length"
    """The limit on the tokens of one answer was reached."""
    WINDOW = "window"
    """The model's context window is full."""
    FILTER = "filter"
    """A content filter of the provider cut it."""
    REFUSAL = "refusal"
    """The model declined to go on."""
    PAUSE = "pause"
    """The provider paused a long turn; sending it back lets the model go on."""
    FAULT = "fault"
    """Anything else that is not a regular end, such as a malformed tool call."""


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown. `refused`: the model gives it as its reason to decline."""

    text: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Reasoning:
    """The reasoning of the model before its answer, as far as the provider shows it.

    `redacted`: some of it is encrypted, and only the provider can read that.
    """

    text: str
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The answer of one tool call. `content` is text; `blocks` keeps whatever was not text.

    Of an error, keys in the text are hidden: tools quote what they were refused with.
    """

    content: str
    error: bool = False
    message_id: str = ""
    blocks: tuple[dict[str, Any], ...] = ()
    artifact: Any = None
    handed_to: str = ""
    """The agent that the call handed control to, where the result names it."""

    def __post_init__(self) -> None:
        if self.error:
            object.__setattr__(self, "content", masked(self.content))


@dataclass(frozen=True, slots=True)
class SubAgent:
    """A graph that runs inside the graph, with a transcript of its own.

    `namespace` is where the server keeps its state, as in ``tools:<task id>``; a path of several
    is joined by ``|``. `transcript` is None where it is at the server and was not read yet.
    """

    namespace: str
    name: str
    transcript: Transcript | None = None
    is_pass: bool = False
    """It only handed control on, and gets no row (see `chat_app.transcript.passes`)."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call with its arguments as JSON text (maybe cut short while streaming) and its result."""

    id: str
    name: str
    args: str
    status: ToolStatus = ToolStatus.WRITING
    result: ToolResult | None = None
    agent: SubAgent | None = None
    """The graph that the tool ran, if any."""
    hands_back: bool = False
    """Its message only gives control back to another agent (see `handoffs`)."""
    edited: bool = False
    """A person changed it before it ran: `name` and `args` are theirs, not the model's."""
    by_provider: bool = False
    """The model's provider runs it: its result is in the message, not in one of its own."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page that an answer rests on. `url` is the model's: hostile until checked."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a finished message cites, each page once, in the order of its text."""

    pages: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Raw:
    """A content block that is none of the above, kept as the server sent it."""

    block: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Media:
    """An image, a sound, a video or a file in a message: `url` or `data` (base64), both hostile."""

    kind: Literal["image", "audio", "video", "file"]
    mime_type: str
    name: str = ""
    url: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Everything above is no longer in the agent's memory: the state lists it no more.

    `summary` is what the agent keeps of it in its place, empty where it was only removed.
    """

    summary: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gave a graph as its input, beside a message or without one: any JSON."""

    value: Any


@dataclass(frozen=True, slots=True)
class Output:
    """One value of the state that a run wrote, for graphs that do not answer in messages.

    `name` is its key, empty where the state is that value alone. A `value` of None without a name
    stands for a run that returned nothing.
    """

    name: str
    value: Any


Part = Text | Reasoning | ToolCall | Sources | Media | SubAgent | Given | Output | Raw | Forgotten
Carried = Media | Raw
"""What a person's message may carry beside its words."""


@dataclass(frozen=True, slots=True)
class CustomEvent:
    """A progress event of the graph: any JSON. `name` is its kind."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Widget:
    """A `ui` message of the graph: a component of that name, to be drawn with these props."""

    id: str
    name: str
    props: dict[str, Any]
    message_id: str = ""
    """The message that it was pushed for, if any."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person was asked and decided, in words, a line for each action."""

    id: str
    said: tuple[str, ...]
    asked: tuple[str, ...] = ()
    """As many as `said`, or none where it is not known."""


@dataclass(frozen=True, slots=True)
class InnerCall:
    """What a model said inside a node, which is no message of the thread: a router's choice.

    `id` is the streamed message's, `node` the graph's node, `text` at most
    `chat_app.transcript.quiet.LONGEST` characters.
    """

    id: str
    node: str
    text: str


Aside = CustomEvent | Widget | Decision | InnerCall


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model call."""

    input: int = 0
    output: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Tool messages do not appear here: they are results of their calls."""

    id: str
    role: Role
    parts: tuple[Part, ...] = ()
    name: str = ""
    usage: Usage | None = None
    model: str = ""
    stopped: bool = False
    """A person stopped the run while this was written (see `chat_app.runs.save_partial`)."""
    cut: CutOff | None = None
    """Why it ended early, where its provider says so."""
    asides: tuple[Aside, ...] = ()
    """What happened after this message and is none itself (see `chat_app.transcript.custom`)."""
    forgotten: bool = False
    """The agent's memory no longer has it (see `chat_app.transcript.memory`)."""
    continues: bool = False
    """It asks for the rest of the answer before it; these are no words of a person."""

    @property
    def is_request(self) -> bool:
        """Whether a run of the graph begins with it."""
        return self.role is Role.HUMAN or self.continues


@dataclass(frozen=True, slots=True)
class Interrupt:
    """The graph asks a person. `id` is empty on old servers and for static breakpoints."""

    id: str
    value: Any
    schema: dict[str, Any] | None = None
    """The JSON Schema of the answer, where the server sends one."""


_MOST = 20_000
"""Characters of a failure's words, of which a page shows both ends."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the run failed, in the server's own words, without keys."""

    error: str
    message: str
    checkpoint_id: str = ""
    """Where to run again from, as the answer so far stands in the thread (see
    `chat_app.runs.save_partial`). Empty: from where the thread stands."""

    def __post_init__(self) -> None:
        for name in ("error", "message"):
            words = getattr(self, name)
            if len(words) > _MOST:
                words = f"{words[: _MOST // 2]} … {words[-_MOST // 2 :]}"
            object.__setattr__(self, name, masked(words))


@dataclass(frozen=True, slots=True)
class Todo:
    """One item of an agent's plan. `status` is pending, in_progress or completed."""

    content: str
    status: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that an agent keeps in its state. `before` is its text when the run began, if any."""

    path: str
    text: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A thread as the reader sees it."""

    messages: tuple[Message, ...] = ()
    interrupts: tuple[Interrupt, ...] = ()
    failure: Failure | None = None
    run_id: str = ""
    running: bool = False
    todos: tuple[Todo, ...] = ()
    files: tuple[File, ...] = ()
    shape: Shape = UNKNOWN
    """What the graph takes, and where its state keeps messages."""
    title: str = ""
    """That the graph gave the thread; empty where it gave none."""
    values: Any = None
    """The state before the run that goes, or else as it is: what the next run writes is told by
    it. Only kept where the graph does not answer in messages alone."""
