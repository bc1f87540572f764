"""Branches of a thread beside its session: a copy as a new thread, a version to compare with."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app import text
from chat_app.client import LangGraphError, NotFoundError, UnsupportedError
from chat_app.runs import thread_metadata
from chat_app.runs.branch_index import BranchIndex
from chat_app.runs.checkpoints import Checkpoints, NoCheckpointError, about, id_of, parent_of
from chat_app.runs.dangling_calls import END
from chat_app.runs.machine.conversation import Version
from chat_app.runs.reading import read_thread
from chat_app.runs.shown_branch import NoVersionError, chosen, end_of, find_version, notes_of
from chat_app.transcript import thread_notes
from chat_app.transcript.inputs import key_in
from chat_app.transcript.load import saved
from chat_app.transcript.message import Role
from chat_app.transcript.shapes import MESSAGES, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import ThreadState
    from chat_app.transcript.message import Transcript
    from chat_app.transcript.shapes import Shape

_log = logging.getLogger("chat_app.runs")

_COPY, _START = "__copy__", "__start__"
_OWN = "chat_"
"""What all keys of this app begin with."""
_NOTES = (
    thread_notes.AGENT,
    thread_notes.RUN,
    thread_notes.DECISION,
    thread_notes.INNER,
)
_OF_RUNS = (":asked", ":output")
"""End the ids of messages that only their runs tell (see `chat_app.transcript.turns`)."""
_NO_SUCH_ROUTE = (NotFoundError, UnsupportedError)


async def fork(client: LangGraphClient, thread_id: str, message_id: str, metadata: Json) -> str:
    """Continue in a new chat: a thread with all up to a message, and what belongs to its turn.

    Args:
        client: the server's client, for `thread_id`.
        thread_id: the thread; its shown branch is copied.
        message_id: the last message of the copy; empty: all of the thread.
        metadata: of the new thread: its owner (see `thread_metadata.made_for`) and what else.

    Returns:
        The id of the new thread.

    Raises:
        NotFoundError: the shown branch has no such message.
        LangGraphError: the server did not do it.
    """
    thread = await client.threads.get(thread_id)
    shown = await chosen(client, thread)
    assert shown.state  # noqa: S101 - for the type checker
    index = BranchIndex()
    index.see_removed(thread.get("metadata"))
    with suppress(LangGraphError):
        await index.complete(client, thread_id)
    state = await _end_of_turn(client, thread_id, shown.state, message_id)
    is_newest = not shown.leaf and id_of(state) == id_of(shown.state)
    key = _key_of(state)
    ids = {message.id for message in saved(state, key)}
    elsewhere = index.elsewhere(shown.run_id if index.find(shown.run_id) else "")
    known = thread.get("metadata") or {}
    kept = _kept(notes_of(known, elsewhere), ids)
    marked = {**metadata, thread_metadata.FORKED_FROM: thread_id}
    if title := marked.get(thread_metadata.TITLE):
        marked[thread_metadata.TITLE] = text.FORKED.format(title=title)
        # The state that is copied has the graph's title, which would make the two look the same.
        marked[thread_metadata.TITLE_FROM] = "person"
    try:
        copied = await client.threads.copy(thread_id)
    except _NO_SUCH_ROUTE:
        about_graph = {name: known[name] for name in ("graph_id", "assistant_id") if name in known}
        return await _built(client, state, {**about_graph, **kept, **marked})
    new_id = str(copied["thread_id"])
    try:
        if not is_newest:
            await _go_back(client, new_id, state)
        dropped = {name: None for name in known if name.startswith(_OWN) and name not in kept}
        await client.threads.update(new_id, metadata={**dropped, **marked})
    except BaseException:
        with suppress(LangGraphError):
            await client.threads.delete(new_id)
        raise
    _log.info("thread %s: continued in %s", thread_id, new_id)
    return new_id


async def _end_of_turn(
    client: LangGraphClient, thread_id: str, shown: ThreadState, message_id: str
) -> ThreadState:
    """The state at the end of the turn that a message belongs to.

    Raises:
        NoCheckpointError: the branch has no such message.
        LangGraphError: the server does not tell.
    """
    if not message_id:
        return shown
    key = _key_of(shown)
    checkpoints = Checkpoints(client, thread_id, key)
    run_id, _, kind = message_id.rpartition(":")
    if f":{kind}" in _OF_RUNS:
        found = await checkpoints.end_of(run_id)
        if found is None:
            raise NoCheckpointError
        return found
    messages = saved(shown, key)
    place = next((n for n, one in enumerate(messages) if one.id == message_id), None)
    if place is None:  # the agent's memory has it no more, or no state tells it
        first = await checkpoints.first_with(message_id, leaf=id_of(shown))
        made = about(first, "run_id")
        return (await checkpoints.end_of(made) if isinstance(made, str) else None) or first
    following = (one.id for one in messages[place + 1 :] if one.role is Role.HUMAN)
    question = next(following, None)
    if question is None:
        return shown
    before = (await checkpoints.place_of(question, leaf=id_of(shown))).before
    is_input = about(before, "source") == "input"
    return await checkpoints.get(parent_of(before)) if is_input else before


def _key_of(state: Mapping[str, Any]) -> str:
    """Where a state keeps its messages."""
    key = key_in(state.get("values"))
    return MESSAGES if key is None else key


async def _go_back(client: LangGraphClient, thread_id: str, state: ThreadState) -> None:
    """Make an older state of a thread its newest one; nothing is left to be done then."""
    update, at = client.threads.update_state, id_of(state)
    await update(thread_id, values=None, as_node=_COPY, checkpoint_id=at)
    if state.get("next"):
        await update(thread_id, values=None, as_node=END)


async def _built(client: LangGraphClient, state: ThreadState, metadata: Json) -> str:
    """A new thread with these values, on a server that copies none."""
    made = await client.threads.create(metadata=metadata)
    thread_id = str(made["thread_id"])
    try:
        values: Any = state.get("values")
        await client.threads.update_state(thread_id, values=values, as_node=_START)
        await client.threads.update_state(thread_id, values=None, as_node=END)
    except BaseException:
        with suppress(LangGraphError):
            await client.threads.delete(thread_id)
        raise
    return thread_id


def _kept(metadata: Mapping[str, Any], ids: Collection[str]) -> Json:
    """The notes on messages that the new thread has: what is said of others stays behind."""
    return {
        key: note
        for key, note in metadata.items()
        if key.startswith(_NOTES) and _is_about(note, ids)
    }


def _is_about(note: Any, ids: Collection[str]) -> bool:
    if not isinstance(note, dict):
        return False
    places = [note[name] for name in ("after", "below") if note.get(name)]
    agents = note.get("agents")
    listed = [one for one in agents if isinstance(one, dict)] if isinstance(agents, list) else []
    places += [one["after"] for one in listed if one.get("after")]
    return not places or any(place in ids for place in places)


class VersionRead(NamedTuple):
    """Another version of a thread."""

    transcript: Transcript
    leaf: str
    """The checkpoint at its end."""


async def read_version(
    client: LangGraphClient,
    thread_id: str,
    message_id: str,
    number: int,
    *,
    shape: Shape = UNKNOWN,
) -> VersionRead:
    """The thread as it is with another version of a message or an answer.

    Args:
        client: the server's client, for `thread_id`.
        thread_id: the thread.
        message_id: a key of `chat_app.runs.thread_view.View.versions`.
        number: of the version, from 1 on.
        shape: of the graph that works on the thread.

    Raises:
        NotFoundError: there is no such version.
        LangGraphError: the server does not tell.
    """
    thread = await client.threads.get(thread_id)
    shown, index = await chosen(client, thread), BranchIndex()
    index.see_removed(thread.get("metadata"))
    await index.complete(client, thread_id)
    end = shown.run_id if index.find(shown.run_id) else ""
    now = await read_thread(
        client,
        thread_id,
        shape,
        state=shown.state,
        is_whole=True,
        elsewhere=index.elsewhere(end),
        again=index.again(end),
    )
    node = find_version(index, end, now, Version(message_id, number))
    state = await end_of(Checkpoints(client, thread_id, shape.key), index, node)
    if state is None:
        raise NoVersionError
    elsewhere = index.elsewhere(node.leaf)
    told: Any = {"metadata": notes_of(thread.get("metadata") or {}, elsewhere)}
    transcript = await read_thread(
        client,
        thread_id,
        shape,
        thread=told,
        state=state,
        is_whole=True,
        elsewhere=elsewhere,
        again=index.again(node.leaf),
    )
    return VersionRead(transcript, id_of(state))
