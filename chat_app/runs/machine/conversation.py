"""What goes on with one thread, as one value: its run, its queue, and what went wrong.

`chat_app.runs.machine.step` computes the next value; `chat_app.runs.session` holds the current one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chat_app.client.events import Outcome  # noqa: TC001 - part of a value

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphError
    from chat_app.runs.answered import Answered
    from chat_app.runs.pending_runs import Queued


class Strategy(StrEnum):
    """What a message does to the run under way."""

    QUEUE = "queue"
    INTERRUPT = "interrupt"
    ROLLBACK = "rollback"


class Phase(StrEnum):
    """What the thread is doing."""

    IDLE = "idle"
    """No run. What is sent starts one."""
    ASKING = "asking"
    """No run. The graph waits for a person's answer."""
    STARTING = "starting"
    """A run was asked for, and the server has not accepted it yet."""
    RUNNING = "running"
    """The server has the run, and its stream is read."""
    STOPPING = "stopping"
    """The run is to be cancelled, and the server has not confirmed it yet."""
    SAVING = "saving"
    """The run is over, and what only this app knows of it is being saved."""
    LEAVING = "leaving"
    """No run. What the graph asks is being closed without an answer."""

    @property
    def is_at_rest(self) -> bool:
        """Whether a run may be started."""
        return self in (Phase.IDLE, Phase.ASKING)


class Kind(StrEnum):
    """What a run was started for."""

    MESSAGE = "message"
    RETRY = "retry"
    REGENERATE = "regenerate"
    ANSWER = "answer"
    JOINED = "joined"
    """It goes on already: it came from the queue, from another tab, process or program."""


@dataclass(frozen=True)
class Fork:
    """A run that begins where the thread stood before: what is there stays as another version."""

    message_id: str
    """Of the message that is edited, or of the answer that is regenerated."""


@dataclass(frozen=True)
class Version:
    """Another version of a message or an answer: the branch that a person wants to see."""

    message_id: str
    number: int
    """From 1 on."""


@dataclass(frozen=True)
class Turn:
    """One run of the thread, from the request that starts it to the end of its stream."""

    id: str
    """Of this app's own: a run has no id before the server accepts it."""
    kind: Kind
    message: Queued | None = None
    """What the person sent; None for a retry, an answer, or an unknown run."""
    tab: str = ""
    """The tab that it came from, which gets a message back that was never accepted."""
    run_id: str = ""
    """Empty until the server has accepted it."""
    assistant_id: str = ""
    """Of a `RETRY` or a `REGENERATE`."""
    answer: Answered | None = None
    """Of an `ANSWER`."""
    outcome: Outcome | None = None
    """How it ended; None while it goes."""
    fork: Fork | None = None
    """Of a `REGENERATE`, and of a `MESSAGE` that is another version of one."""
    start: str = ""
    """Of one that is `JOINED`: the checkpoint where it began, if that was not the newest."""


class Delivery(StrEnum):
    """Where one queued message is."""

    LOCAL = "local"
    """In this process only. It goes to the server when its turn comes."""
    SENDING = "sending"
    """On its way into the server's queue."""
    WAITING = "waiting"
    """In the server's queue, as a pending run."""
    CANCELLING = "cancelling"
    """Its pending run is being cancelled, together with the run before it."""
    REMOVING = "removing"
    """Its pending run alone is being removed."""
    PAUSED = "paused"
    """Stopped together with the run before it. It stays until the person sends or removes it."""

    @property
    def is_under_way(self) -> bool:
        """Whether a request for it is not answered yet."""
        return self in (Delivery.SENDING, Delivery.CANCELLING, Delivery.REMOVING)


class Then(StrEnum):
    """What becomes of a message once its pending run is gone."""

    PAUSE = "pause"
    QUEUE = "queue"
    """It is queued again, in its present place."""
    DROP = "drop"
    EDIT = "edit"
    """It goes back to the draft of the tab that asked."""


@dataclass(frozen=True)
class Item:
    """One message of the queue."""

    message: Queued
    delivery: Delivery = Delivery.LOCAL
    tab: str = ""
    then: Then = Then.PAUSE
    """While `CANCELLING` or `REMOVING`; where it is not `QUEUE` also while `SENDING`."""
    is_held: bool = False
    """While `LOCAL`: the server did not queue it, so it goes when nothing else does."""
    strategy: Strategy = Strategy.QUEUE
    """While `LOCAL`: what it does to the run before it, once that is accepted; while `SENDING`:
    what it does to that run as soon as it is sent."""
    moves: int = 0
    """How often it is still to be moved up: not before the requests for the queue are answered."""

    @property
    def id(self) -> str:
        return self.message.message_id


