"""Runs that begin elsewhere than at the newest checkpoint: forks, retries, and those of others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.runs.fork_starter import link_of
from chat_app.runs.reading import read_state, read_thread
from chat_app.transcript.branch_runs import metadata_of
from chat_app.transcript.inputs import input_of
from chat_app.transcript.load import with_forgotten

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from chat_app.client import LangGraphClient
    from chat_app.runs.machine.conversation import Turn
    from chat_app.runs.run_stream import RunStream
    from chat_app.runs.thread_view import Work
    from chat_app.transcript.message import Message, Transcript
    from chat_app.transcript.shapes import Shape

    # The stream of a run, by what was shown before it.
    Streamed = Callable[[Transcript], RunStream]


def from_origin(
    work: Work, turn: Turn, streamed: Streamed, assistant_id: str, shape: Shape
) -> AsyncGenerator[Transcript]:
    """Start a run where the thread stood before."""
    origin = work.origin
    assert origin  # noqa: S101 - for the type checker
    asked = turn.message.message if turn.message else None
    return streamed(replace(origin.before, shape=shape)).start(
        assistant_id,
        input=origin.given,
        pending=asked,
        checkpoint_id=origin.checkpoint_id,
        metadata=metadata_of(origin.link),
        multitask_strategy="reject",
    )


async def again(  # noqa: PLR0913, PLR0917 - what a run is started with
    work: Work,
    turn: Turn,
    client: LangGraphClient,
    streamed: Streamed,
    assistant_id: str,
    shape: Shape,
) -> AsyncGenerator[Transcript]:
    """Run again from the server's state: what the failed attempt half wrote is written anew."""
    failed, thread_id = work.before, work.thread_id
    if work.origin and not await _has_begun(work, client):
        # It never reached the thread: the newest state is that of another branch.
        return from_origin(work, turn, streamed, assistant_id, shape)
    checkpoint_id = failed.failure.checkpoint_id if failed.failure else ""
    checkpoint_id = checkpoint_id or work.view.leaf
    if checkpoint_id:
        state = await client.threads.get_state(thread_id, checkpoint_id=checkpoint_id)
    else:
        state = await read_state(client, thread_id)
    elsewhere = work.branches.elsewhere(turn.id)
    history = await read_thread(client, thread_id, shape, state=state, elsewhere=elsewhere)
    unsaved = _unsaved_question(failed, history, state)
    history = replace(with_forgotten(failed, history), failure=None)
    return streamed(history).start(
        assistant_id,
        input=input_of(unsaved, shape.key) if unsaved else None,
        pending=unsaved if shape.needs_runs else None,
        checkpoint_id=checkpoint_id or None,
        metadata=metadata_of(link_of(turn, work.view, ())),
    )


async def _has_begun(work: Work, client: LangGraphClient) -> bool:
    """Whether the last run has written anything; where a server cannot tell, it has."""
    run_id = work.last_run
    if not run_id:
        return False
    found = await client.threads.get_history(work.thread_id, limit=1, metadata={"run_id": run_id})
    return bool(found)


def _unsaved_question(
    shown: Transcript, saved: Transcript, state: Mapping[str, Any]
) -> Message | None:
    """What to ask again in another attempt: the question, where it never reached the thread."""
    asked = [message for message in shown.messages if message.is_request][-1:]
    if saved.shape.needs_runs:
        is_there = any(task.get("error") for task in state.get("tasks") or [])
    else:
        is_there = not asked or asked[0].id in {message.id for message in saved.messages}
    return None if is_there or not asked else asked[0]


async def branch_of(work: Work, turn: Turn, client: LangGraphClient) -> Transcript:
    """What the thread was when a run began that goes on from another branch than is shown.

    Raises:
        LangGraphError: the server does not tell.
    """
    state = await client.threads.get_state(work.thread_id, checkpoint_id=turn.start or None)
    shape, elsewhere = work.before.shape, work.branches.elsewhere(turn.run_id)
    read = await read_thread(client, work.thread_id, shape, state=state, elsewhere=elsewhere)
    return replace(read, interrupts=(), failure=None)
