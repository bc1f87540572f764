"""What is known of a thread's branches, without reading its states: its runs, by their metadata.

The newest runs are read with every list of runs; a thread of up to nine runs of this app is known
to the end with that, and costs no request of its own. The others are read in the background, once
per session: a row of about 300 bytes each. Only of the runs of other programs more is read: their
``kwargs``, and of those that name a checkpoint its state, which tells what they stand beside.

Branches that another program made by ``update_state`` alone have no run, so they are not versions
here: only the whole history tells of them, which has all messages with each state.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from chat_app.client import LangGraphError
from chat_app.client.recover import REQUEST_KEY
from chat_app.runs.checkpoints import Checkpoints, about
from chat_app.transcript.branch_runs import RunLink, link_of, of_runs
from chat_app.transcript.branches import Fork, Tree, anchors
from chat_app.transcript.load import saved
from chat_app.transcript.message import Role
from chat_app.transcript.removed_runs import RemovedRun, removal_of, removed_in, with_removed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chat_app.client import LangGraphClient
    from chat_app.transcript.message import Message, Transcript

_log = logging.getLogger("chat_app.runs")

_PAGE = 500
"""Runs that are listed at a time, without their inputs."""
_PAGE_OF_INPUTS = 50
"""The same with their inputs, where other programs have started some."""
MOST_FOREIGN = 200
"""Checkpoints that are read for runs of other programs, the newest first."""
MOST_UNTOLD = 100
"""First states of runs that are read where a server lists runs without their metadata."""
_AT_ONCE = 4
_HEADS = ("run_id", "status", "metadata")
_INPUTS = (*_HEADS, "kwargs")
_DOUBTFUL = {"error", "interrupted", "timeout"}
"""The status of runs that may have left nothing."""


class Left(Enum):
    """What a run has left in its thread."""

    ANSWER = "answer"
    NO_ANSWER = "no answer"
    """At most its question."""
    NOTHING = "nothing"
    """No checkpoint at all."""


class BranchIndex:
    """The branches of one thread, as far as they are known."""

    def __init__(self) -> None:
        self.is_complete = False
        self._links: list[RunLink] = []
        """The newest first."""
        self._left: dict[str, Left] = {}
        """Of doubtful runs: what they left."""
        self._removed: dict[str, RemovedRun] = {}
        """Those that were deleted, which are not among the others."""
        self._tree: Tree | None = None
        self._known_forks: tuple[Tree, str, tuple[Fork, ...]] | None = None
        self._seen: dict[str, Fork] = {}
        self._reading = asyncio.Lock()

    @property
    def newest(self) -> str:
        """The run that has begun last; empty where there is none."""
        return next((link.run_id for link in self._links if link.status != "pending"), "")

    def before(self, run_id: str) -> str:
        """The run that began before another one."""
        ids = [link.run_id for link in self._links if link.status != "pending"]
        place = ids.index(run_id) + 1 if run_id in ids else 0
        return ids[place] if place < len(ids) else ""

    @property
    def has_forks(self) -> bool:
        """Whether there may be more than one version of anything."""
        removed = (one.link for one in self._removed.values())
        return any(link.is_fork for link in (*self._links, *removed))

    @property
    def has_unplaced(self) -> bool:
        """Whether it is not known yet what a run of another program stands beside."""
        return any(link.checkpoint_id for link in self._links)

    @property
    def tree(self) -> Tree:
        """The tree of versions."""
        if self._tree is None:
            self._tree = of_runs(
                with_removed(self._known, self._removed.values()),
                removed={run_id: one.is_last for run_id, one in self._removed.items()},
                empty=[run_id for run_id, left in self._left.items() if left is Left.NO_ANSWER],
                void=[run_id for run_id, left in self._left.items() if left is Left.NOTHING],
            )
        return self._tree

    @property
    def _known(self) -> list[RunLink]:
        """Those that have begun, the oldest first."""
        return [link for link in reversed(self._links) if link.status != "pending"]

    def find(self, run_id: str) -> RunLink | None:
        """What is known of a run."""
        return next((link for link in self._links if link.run_id == run_id), None)

    def run_of(self, message_id: str) -> str:
        """The run that has asked a message, where that is known."""
        return next((one.run_id for one in self._links if one.message_id == message_id), "")

    def forks(self, end: str, transcript: Transcript) -> dict[str, Fork]:
        """Where the shown branch has other versions, by the id of the message that they stand at.

        `end` is the run that the branch ends with, empty for the newest one.
        """
        if not self.has_forks:
            return {}
        tree, end = self.tree, end or self.newest
        if self._known_forks is None or not (
            self._known_forks[0] is tree and self._known_forks[1] == end
        ):
            self._known_forks = tree, end, tree.forks(end)
        found = self._known_forks[2]
        messages = shown(transcript.messages)
        questions = {message.id for message in messages if message.role is Role.HUMAN}
        forks = anchors(found, [message.id for message in messages], questions)
        self._seen |= forks
        return forks

    def seen(self, message_id: str) -> Fork | None:
        """Where a message that was shown before had other versions: a press may come late."""
        return self._seen.get(message_id)

    def elsewhere(self, end: str) -> frozenset[str]:
        """The runs that did not lead to the shown branch; `end` as above."""
        if not self.has_forks:
            return frozenset()
        path = {node.id for node in self.tree.path(end or self.newest)}
        ends = self.tree.ends
        known = {link.run_id for link in self._links} | self._removed.keys()
        return frozenset(run_id for run_id in known if ends.get(run_id, run_id) not in path)

    def again(self, end: str) -> dict[str, str]:
        """By the runs of a branch that have answered a question again, the run that asked it."""
        path = {node.id for node in self.tree.path(end or self.newest)} if self.has_forks else ()
        links = [link for link in self._links if link.regenerates and link.run_id in path]
        return {link.run_id: self.run_of(link.regenerates) for link in links}

    # What happens.

    def see(self, links: Sequence[RunLink], *, is_whole: bool) -> None:
        """Take a list of runs, the newest first; `is_whole` where it has all of them."""
        if not links:
            self.is_complete = self.is_complete or is_whole
            return
        known = {link.run_id: link for link in self._links}
        for link in links:
            self._removed.pop(link.run_id, None)
        merged = [_merged(known.get(link.run_id), link) for link in links]
        listed = {link.run_id for link in merged}
        older = [link for link in self._links if link.run_id not in listed]
        # One that was begun here may not be listed yet; nothing else is newer than the list.
        begun = [link for link in older if link.status in ("", "running")]
        rest = [] if is_whole else [link for link in older if link not in begun]
        self._links = [*begun, *merged, *rest]
        if is_whole:
            self.is_complete = all(link.is_read for link in merged)
        elif any(not link.is_read for link in merged):
            self.is_complete = False
        self._tree = None

    def begin(self, link: RunLink) -> None:
        """A run is asked for, or joined; until it has an id it goes by that of its turn."""
        known = self.find(link.run_id)
        is_told = known and (known.message_id or known.is_fork or known.is_foreign)
        if known and is_told and not (link.has_input and known.is_foreign):
            link = known
        self.put(replace(link, status="running") if known else link)

    def put(self, link: RunLink) -> None:
        """More is known of a run that is asked for: it is the newest one."""
        self._links = [link, *(one for one in self._links if one.run_id != link.run_id)]
        self._tree = None

    def rename(self, turn_id: str, run_id: str) -> None:
        """The server has accepted it."""
        self._links = [one for one in self._links if one.run_id != run_id or run_id == turn_id]
        self._links = [
            replace(one, run_id=run_id, status="running") if one.run_id == turn_id else one
            for one in self._links
        ]
        self._tree = None

    def drop(self, turn_id: str) -> None:
        """It did not come to be, or it was removed."""
        self._links = [one for one in self._links if one.run_id != turn_id]
        self._tree = None

    def removal_of(self, run_id: str) -> RemovedRun | None:
        """What is to be kept of a run that will be deleted; None where it is not known."""
        return removal_of(self._known, self._removed.values(), run_id)

    def see_removed(self, metadata: Mapping[str, Any] | None, listed: Iterable[str] = ()) -> None:
        """Take the notes of a thread on runs that were deleted; one that is `listed` was not."""
        there = set(listed)
        for removed in removed_in(metadata):
            if removed.run_id not in there:
                self.remove(removed)

    def remove(self, removed: RemovedRun) -> None:
        """A run was deleted."""
        self._removed[removed.run_id] = removed
        self._links = [link for link in self._links if link.run_id != removed.run_id]
        self._tree = None

    def end(self, run_id: str, status: str, left: Left | None = None) -> None:
        """A run is over; what it `left`, where that is known."""
        self._links = [
            replace(one, status=status) if one.run_id == run_id else one for one in self._links
        ]
        if left is not None:
            self._left[run_id] = left
        self._tree = None

    # What the server is asked.

    async def complete(self, client: LangGraphClient, thread_id: str) -> None:
        """Read what is missing; where the server does not tell, less is known."""
        async with self._reading:
            if not self.is_complete:
                await self._read_all(client, thread_id)
            elif self.has_unplaced:
                await self._resolve(client, thread_id)

    async def _read_all(self, client: LangGraphClient, thread_id: str) -> None:
        rows: list[Any] = []
        while True:
            page = await client.runs.list(thread_id, limit=_PAGE, offset=len(rows), select=_HEADS)
            page = [row for row in page if isinstance(row, dict)]
            rows += page
            if len(page) < _PAGE:
                break
        if any("metadata" not in row for row in rows):
            told = await _told_by_checkpoints(client, thread_id)
            rows = [{"metadata": told.get(row.get("run_id")), **row} for row in rows]
        links = {one.run_id: one for one in (link_of(row, request_key=REQUEST_KEY) for row in rows)}
        unread = [place for place, one in enumerate(links.values()) if not one.is_read]
        for start in sorted({place - place % _PAGE_OF_INPUTS for place in unread}):
            page = await client.runs.list(
                thread_id, limit=_PAGE_OF_INPUTS, offset=start, select=_INPUTS
            )
            for row in page:
                link = link_of(row, request_key=REQUEST_KEY)
                if link.run_id in links and not links[link.run_id].is_read:
                    links[link.run_id] = link
        unknown = [one for one in links.values() if not one.is_read]
        links |= {one.run_id: replace(one, is_read=True) for one in unknown}
        self.see(list(links.values()), is_whole=True)
        await self._resolve(client, thread_id)

    async def _resolve(self, client: LangGraphClient, thread_id: str) -> None:
        """Find out what runs of other programs stand beside that name a checkpoint."""
        open_now = [one for one in self._links if one.checkpoint_id]
        gate = asyncio.Semaphore(_AT_ONCE)

        async def state_of(checkpoint_id: str) -> tuple[str, Any]:
            async with gate:
                try:
                    found = await client.threads.get_state(thread_id, checkpoint_id=checkpoint_id)
                except LangGraphError as refused:
                    _log.info("thread %s: a checkpoint cannot be read: %r", thread_id, refused)
                    return checkpoint_id, None
                return checkpoint_id, found

        wanted = list(dict.fromkeys(one.checkpoint_id for one in open_now))[:MOST_FOREIGN]
        states = dict(await asyncio.gather(*map(state_of, wanted)))
        found = {one.run_id: _placed(one, states.get(one.checkpoint_id)) for one in open_now}
        self._links = [found.get(one.run_id, one) for one in self._links]
        self._tree = None

    async def check(
        self, client: LangGraphClient, thread_id: str, forks: Iterable[Fork], key: str
    ) -> None:
        """Look at the doubtful runs among these versions, but not at what is shown."""
        checkpoints = Checkpoints(client, thread_id, key)
        others = (node for fork in forks for node in fork.versions if node is not fork.shown)
        for link in filter(None, map(self.find, (node.leaf for node in others))):
            if link.status in _DOUBTFUL and link.run_id not in self._left:
                self._left[link.run_id] = await _left_by(checkpoints, link)
                self._tree = None


async def _left_by(checkpoints: Checkpoints, link: RunLink) -> Left:
    state = await checkpoints.end_of(link.run_id, asked=link.message_id)
    if state is None:
        return Left.NOTHING
    is_empty = checkpoints.ends_with(state, link.regenerates or link.message_id)
    if not is_empty:
        return Left.ANSWER
    # A request for more without an answer is nothing to see.
    return Left.NOTHING if link.continues else Left.NO_ANSWER


async def _told_by_checkpoints(client: LangGraphClient, thread_id: str) -> dict[Any, Any]:
    """The metadata of runs by their ids, where a server lists runs without: of their first states.

    A run with an input begins with a state of the source ``input``; one that names a checkpoint and
    has no input, as a regeneration, with one of the source ``fork``.
    """
    checkpoints = Checkpoints(client, thread_id)
    begun = [
        state
        for source in ("input", "fork")
        for state in await checkpoints.having(source=source, limit=MOST_UNTOLD)
    ]
    return {about(state, "run_id"): state.get("metadata") for state in begun}


def shown(messages: Sequence[Message]) -> list[Message]:
    """The messages that versions can stand at: not the row where the agent's memory begins."""
    return [message for message in messages if not message.id.startswith("forgotten|")]


def _merged(known: RunLink | None, listed: RunLink) -> RunLink:
    """A run as it is listed, with what was found out about it."""
    if known is None:
        return listed
    # A list may be older than what a stream has told.
    status = known.status if listed.status == "pending" and known.status else listed.status
    # Some servers tell no metadata of a run, which this app knows where it has started it.
    is_better = known.is_read and (known.is_foreign or listed.is_foreign)
    return replace(known if is_better else listed, status=status)


def _placed(link: RunLink, state: Any) -> RunLink:
    """The link of a run of another program, by the state that it began with."""
    about = state.get("metadata") if isinstance(state, dict) else None
    link = replace(link, checkpoint_id="")
    if not isinstance(about, dict):
        return link
    run_id = about.get("run_id")
    run_id = run_id if isinstance(run_id, str) else ""
    messages = saved(state)
    after = messages[-1].id if messages else ""
    if not link.has_input and not link.resumes:
        asked = [message.id for message in messages if message.role is Role.HUMAN]
        return replace(link, regenerates=asked[-1] if asked else "", beside="" if asked else run_id)
    if about.get("source") == "input" and link.has_input:
        return replace(link, beside=run_id, after=after)
    return replace(link, from_run=run_id, after=after)
