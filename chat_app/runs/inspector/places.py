"""Where a run that begins at a checkpoint hangs in the tree of a thread's versions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from chat_app.runs.checkpoints import about, id_of, parent_of
from chat_app.transcript.branch_runs import RunLink
from chat_app.transcript.load import saved
from chat_app.transcript.message import Role

if TYPE_CHECKING:
    from chat_app.client.schema import ThreadState
    from chat_app.runs.checkpoints import Checkpoints

_SAVED_AFTER = 20
"""Checkpoints that may have been saved by hand after the last one of a run."""


class RunAt(NamedTuple):
    """The run that led to a checkpoint; `run_id` is empty where none did, or too long ago."""

    run_id: str = ""
    is_over: bool = True
    """It has made no checkpoint after that one."""


async def run_at(checkpoints: Checkpoints, state: ThreadState) -> RunAt:
    """The run that led to a checkpoint, or to one before it that was changed by hand since.

    Raises:
        LangGraphError: the server does not tell.
    """
    for _ in range(_SAVED_AFTER):
        if isinstance(run_id := about(state, "run_id"), str) and run_id:
            newest = await checkpoints.having(run_id=run_id, limit=1)
            return RunAt(run_id, not newest or id_of(newest[0]) == id_of(state))
        if not (parent := parent_of(state)):
            break
        state = await checkpoints.get(parent)
    return RunAt()


async def link_at(  # noqa: PLR0913 - where, and what is known of that
    checkpoints: Checkpoints,
    state: ThreadState,
    *,
    key: str,
    message_id: str = "",
    is_end: bool = False,
    leaf_run: str = "",
) -> RunLink:
    """How a run that begins at a checkpoint hangs on others.

    Args:
        checkpoints: those of the thread.
        state: the checkpoint where it begins.
        key: where states have messages.
        message_id: what it asks; empty where it has no input.
        is_end: the shown branch ends there, so that nothing else has gone on from it.
        leaf_run: the run that the shown branch ends with; empty where that is the newest one.

    Raises:
        LangGraphError: the server does not tell.
    """
    found = await run_at(checkpoints, state)
    link = RunLink("", message_id, has_input=bool(message_id))
    if is_end and found.is_over:
        return replace(link, from_run=leaf_run)
    if message_id:
        # In the middle of a run it stands beside the whole of that one, not after it.
        where = {"from_run": found.run_id} if found.is_over else {"beside": found.run_id}
        return replace(link, **where)
    asked = [one.id for one in saved(state, key) if one.role is Role.HUMAN]
    if asked:
        return replace(link, regenerates=asked[-1], asked_by=found.run_id)
    return replace(link, beside=found.run_id)


def is_at(state: ThreadState | None, checkpoint_id: str) -> bool:
    """Whether a server has told of the checkpoint that it was asked for.

    One that it does not have is answered with an empty state.
    """
    return bool(checkpoint_id) and id_of(state) == checkpoint_id
