"""What the runs of a thread tell its inspector, and what they ask for because of it.

A session has an `Inspection` where its backend gives one: see `chat_app.runs.inspector`. Nothing
here is asked per event unless an inspector of the thread is open.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Event, Json
    from chat_app.client.schema import RunOptions

Tap = Callable[["Event"], None]
"""Is given each event of one run, as it arrives."""


class Inspection(Protocol):
    """That of one thread, for those with the same rights."""

    def watch(self, tab: Hashable) -> None:
        """A tab has the inspector of this thread open from now on."""

    def unwatch(self, tab: Hashable) -> None:
        """It has not any more."""

    @property
    def is_watched(self) -> bool:
        """Whether any tab has."""
        ...

    def tap(self) -> Tap | None:
        """Takes the events of the run that begins; None where no inspector is open."""

    def accepted(self, run_id: str, tap: Tap | None) -> None:
        """The run whose events `tap` gets goes on at the server."""

    def ended(self, run_id: str) -> None:
        """The run is over, or its stream is not read any more."""

    def removed(self, run_id: str) -> None:
        """The run was deleted."""

    def options(self) -> RunOptions:
        """What a run of the thread asks for beside what every run of a chat does."""
        ...

    def read(self, metadata: Mapping[str, Any]) -> None:
        """Take what the thread's metadata say of it."""

    def metadata(self) -> Json:
        """What the metadata of the thread say of it where it is created."""
        ...

    async def keep(self, client: LangGraphClient) -> None:
        """Write what was chosen into the thread's metadata, if they say something else.

        Raises:
            LangGraphError: the server did not take it.
        """
