"""What the app does about an event: each effect is one piece of work at the server.

`chat_app.runs.effects` does it, and reports its end as another event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from chat_app.runs.machine.conversation import Conversation, Item, Turn, Version
    from chat_app.runs.pending_runs import Queued


@dataclass(frozen=True)
class Load:
    """Read the whole thread; reports `Loaded` or `NotLoaded`."""

    changes: int = 0
    version: Version | None = None
    """The branch to show from then on; None: the one that the thread shows."""


@dataclass(frozen=True)
class ReadRuns:
    """Read the list of runs; reports `RunsRead`."""

    changes: int = 0


@dataclass(frozen=True)
class Start:
    """Start a run and read its stream; reports `Accepted` or `NotStarted`, then `Ended`."""

    turn: Turn


@dataclass(frozen=True)
class Join:
    """Read the stream of a run that goes on; reports as `Start`."""

    turn: Turn


@dataclass(frozen=True)
class Abort:
    """Give up a run whose request was not sent yet; reports `NotStarted` if so."""

    turn_id: str


@dataclass(frozen=True)
class Cancel:
    """Cancel runs with one request; reports `Cancelled` or `NotCancelled`.

    A run to be rolled back is removed with all that it wrote, in a request of its own.
    """

    run_ids: tuple[str, ...]
    rollback: str = ""
    turn_id: str = ""
    """Of the turn that ends with it, if one does."""


@dataclass(frozen=True)
class StartStopTimer:
    """Report `StopTimedOut` after a while."""

    turn_id: str
    changes: int


@dataclass(frozen=True)
class EndStream:
    """Read what is left of a cancelled run's stream, but not for long; reports `Ended`."""

    turn_id: str


@dataclass(frozen=True)
class CheckOver:
    """End the stream of a run that is over at the server, where it does not say so."""

    turn_id: str


@dataclass(frozen=True)
class Save:
    """Save what only this app knows of a run, or read what another has saved; reports `Saved`."""

    turn: Turn
    is_stopped: bool = False
    """This app has cancelled it."""
    is_rollback: bool = False


@dataclass(frozen=True)
class Dismiss:
    """Close the open questions of the thread; reports `Dismissed` or `NotDismissed`."""


@dataclass(frozen=True)
class Enqueue:
    """Queue a message at the server; reports `Enqueued` or `NotEnqueued`."""

    item: Item


@dataclass(frozen=True)
class RemoveRuns:
    """Remove pending runs, the last one first; reports `Removed` or `NotRemoved`."""

    messages: tuple[Queued, ...]


@dataclass(frozen=True)
class RememberPaused:
    """Write the runs of paused messages to the thread's metadata. Reports nothing."""

    run_ids: tuple[str, ...]


@dataclass(frozen=True)
class Unblock:
    """Report `Unblocked` after a while."""


Effect = (
    Load
    | ReadRuns
    | Start
    | Join
    | Abort
    | Cancel
    | StartStopTimer
    | EndStream
    | CheckOver
    | Save
    | Dismiss
    | Enqueue
    | RemoveRuns
    | RememberPaused
    | Unblock
)

Step: TypeAlias = "tuple[Conversation, tuple[Effect, ...]]"
"""What an event leads to: the next value, and what must be done for it, in this order."""
