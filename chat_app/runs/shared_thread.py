"""Reads a thread for those who have a link to it: the branch its owner sees, or a snapshot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chat_app.runs.checkpoints import id_of
from chat_app.runs.reading import read_thread
from chat_app.runs.shown_branch import shown_thread
from chat_app.transcript import thread_notes
from chat_app.transcript.load import BREAKPOINT
from chat_app.transcript.uuid7_time import written_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.runs.backend import Backend
    from chat_app.runs.shown_branch import ShownThread
    from chat_app.transcript.message import Transcript

_GOING = "busy"


@dataclass(frozen=True, slots=True)
class SharedThread:
    """What a link shows of a thread."""

    transcript: Transcript
    checkpoint_id: str
    """The state that it was read from; empty where the thread has none."""
    is_running: bool = False


async def read_live(
    client: LangGraphClient, backend: Backend, thread: Mapping[str, Any]
) -> SharedThread:
    """A thread as it is now, on its shown branch.

    Raises:
        LangGraphError: the server does not tell.
    """
    shown = await shown_thread(client, thread)
    # A run goes on from the branch that is shown, which is then the newest one.
    is_running = thread.get("status") == _GOING and shown.is_newest
    transcript = await _read(client, backend, shown, running=is_running)
    return SharedThread(transcript, id_of(shown.state), is_running)


async def read_snapshot(
    client: LangGraphClient,
    backend: Backend,
    thread: Mapping[str, Any],
    *,
    checkpoint_id: str,
    at: int,
) -> SharedThread | None:
    """A thread as it was at a checkpoint, and `at` that time; None where the server has it no more.

    Raises:
        LangGraphError: the server does not tell.
    """
    thread_id = str(thread["thread_id"])
    state = await client.threads.get_state(thread_id, checkpoint_id=checkpoint_id)
    if id_of(state) != checkpoint_id or not state.get("values"):
        return None  # a server answers for what it does not have, too
    then = await shown_thread(client, thread, state)
    transcript = await _read(client, backend, then, is_past=True, at=at)
    if transcript.interrupts == (BREAKPOINT,):  # a run went on
        transcript = replace(transcript, interrupts=())
    return SharedThread(transcript, checkpoint_id)


async def _read(  # noqa: PLR0913 - two kinds of reading
    client: LangGraphClient,
    backend: Backend,
    shown: ShownThread,
    *,
    running: bool = False,
    is_past: bool = False,
    at: int = 0,
) -> Transcript:
    thread = shown.thread
    metadata = thread.get("metadata") or {}
    worked = metadata.get("assistant_id") or metadata.get("graph_id")
    named = worked if isinstance(worked, str) and worked else None
    shape = await backend.shape(client, named or await backend.default_assistant(client))
    transcript = await read_thread(
        client,
        str(thread["thread_id"]),
        shape,
        thread={} if is_past else thread,
        running=running,
        state=shown.state,
        is_whole=True,
        is_past=is_past,
        elsewhere=shown.elsewhere,
        again=shown.again,
    )
    ids = [message.id for message in transcript.messages]
    notes = _notes_until(metadata, at, last=ids[-1] if ids else "") if at else metadata
    noted = thread_notes.noted(transcript.messages, notes) if is_past else transcript.messages
    return replace(transcript, messages=noted, running=running)


def _notes_until(metadata: Mapping[str, Any], at: int, *, last: str) -> Json:
    """The notes that were written by then: what came later may stand below what was there.

    Where an id does not tell its time, a note below the `last` message may be a later one.
    """
    kept: Json = {}
    for key, note in metadata.items():
        written = written_at(key)
        after = note.get("after") if isinstance(note, dict) else None
        if key.startswith(thread_notes.RUN) and not written:
            continue
        if written > at or (not written and after in ("", last)):
            continue
        kept[key] = note
    return kept
