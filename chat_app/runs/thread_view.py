"""What is shown of one thread, beside its `Conversation`: large, and of no say in what happens."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chat_app.runs import thread_metadata
from chat_app.runs.branch_index import BranchIndex
from chat_app.runs.permission import Permission
from chat_app.transcript.branches import labels
from chat_app.transcript.message import Transcript
from chat_app.transcript.thread_notes import noted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from chat_app.client import LangGraphClient, LangGraphError
    from chat_app.client.events import Json, Reconnecting
    from chat_app.runs.backend import Backend
    from chat_app.runs.machine.events import Event
    from chat_app.runs.origin import Origin
    from chat_app.runs.permission import Head
    from chat_app.runs.run_stream import RunStream
    from chat_app.transcript.branches import Versions


@dataclass(frozen=True)
class Cut:
    """The stream of the run broke: why, and when it is tried again (`time.monotonic`)."""

    reconnecting: Reconnecting
    again_at: float


@dataclass(frozen=True)
class View:
    """What the page shows."""

    transcript: Transcript = field(default_factory=Transcript)
    title: str = ""
    assistant_id: str = ""
    """That has last worked on the thread; empty in a new one."""
    cut: Cut | None = None
    is_stopped: bool = False
    """The last run was stopped before it wrote anything that could be marked so."""
    is_gone: bool = False
    """The server has no such thread."""
    is_temporary: bool = False
    """The thread is deleted when it is left."""
    load_failure: LangGraphError | None = None
    """Why the thread could not be read."""
    is_loaded: bool = False
    versions: Mapping[str, Versions] = field(default_factory=dict)
    """By the id of a message: those of a person's message at it, those of an answer at its first
    message. A message without an entry has one version. Read in the background. Where an answer
    has left nothing, its versions stand at the question."""
    leaf: str = ""
    """The checkpoint that is shown; empty where it is the newest one."""
    leaf_run: str = ""
    """The run that the shown branch ends with; empty where it is the newest one."""


class Work:
    """What the effects of one thread have in common."""

    def __init__(
        self,
        thread_id: str,
        backend: Backend,
        report: Callable[[Event], None],
        publish: Callable[[], None],
    ) -> None:
        self.thread_id = thread_id
        self.backend = backend
        self.report = report
        """Takes the events that effects report."""
        self.view = View()
        self.loaded: View | None = None
        """What was read last, until its `Loaded` is taken."""
        self.metadata: Json = {}
        """Of the thread, for when it has to be created."""
        self.is_discarded = False
        """The thread is temporary and this person's: who leaves it deletes it."""
        self.graph_title = ""
        """The title that the graph has told last."""
        self.is_created = False
        """This process knows that the server has it."""
        self.stream: RunStream | None = None
        """Of the run that goes."""
        self.asked = 0.0
        """When the last turn began, by `time.monotonic`."""
        self.arrived = 0.0
        """When the first event of the view arrived that is being published; 0 of one of none."""
        self.unsent = ""
        """The turn whose request has not been sent yet: it can be given up without a trace."""
        self.before = Transcript()
        """The transcript before the last turn."""
        self.left = View()
        """The view before the last turn."""
        self.branches = BranchIndex()
        self.last_run = ""
        """The last run that was accepted or joined."""
        self.origin: Origin | None = None
        """Where the last turn began, if that was not the newest checkpoint."""
        self.head = ""
        """The newest checkpoint when the thread was read last; there may be newer ones of runs."""
        self.changed = ""
        """When its state was changed last, as the server wrote it then."""
        inspect = backend.inspect
        self.inspection = inspect(thread_id, backend.connect) if inspect else None
        """What the inspector of the thread is told."""
        self._publish = publish

    async def read_head(self) -> Head:
        """Read what opening the thread needs first.

        Raises:
            NotFoundError: there is no such thread, or the person may not use it.
            LangGraphError: the server does not tell.
        """
        permission = self.backend.permission or Permission(
            self.thread_id, self.backend.connect, lambda _: True
        )
        return await permission.head()

    def discards(self, metadata: Mapping[str, Any]) -> bool:
        """Whether a thread with this metadata is deleted when this person leaves it."""
        permission = self.backend.permission
        is_own = permission is None or permission.is_own(metadata)
        return is_own and thread_metadata.is_temporary(metadata)

    async def assistant(self, client: LangGraphClient, named: str = "") -> str:
        """The assistant that is `named`, or has last worked here, or is the default.

        Raises:
            LangGraphError: there is none, or the server does not tell.
        """
        known = named or self.view.assistant_id
        return known or await self.backend.default_assistant(client)

    def show(self, transcript: Transcript, **changes: object) -> None:
        """Let the page show this."""
        shown = self.view
        self.view = replace(shown, transcript=transcript, **changes)
        if len(transcript.messages) != len(shown.transcript.messages):
            self._label()
        self._publish()

    def show_versions(self) -> None:
        """Let the page show which versions there are by now."""
        self._label()
        self._publish()

    def _label(self) -> None:
        forks = self.branches.forks(self.view.leaf_run, self.view.transcript)
        if (versions := labels(forks)) != self.view.versions:
            self.view = replace(self.view, versions=versions)

    def take_loaded(self) -> None:
        """Let the page show what was read."""
        if self.loaded:
            self.view, self.loaded = self.loaded, None

    def note(self, read: View, notes: Mapping[str, Any]) -> None:
        """Add what the thread itself does not tell to a view, if it is still what is shown."""
        if self.view.transcript is read.transcript:
            transcript = self.view.transcript
            self.show(replace(transcript, messages=noted(transcript.messages, notes)))
