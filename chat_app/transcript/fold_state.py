"""A transcript in the making: what a fold goes on from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app.transcript import order, tools
from chat_app.transcript.message import ToolStatus, Transcript

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from chat_app.client.events import Json
    from chat_app.transcript.calls import Call
    from chat_app.transcript.message import Message
    from chat_app.transcript.order import Messages

NO_IDS: frozenset[str] = frozenset()
NOTHING: Mapping[str, Any] = {}


class Fold(NamedTuple):
    """A transcript and the state that is needed to fold further events. All sets hold message ids.

    A tuple, not a dataclass like its neighbours: it is copied for each token.
    """

    transcript: Transcript
    before: frozenset[str]
    """Shown when the run began."""
    drafts: Mapping[str, Json]
    """Streamed so far as JSON, confirmed by no snapshot yet."""
    doubtful: frozenset[str] = NO_IDS
    """Drafts open at a reconnect: pieces may be lost or doubled."""
    unsettled: frozenset[str] = NO_IDS
    """Whole messages that no root `values` has judged yet."""
    truth: Messages | None = None
    """The messages of the last root `values` since the last reconnect."""
    saved: frozenset[str] = NO_IDS
    """In any root `values` of this run: the server had them."""
    hidden: frozenset[str] = NO_IDS
    """Not to be streamed, by their tags."""
    calls: Mapping[str, Call] = NOTHING
    """The model calls of this run, by the id under which each is shown, oldest first."""
    aliases: Mapping[str, str] = NOTHING
    """Further ids of what is shown, with the one under which it is (see `calls`)."""
    given_up: frozenset[str] = NO_IDS
    """Calls that failed and were made again: drafts that are not shown."""
    passing: frozenset[str] = NO_IDS
    """Drafts that were written to their end, and that their step did not save."""
    speaking: frozenset[str] = NO_IDS
    """Nodes that saved what their models said (see `Call.place`)."""
    silent: frozenset[str] = NO_IDS
    """Nodes that called models and saved nothing of it."""
    hide: tuple[str, ...] = ()
    """Names of nodes whose models' words are not shown, as patterns (see `pieces.hides`)."""
    about: Mapping[str, Json] = NOTHING
    """Cumulative mode: what was said of each message before its first partial."""
    bases: Mapping[str, Json] = NOTHING
    """Cumulative mode: what came of the same call under ids before this one."""
    paused: bool = False
    """The graph itself stopped to wait for a person."""
    files: Mapping[str, str] = NOTHING
    """The agent's files when the run began, by path."""
    namespace: str = ""
    """The path to this graph, where it is a subgraph."""
    name: str = ""
    """What the subgraph is called, where it says so."""
    early: tuple[Any, ...] = ()
    """`ui` messages for messages that are yet to come, and what changed these since."""
    inner: Mapping[str, Fold] = NOTHING
    """The subgraphs, by the last segment of their path (see `chat_app.transcript.subgraphs`)."""
    values: tuple[Any, ...] = ()
    """The last root `values`, where the graph's answer may be no message; empty before any."""
    written: frozenset[str] = NO_IDS
    """The keys that nodes wrote in this run."""
    guess: Mapping[str, Any] = NOTHING
    """What they wrote last by key, where no root `values` has told the state."""
    owners: Mapping[str, str] = NOTHING
    """The call that started each of them, as far as it is known; "" where none did."""


def start(
    transcript: Transcript,
    *,
    pending: Message | None = None,
    silent: Collection[str] = (),
    hide: Iterable[str] = (),
) -> Fold:
    """Begin a run on a thread already read.

    Args:
        transcript: the thread so far.
        pending: the person's message as just sent, with the id that was sent along.
        silent: nodes known to save nothing of what their models say (see `Fold.silent`).
        hide: nodes whose models' words are not shown (see `pieces.hides`).
    """
    messages = transcript.messages
    if pending:  # and not an answer: what waited for one is given up
        messages = order.put(tools.closed(messages, ToolStatus.UNANSWERED), pending)
    elif not transcript.interrupts:
        messages = tools.resumed(messages)
    begun = replace(transcript, messages=messages, interrupts=(), failure=None, running=True)
    return Fold(
        begun,
        before=frozenset(message.id for message in messages),
        drafts={},
        files={file.path: file.text for file in transcript.files},
        silent=frozenset(silent),
        hide=tuple(hide),
    )


def begun(namespace: str, *, before: frozenset[str], hide: tuple[str, ...] = ()) -> Fold:
    """Begin a subgraph; what it is handed of the messages `before` is none of its own."""
    return Fold(Transcript(running=True), before=before, drafts={}, namespace=namespace, hide=hide)
