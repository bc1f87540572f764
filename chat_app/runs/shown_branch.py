"""Which branch of a thread is shown: the newest, or the one that a person has chosen.

The choice is in the thread's metadata, so that reloads, other tabs and other processes have it. It
is void once the thread has a newer checkpoint, of whatever program.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app import text
from chat_app.client import LangGraphError, NotFoundError
from chat_app.runs import thread_metadata
from chat_app.runs.branch_index import BranchIndex
from chat_app.runs.checkpoints import Checkpoints, about, id_of, parent_of
from chat_app.runs.reading import read_state
from chat_app.transcript import thread_notes
from chat_app.transcript.error_text import AppError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import ThreadState
    from chat_app.runs.machine.conversation import Version
    from chat_app.runs.thread_view import Work
    from chat_app.transcript.branches import Node
    from chat_app.transcript.message import Transcript

_log = logging.getLogger("chat_app.runs")

_SAVED_AFTER = 4
"""Checkpoints that may have been saved after the last one of a run."""


class NoVersionError(AppError, NotFoundError):
    """There is no such version, or the server has it no more."""

    def __init__(self) -> None:
        super().__init__(text.NO_VERSION)


class Shown(NamedTuple):
    """The state that is shown, and where it is."""

    state: ThreadState | None
    """None where it was not read yet: the newest one."""
    leaf: str = ""
    """Its checkpoint; empty where it is the newest one."""
    run_id: str = ""
    """The run that it ends with; empty where that is the newest one, or not known."""


async def chosen(client: LangGraphClient, thread: Mapping[str, Any]) -> Shown:
    """The branch that a thread shows, as its metadata tells.

    Raises:
        LangGraphError: the server does not tell.
    """
    thread_id = str(thread["thread_id"])
    branch = thread_metadata.shown_branch(thread.get("metadata"))
    newest = await read_state(client, thread_id, thread=thread)
    if branch is None or id_of(newest) != branch.head:
        run_id = about(newest, "run_id")
        return Shown(newest, run_id=run_id if isinstance(run_id, str) else "")
    if branch.checkpoint_id == branch.head:
        return Shown(newest, run_id=branch.run_id)
    state = await client.threads.get_state(thread_id, checkpoint_id=branch.checkpoint_id)
    if id_of(state) != branch.checkpoint_id or not state.get("values"):
        return Shown(newest)  # a server answers for what it does not have, too
    return Shown(state, branch.checkpoint_id, branch.run_id)


class ShownThread(NamedTuple):
    """What `chat_app.runs.reading` needs to read a thread as its page shows it."""

    thread: Json
    """As the server has it, without the notes and the error of other branches."""
    state: ThreadState | None
    is_newest: bool
    elsewhere: frozenset[str]
    again: Mapping[str, str]


async def shown_thread(
    client: LangGraphClient, thread: Mapping[str, Any], state: ThreadState | None = None
) -> ShownThread:
    """A thread on its shown branch, for those who have no session of it.

    Args:
        client: the server's client.
        thread: what ``GET /threads/T`` says.
        state: another state of it, to read the branch that leads there.

    Raises:
        LangGraphError: the server does not tell.
    """
    thread_id, index = str(thread["thread_id"]), BranchIndex()
    index.see_removed(thread.get("metadata"))
    shown = await (_ending(client, thread_id, state) if state else chosen(client, thread))
    with suppress(LangGraphError):
        await index.complete(client, thread_id)
    is_known = index.find(shown.run_id) is not None
    end = shown.run_id if is_known else ""
    is_told = is_known or state is None  # else nothing tells which branch it is
    elsewhere = index.elsewhere(end) if is_told else frozenset[str]()
    told = {**thread, "metadata": notes_of(thread.get("metadata") or {}, elsewhere)}
    if not (is_newest := not shown.leaf):
        told.pop("error", None)
    return ShownThread(told, shown.state, is_newest, elsewhere, index.again(end))


async def _ending(client: LangGraphClient, thread_id: str, state: ThreadState) -> Shown:
    """The branch that ends with a state; what was saved after a run does not name it."""
    checkpoints, at = Checkpoints(client, thread_id), state
    for _ in range(_SAVED_AFTER):
        if about(at, "run_id") or not (parent := parent_of(at)):
            break
        at = await checkpoints.get(parent)
    run_id = about(at, "run_id")
    return Shown(state, id_of(state), run_id if isinstance(run_id, str) else "")


async def choose(work: Work, client: LangGraphClient, version: Version) -> Shown:
    """Find another version and let the thread show its newest branch from now on.

    Raises:
        NoVersionError: there is none.
        LangGraphError: the server does not tell.
    """
    view, index = work.view, work.branches
    await index.complete(client, work.thread_id)
    node = find_version(index, view.leaf_run, view.transcript, version)
    checkpoints = Checkpoints(client, work.thread_id, view.transcript.shape.key)
    newest = await read_state(client, work.thread_id)
    state = await end_of(checkpoints, index, node)
    if state is None:
        raise NoVersionError
    run_id = "" if node.leaf == index.newest else node.leaf
    leaf = "" if id_of(state) == id_of(newest) else id_of(state)
    shown = Shown(state, leaf, run_id)
    await remember(client, work.thread_id, shown, head=id_of(newest))
    return shown


def find_version(index: BranchIndex, end: str, transcript: Transcript, version: Version) -> Node:
    """The newest end of a version; `end` is the run that the shown branch ends with.

    Raises:
        NoVersionError: there is none.
    """
    forks = index.forks(end, transcript)
    fork = forks.get(version.message_id) or index.seen(version.message_id)
    if fork is None or not 1 <= version.number <= len(fork.versions):
        raise NoVersionError
    return index.tree.newest(fork.versions[version.number - 1])


async def end_of(checkpoints: Checkpoints, index: BranchIndex, node: Node) -> ThreadState | None:
    """The state at the end of a branch; None where the server has it no more.

    Raises:
        LangGraphError: the server does not tell.
    """
    if node.leaf:
        link = index.find(node.leaf)
        asked = link.message_id if link else ""
        found = await checkpoints.end_of(node.leaf, asked=asked)
        before = index.tree.nodes.get(node.parent)
        if found is None and not asked and before and before.leaf and not before.is_question:
            # It answered one of several questions: that is kept with the state that asks them.
            return await end_of(checkpoints, index, before)
        return found
    # Its run is not listed any more: it ended before the first one that was made beside it.
    parent = index.tree.nodes.get(node.parent)
    beside = [one for one in index.tree.nodes.values() if one.parent == node.parent and one.leaf]
    for other in sorted(beside, key=lambda one: one.order):
        begun = await checkpoints.having(run_id=other.leaf, source="fork", limit=1)
        if begun and parent:
            return await checkpoints.newest(before=id_of(begun[0]))
    return None


async def remember(client: LangGraphClient, thread_id: str, shown: Shown, *, head: str) -> None:
    """Write down which branch is shown; a refusal is logged."""
    branch: Json | None = None
    if shown.leaf or shown.run_id:
        branch = {
            "checkpoint_id": shown.leaf or head,
            "head": head,
            "run_id": shown.run_id,
        }
    try:
        await client.threads.update(thread_id, metadata={thread_metadata.BRANCH: branch})
    except LangGraphError as refused:
        _log.info("thread %s: the shown branch is not noted: %r", thread_id, refused)


async def remember_newest(client: LangGraphClient, thread_id: str, run_id: str) -> None:
    """Write down which run the newest checkpoint goes on from, where it tells none itself.

    Raises:
        LangGraphError: the server does not tell which one it is.
    """
    newest = await Checkpoints(client, thread_id).newest()
    await remember(client, thread_id, Shown(newest, run_id=run_id), head=id_of(newest))


async def show_versions(work: Work, client: LangGraphClient) -> None:
    """Read what is missing of the branches, and show which versions there are."""
    index = work.branches
    try:
        await index.complete(client, work.thread_id)
        view = work.view
        forks = index.forks(view.leaf_run, view.transcript)
        key = view.transcript.shape.key
        if forks:
            await index.check(client, work.thread_id, forks.values(), key)
    except LangGraphError as refused:
        _log.info("thread %s: its versions cannot be read: %r", work.thread_id, refused)
    work.show_versions()


def notes_of(metadata: Mapping[str, Any], elsewhere: Collection[str]) -> Json:
    """The thread's metadata without what is noted of runs on other branches."""
    if not elsewhere:
        return dict(metadata)
    return {
        key: value
        for key, value in metadata.items()
        if thread_notes.run_of(key, value) not in elsewhere
    }
