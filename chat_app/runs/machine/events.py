"""What can happen on a thread: the commands of a person, and the reports of effects.

`chat_app.runs.machine.step` leads from an event to effects (see `effect_types`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_app.runs.machine.conversation import Strategy, Version

if TYPE_CHECKING:
    from chat_app.client import LangGraphError, Outcome
    from chat_app.runs.answered import Answered
    from chat_app.runs.machine.effect_types import Cancel, StartStopTimer
    from chat_app.runs.pending_runs import Agenda, Queued


# Commands of a person.


@dataclass(frozen=True)
class Send:
    """Send a message. `turn_id` names the run that it may start."""

    message: Queued
    tab: str = ""
    strategy: Strategy = Strategy.QUEUE


@dataclass(frozen=True)
class Stop:
    """Cancel the run and everything that waits behind it."""


@dataclass(frozen=True)
class Retry:
    """Run again after a failure, with the assistant that is chosen by now."""

    turn_id: str
    tab: str = ""
    assistant_id: str = ""


@dataclass(frozen=True)
class Answer:
    """Answer a question of the graph."""

    turn_id: str
    answer: Answered
    tab: str = ""


@dataclass(frozen=True)
class EditMessage:
    """Send another version of a message that was answered, from where the thread stood before it.

    The version has an id of its own, `message.message_id`; what followed the old one is kept as
    the other version.
    """

    message_id: str
    """Of the message as it is shown."""
    message: Queued
    turn_id: str
    tab: str = ""


@dataclass(frozen=True)
class Regenerate:
    """Let an answer be written anew; the old one is kept as the other version."""

    message_id: str
    """Of the answer, or of the message that it answers."""
    turn_id: str
    tab: str = ""
    assistant_id: str = ""
    """That is to answer; empty: the one that has last worked on the thread."""


@dataclass(frozen=True)
class ContinueAnswer:
    """Go on with the last answer, which was cut off or stopped."""

    turn_id: str
    tab: str = ""


@dataclass(frozen=True)
class ShowVersion:
    """Show another version of a message or of an answer, and go on from there."""

    message_id: str
    """A key of `chat_app.runs.thread_view.View.versions`."""
    number: int
    """From 1 on."""


@dataclass(frozen=True)
class Dismiss:
    """Leave the open questions: close them without an answer."""


@dataclass(frozen=True)
class Remove:
    """Take a message out of the queue."""

    id: str


@dataclass(frozen=True)
class Edit:
    """Take a message out of the queue and back into the draft."""

    id: str
    tab: str = ""


@dataclass(frozen=True)
class SendNow:
    """Send a paused message; or one that waits, and cancel the run before it."""

    id: str
    tab: str = ""


@dataclass(frozen=True)
class SendAll:
    """Send all paused messages."""


@dataclass(frozen=True)
class MoveUp:
    """Let a message go before the one that is before it."""

    id: str


@dataclass(frozen=True)
class Acknowledge:
    """The browser has stored a returned message."""

    id: str


# Reports.


@dataclass(frozen=True)
class Opened:
    """A tab shows the thread."""


@dataclass(frozen=True)
class Changed:
    """Something may have changed at the server: where it is known, that a run began or ended."""

    run_id: str = ""
    is_over: bool = False


@dataclass(frozen=True)
class Loaded:
    """The thread was read."""

    agenda: Agenda
    paused: tuple[Queued, ...] = ()
    exists: bool = True
    is_asking: bool = False
    changes: int = 0
    shown: frozenset[str] = frozenset()
    """Ids of the messages in the thread."""
    version: Version | None = None
    """The branch that was asked for."""


@dataclass(frozen=True)
class NotLoaded:
    """The thread could not be read, or not the branch that was asked for."""

    version: Version | None = None
    failure: LangGraphError | None = None
    """Why the version is not shown."""


@dataclass(frozen=True)
class RunsRead:
    """The list of runs was read, as it was after so many `changes`; None where it could not be."""

    agenda: Agenda | None
    changes: int = 0


@dataclass(frozen=True)
class Created:
    """The server has the thread."""


@dataclass(frozen=True)
class Accepted:
    """The server has accepted a run."""

    turn_id: str
    run_id: str


@dataclass(frozen=True)
class NotStarted:
    """A run was not accepted. Without a `failure` it was given up before it was sent."""

    turn_id: str
    failure: LangGraphError | None = None
    is_busy: bool = False
    """The thread is busy with a run of another program."""
    is_answered: bool = False
    """The question was answered elsewhere."""
    is_asking: bool = False
    """What the thread asked before is still open."""


@dataclass(frozen=True)
class Ended:
    """The stream of a run is over. A `failure` is one of the stream, not of the run."""

    turn_id: str
    outcome: Outcome
    is_asking: bool = False
    failure: LangGraphError | None = None


@dataclass(frozen=True)
class Cancelled:
    """The server has confirmed a cancel."""

    effect: Cancel


@dataclass(frozen=True)
class NotCancelled:
    """It has refused it."""

    effect: Cancel
    failure: LangGraphError


@dataclass(frozen=True)
class StopTimedOut:
    """The server has not answered a cancel for too long."""

    effect: StartStopTimer


@dataclass(frozen=True)
class Saved:
    """What only this app knew of a run is saved, or cannot be."""

    turn_id: str
    is_asking: bool = False


@dataclass(frozen=True)
class Dismissed:
    """The open questions are closed."""

    is_answered: bool = False
    """They were not open any more: answered or dismissed elsewhere."""


@dataclass(frozen=True)
class NotDismissed:
    """The server did not close them."""

    failure: LangGraphError


@dataclass(frozen=True)
class Enqueued:
    """A message waits in the server's queue."""

    id: str
    run_id: str


@dataclass(frozen=True)
class NotEnqueued:
    """The server did not take it."""

    id: str
    has_queue: bool = True


@dataclass(frozen=True)
class Removed:
    """The pending runs of messages are removed: of these `ids`; others began or are over."""

    ids: tuple[str, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True)
class NotRemoved:
    """The server did not answer: which of them are gone is not known."""

    asked: tuple[str, ...]


@dataclass(frozen=True)
class Unblocked:
    """A busy thread may be tried again."""


Event = (
    Send
    | Stop
    | Retry
    | Answer
    | EditMessage
    | Regenerate
    | ContinueAnswer
    | ShowVersion
    | Dismiss
    | Remove
    | Edit
    | SendNow
    | SendAll
    | MoveUp
    | Acknowledge
    | Opened
    | Changed
    | Loaded
    | NotLoaded
    | RunsRead
    | Created
    | Accepted
    | NotStarted
    | Ended
    | Cancelled
    | NotCancelled
    | StopTimedOut
    | Saved
    | Dismissed
    | NotDismissed
    | Enqueued
    | NotEnqueued
    | Removed
    | NotRemoved
    | Unblocked
)
