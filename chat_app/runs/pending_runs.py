"""What a server has to do on a thread: the run under way, and those that wait behind it.

The list of runs is what tells: a thread's own status may say idle while a run is pending.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chat_app.client.recover import REQUEST_KEY, message_of
from chat_app.client.schema import ACTIVE
from chat_app.transcript.branch_runs import RunLink, link_of, start_of
from chat_app.transcript.inputs import in_words, key_in
from chat_app.transcript.load import asked_in
from chat_app.transcript.message import Given, Media, Message, Raw, Role, Text
from chat_app.transcript.read import PROVISIONAL
from chat_app.transcript.shapes import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Run
    from chat_app.transcript.message import Carried

_PAGE = 10
_TRIES = 5
"""How often two lists may differ before the second one is believed."""
_HEADS = ("run_id", "status", "assistant_id", "metadata")


@dataclass(frozen=True)
class Agenda:
    """The runs of a thread that are not over, first come first, and the last one that is.

    `current` and `last` are empty where there is none.
    """

    current: str = ""
    asked: Message | None = None
    """The message that the current run answers, where it has an id of its own."""
    waiting: tuple[Queued, ...] = ()
    last: str = ""
    parallel: tuple[str, ...] = ()
    """Runs that execute beside the current one, which a server with a queue never lets happen."""
    over: frozenset[str] = frozenset()
    """The last runs that are over."""
    interrupted: frozenset[str] = frozenset()
    """Those of them that were cancelled."""
    answered: frozenset[str] = frozenset()
    """The messages of this app that the others of them answered."""
    running: Queued | None = None
    """The message of the current run, where this app sent it."""
    start: str = ""
    """The checkpoint where the current run began, if it names one."""
    links: tuple[RunLink, ...] = field(default=(), compare=False)
    """All runs that were listed, newest first, as far as they tell of branches."""
    is_whole: bool = field(default=False, compare=False)
    """These are all runs of the thread."""

    def has(self, run_id: str) -> bool:
        """Whether the run goes or waits."""
        waiting = (message.run_id for message in self.waiting)
        return run_id in {self.current, *waiting, *self.parallel}


@dataclass(frozen=True)
class Queued:
    """A message that waits for its turn. `run_id` is empty where the server has no run for it.

    A message without an id, which this app did not send, goes by that of its run.
    """

    message_id: str
    text: str
    assistant_id: str = ""
    run_id: str = ""
    carried: tuple[Carried, ...] = ()
    """What it carries beside its words."""
    is_foreign: bool = False
    """Another program has queued its run, which may hold more than a message."""
    given: Given | None = None
    """What a form was filled with; beside the message, if there is one, or in its place."""
    key: str = MESSAGES
    """Where the graph's input has messages."""
    continues: bool = False
    """It asks for the rest of the last answer."""

    @property
    def message(self) -> Message:
        """The message as the thread will show it."""
        words = (Text(self.text),) if self.text else ()
        given = (self.given,) if self.given else ()
        role = Role.SYSTEM if self.continues else Role.HUMAN
        parts = (*words, *self.carried, *given)
        return Message(self.message_id, role, parts, continues=self.continues)

    @property
    def gist(self) -> str:
        """Its words, or else the names of what it carries, or the values of its form."""
        names = (part.name for part in self.carried if isinstance(part, Media))
        said = self.text or ", ".join(filter(None, names))
        return said or (in_words(self.given.value) if self.given else "")


async def read_agenda(client: LangGraphClient, thread_id: str) -> Agenda:
    """Ask the server for what it has to do on a thread.

    Raises:
        LangGraphError: the server does not tell.
    """
    tries = 0
    while True:
        tries += 1
        runs = await _heads(client, thread_id)
        going = [place for place, run in enumerate(runs) if run["status"] in ACTIVE]
        if not going or "kwargs" in runs[going[0]]:
            return replace(agenda_of(runs), is_whole=len(runs) % _PAGE > 0)
        # With their inputs; those of the runs that are over may weigh much.
        whole = await client.runs.list(thread_id, limit=going[-1] + 1)
        known = {run["run_id"] for run in whole}
        if tries < _TRIES and any(runs[place]["run_id"] not in known for place in going):
            continue  # some came or went between the two lists
        over = [run for run in runs if run["status"] not in ACTIVE and run["run_id"] not in known]
        return replace(agenda_of([*whole, *over]), is_whole=len(runs) % _PAGE > 0)


async def _heads(client: LangGraphClient, thread_id: str) -> list[Run]:
    """The newest runs, among them all that are not over, where the server can, without inputs."""
    runs: list[Run] = []
    while True:
        page = await client.runs.list(thread_id, limit=_PAGE, offset=len(runs), select=_HEADS)
        runs += page
        # The newest come first, so those that are not over stand at the beginning.
        if len(page) < _PAGE or page[-1]["status"] not in ACTIVE:
            return runs


def agenda_of(runs: Sequence[Run]) -> Agenda:
    """The agenda in a server's list of runs, newest first."""
    last = next((run["run_id"] for run in runs if run["status"] not in ACTIVE), "")
    going = [run for run in reversed(runs) if run["status"] in ACTIVE]
    interrupted = frozenset(run["run_id"] for run in runs if run["status"] == "interrupted")
    over = frozenset(run["run_id"] for run in runs if run["status"] not in ACTIVE)
    begun = (run for run in runs if run["status"] not in {*ACTIVE, "interrupted"})
    answered = frozenset(filter(None, map(message_of, begun)))
    links = tuple(link_of(run, request_key=REQUEST_KEY) for run in runs)
    ended = Agenda(last=last, over=over, interrupted=interrupted, answered=answered, links=links)
    if not going:
        return ended
    # One that waits never stands before the one that runs, whenever it was made.
    current, *behind = sorted(going, key=lambda run: run["status"] != "running")
    waiting = tuple(queued_in(run) for run in behind if run["status"] == "pending")
    asked = _asked(current)
    asked = asked if asked and _is_named(asked) else None
    parallel = tuple(run["run_id"] for run in behind if run["status"] == "running")
    sent = queued_in(current) if asked and message_of(current) else None
    return replace(
        ended,
        current=current["run_id"],
        asked=asked,
        waiting=waiting,
        parallel=parallel,
        running=sent,
        start=start_of(current),
    )


def _asked(run: Run) -> Message | None:
    """What a run's input asks, which some servers tell beside its other fields."""
    given = (run.get("kwargs") or run).get("input")
    return None if given is None else asked_in(given, made=message_of(run) or PROVISIONAL)


def _is_named(message: Message) -> bool:
    return not message.id.startswith(PROVISIONAL)


def queued_in(run: Run) -> Queued:
    """The message that a run was started with; the run must have its input."""
    asked = _asked(run)
    parts = asked.parts if asked else ()
    words = "\n\n".join(part.text for part in parts if isinstance(part, Text))
    carried = tuple(part for part in parts if isinstance(part, Media | Raw))
    message_id = asked.id if asked and _is_named(asked) else run["run_id"]
    given = next((part for part in parts if isinstance(part, Given)), None)
    key = key_in((run.get("kwargs") or run).get("input"))
    return Queued(
        message_id,
        words,
        run["assistant_id"],
        run["run_id"],
        carried,
        is_foreign=not message_of(run),
        given=given,
        key=MESSAGES if key is None else key,
        continues=asked is not None and asked.continues,
    )