@dataclass(frozen=True)
class Returned:
    """A message on its way back into the draft of one tab."""

    id: str
    tab: str
    message: Queued
    is_edit: bool = False
    """The person asked for it; otherwise the server never accepted it."""
    edits: str = ""
    """The message that it was to be another version of."""


class Notice(StrEnum):
    """What is said below the conversation."""

    STOP_REFUSED = "stop refused"
    STOP_UNCONFIRMED = "stop unconfirmed"
    ANSWERED_ALREADY = "answered already"
    FAILED = "failed"
    """In the words of `Trouble.failure`."""


@dataclass(frozen=True)
class Trouble:
    """What went wrong last, for as long as it matters."""

    notice: Notice
    failure: LangGraphError | None = None
    can_retry: bool = False

    @property
    def kind(self) -> str:
        """A word for it, to be counted by."""
        return type(self.failure).__name__ if self.failure else self.notice.value


@dataclass(frozen=True)
class Conversation:
    """All that decides what happens next on a thread."""

    thread_id: str
    exists: bool = False
    """The server is known to have the thread."""
    has_queue: bool = True
    """The server lets runs of a thread wait for each other; else they wait here as `LOCAL`."""
    phase: Phase = Phase.IDLE
    turn: Turn | None = None
    """The run that goes, or the last one."""
    queue: tuple[Item, ...] = ()
    """Next one first."""
    is_confirmed: bool = False
    """While `STOPPING`: the server has confirmed the cancel."""
    is_unconfirmed: bool = False
    """While `STOPPING`: it was silent for too long, and the person was told."""
    is_rollback: bool = False
    """While `STOPPING`: what the run wrote is to be removed."""
    trouble: Trouble | None = None
    returned: tuple[Returned, ...] = ()
    seen: frozenset[str] = field(default_factory=frozenset)
    """Runs that are over, as this app knows: the transcript has all that they left."""
    unknown: frozenset[str] = field(default_factory=frozenset)
    """Runs that began, and of which nothing else is known."""
    is_blocked: bool = False
    """The thread was busy with a run of another program when a run was to be started."""
    is_loading: bool = False
    is_reading: bool = False
    """The list of runs is being read."""
    is_stale: bool = False
    """The list of runs must be read again."""
    showing: Version | None = None
    """What the person wants to see: it is read before anything is started."""
    is_unsure: bool = False
    """What became of a message is not known: the thread is read before anything is started."""
    changes: int = 0
    """Counts what this app changed in the server's queue: a list read before a change is stale."""
    stop_changes: int = 0
    """What `changes` was at the last attempt to stop."""
    abandoned: frozenset[str] = field(default_factory=frozenset)
    """Ids of returned messages: a run that starts late for one of them is cancelled."""

    @property
    def known(self) -> frozenset[str]:
        """All runs that this app knows."""
        turn = {self.turn.run_id} if self.turn else set()
        return self.seen | turn | {item.message.run_id for item in self.queue}

    @property
    def answered_already(self) -> Trouble | None:
        """Another person answered first: shown until the end of the run that they began."""
        is_it = self.trouble and self.trouble.notice is Notice.ANSWERED_ALREADY
        return self.trouble if is_it else None

    @property
    def is_running(self) -> bool:
        """Whether the page shows a run under way."""
        return self.phase in (Phase.STARTING, Phase.RUNNING, Phase.STOPPING)

    @property
    def is_settled(self) -> bool:
        """Whether no request is under way that changes something at the server."""
        is_quiet = self.phase.is_at_rest or self.phase is Phase.RUNNING
        return is_quiet and not any(item.delivery.is_under_way for item in self.queue)

    @property
    def paused(self) -> tuple[str, ...]:
        """The cancelled runs that have the inputs of paused messages."""
        paused = (item for item in self.queue if item.delivery is Delivery.PAUSED)
        return tuple(item.message.run_id for item in paused if item.message.run_id)

    def find(self, id: str) -> Item | None:
        """The queued message of that id."""
        return next((item for item in self.queue if item.id == id), None)

    @property
    def is_queue_under_way(self) -> bool:
        """Whether a request for the queue is not answered yet."""
        return any(item.delivery.is_under_way for item in self.queue)

    def is_turn(self, turn_id: str) -> bool:
        """Whether that turn is the current one and not over."""
        return self.turn is not None and self.turn.id == turn_id and self.turn.outcome is None

    def put(self, item: Item) -> Conversation:
        """With another state of a queued message."""
        return self.map(lambda known: item if known.id == item.id else known)

    def map(self, change: Callable[[Item], Item]) -> Conversation:
        """With each queued message changed."""
        return replace(self, queue=tuple(change(item) for item in self.queue))

    def without(self, *ids: str) -> Conversation:
        """Without these queued messages."""
        return replace(self, queue=tuple(item for item in self.queue if item.id not in ids))
