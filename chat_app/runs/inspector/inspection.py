"""The inspection of one thread: what it records, and what its runs ask for: modes, breakpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.runs.inspector.breakpoints import ThreadBreakpoints
from chat_app.runs.inspector.modes import ThreadModes
from chat_app.runs.inspector.recording import Recorder, RecorderTap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import RunOptions
    from chat_app.runs.inspected import Inspection, Tap


class ThreadInspection:
    """Is a `chat_app.runs.inspected.Inspection`; `connect` gives the client for this thread."""

    def __init__(self, thread_id: str, connect: Callable[[], Awaitable[LangGraphClient]]) -> None:
        self.recorder = Recorder(thread_id, connect)
        self.modes = ThreadModes(thread_id)
        self.breakpoints = ThreadBreakpoints(thread_id)

    def watch(self, tab: Hashable) -> None:
        self.recorder.watch(tab)

    def unwatch(self, tab: Hashable) -> None:
        self.recorder.unwatch(tab)

    @property
    def is_watched(self) -> bool:
        return self.recorder.is_watched

    def tap(self) -> Tap | None:
        return self.recorder.tap()

    def accepted(self, run_id: str, tap: Tap | None) -> None:
        self.recorder.accepted(run_id, tap if isinstance(tap, RecorderTap) else None)

    def ended(self, run_id: str) -> None:
        self.recorder.ended(run_id)

    def removed(self, run_id: str) -> None:
        self.recorder.forget(run_id)

    def options(self) -> RunOptions:
        modes = self.modes.options(is_watched=self.is_watched)
        return {**modes, **self.breakpoints.options()}

    def read(self, metadata: Mapping[str, Any]) -> None:
        self.modes.read(metadata)
        self.breakpoints.read(metadata)

    def metadata(self) -> Json:
        return {**self.modes.metadata(), **self.breakpoints.metadata()}

    async def keep(self, client: LangGraphClient) -> None:
        await self.modes.keep(client)
        await self.breakpoints.keep(client)


def of(inspection: Inspection | None) -> ThreadInspection | None:
    """`inspection` with all that it has; None where the session has none."""
    return inspection if isinstance(inspection, ThreadInspection) else None
