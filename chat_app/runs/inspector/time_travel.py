"""Changes the state of a thread by hand, and lets runs begin at any of its checkpoints.

Nothing is overwritten: a changed state is a new checkpoint, and a run that begins at an older one
makes another version of what followed it (see `chat_app.transcript.branches`). The session of the
thread reads it again, so that its tabs show what it says by now.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from chat_app import text
from chat_app.client import (
    BadRequestError,
    ConflictError,
    InvalidError,
    NotFoundError,
    ServerError,
    UnreachableError,
)
from chat_app.client.errors import Cause
from chat_app.client.modes import FOR_A_CHAT
from chat_app.client.recover import MESSAGE_KEY, REQUEST_KEY
from chat_app.runs import langsmith
from chat_app.runs.checkpoints import Checkpoints, id_of
from chat_app.runs.ids import uuid7
from chat_app.runs.inspector.places import is_at, link_at, run_at
from chat_app.runs.machine.events import Changed, Opened
from chat_app.runs.shown_branch import Shown, remember
from chat_app.timeline.difference import ABSENT
from chat_app.timeline.state_update import not_as_asked, update_of
from chat_app.transcript.branch_runs import metadata_of
from chat_app.transcript.error_text import AppError
from chat_app.transcript.inputs import is_message, key_in

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import RunOptions, ThreadState
    from chat_app.runs.thread_view import Work

_log = logging.getLogger("chat_app.runs")

_REFUSED = (BadRequestError, InvalidError, ServerError)


class ChangedMeanwhileError(AppError, ConflictError):
    """Another program, or another tab, has made a newer checkpoint; `head` is its id."""

    def __init__(self, head: str) -> None:
        super().__init__(text.CHANGED_MEANWHILE)
        self.head = head


class NoSuchCheckpointError(AppError, NotFoundError):
    """The server does not have it any more."""

    def __init__(self) -> None:
        super().__init__(text.NO_SUCH_CHECKPOINT)


class BusyError(AppError, ConflictError):
    """A run is going on."""

    def __init__(self) -> None:
        super().__init__(text.STATE_BUSY)


class NotTakenError(AppError, InvalidError):
    """The server refuses a state; `detail` is what it says itself."""

    def __init__(self, detail: str) -> None:
        super().__init__(text.STATE_NOT_TAKEN, detail)


class NothingToRunError(AppError, InvalidError):
    """No node is next, and there is no input."""

    def __init__(self) -> None:
        super().__init__(text.NOTHING_TO_RUN)


class Saved(NamedTuple):
    """A state that was saved by hand: its checkpoint, and the keys that are other than asked."""

    checkpoint_id: str
    others: tuple[str, ...] = ()


async def state_at(client: LangGraphClient, thread_id: str, checkpoint_id: str) -> ThreadState:
    """The state at a checkpoint; where that is empty the newest one.

    Raises:
        NoSuchCheckpointError: the server does not have it.
        LangGraphError: the server does not tell.
    """
    state = await client.threads.get_state(thread_id, checkpoint_id=checkpoint_id or None)
    if checkpoint_id and not is_at(state, checkpoint_id):
        raise NoSuchCheckpointError
    if checkpoint_id and not state.get("values") and not state.get("metadata"):
        raise NoSuchCheckpointError
    return state


async def save_state(  # noqa: PLR0913 - where and what
    work: Work,
    after: Json,
    *,
    checkpoint_id: str,
    seen: str,
    as_node: str = "",
    is_forced: bool = False,
) -> Saved:
    """Save a state as a new checkpoint, which the thread shows from then on.

    Args:
        work: of the thread.
        after: its values, all of them.
        checkpoint_id: the one that was changed, which the new one follows.
        seen: the newest one when the person began.
        as_node: the node that is to have written it; empty: the graph decides.
        is_forced: also where there is a newer one by now.

    Raises:
        ChangedMeanwhileError: there is a newer one.
        CannotRemoveError: a key is to be removed.
        BusyError: a run is going on.
        NotTakenError: the server refuses it.
        LangGraphError: the server cannot be asked.
    """
    client, thread_id = await work.backend.connect(), work.thread_id
    key = work.view.transcript.shape.key
    checkpoints = Checkpoints(client, thread_id, key)
    head = id_of(await checkpoints.newest())
    if head != seen and not is_forced:
        raise ChangedMeanwhileError(head)
    base = await state_at(client, thread_id, checkpoint_id)
    before = base.get("values")
    before = before if isinstance(before, dict) else {}
    sent = update_of(before, after)
    if not sent and not as_node:
        return Saved("")
    try:
        made = await client.threads.update_state(
            thread_id,
            sent,
            as_node=as_node or None,
            checkpoint_id=checkpoint_id or None,
        )
    except ConflictError:
        raise BusyError from None
    except UnreachableError as lost:
        # A server that fails over a value may close the connection before it says so.
        if lost.cause is not Cause.RESET:
            raise
        raise NotTakenError("") from None
    except _REFUSED as refused:
        raise NotTakenError(refused.detail) from None
    new = _made(made) or id_of(await checkpoints.newest())
    _log.info("thread %s: its state was changed by hand", thread_id)
    others: tuple[str, ...] = ()
    try:
        now = await state_at(client, thread_id, new)
        values = now.get("values")
        others = not_as_asked(after, values if isinstance(values, dict) else {}, sent)
        await _show(work, client, checkpoints, now, head=new)
    finally:
        work.report(Opened())
    return Saved(new, others)


async def show_checkpoint(work: Work, checkpoint_id: str) -> None:
    """Let the thread show a checkpoint, from which what is sent next goes on.

    Raises:
        NoSuchCheckpointError: the server does not have it.
        LangGraphError: the server cannot be asked.
    """
    client, thread_id = await work.backend.connect(), work.thread_id
    checkpoints = Checkpoints(client, thread_id, work.view.transcript.shape.key)
    state = await state_at(client, thread_id, checkpoint_id)
    head = id_of(await checkpoints.newest())
    await _show(work, client, checkpoints, state, head=head)
    work.report(Opened())


async def run_from(
    work: Work,
    checkpoint_id: str,
    *,
    assistant_id: str = "",
    given: Any = ABSENT,
    **options: Any,
) -> str:
    """Start a run at a checkpoint and let the thread follow it; returns the run's id.

    Args:
        work: of the thread.
        checkpoint_id: where it begins; what followed that stays as another version.
        assistant_id: that is to run; empty: the one that has last worked on the thread.
        given: its input; without one the graph goes on with what is next.
        options: more of `chat_app.client.schema.RunOptions`, such as breakpoints.

    Raises:
        NothingToRunError: nothing is next, and there is no input.
        BusyError: a run is going on.
        LangGraphError: the server does not take it, or the person may start no run.
    """
    client, thread_id = await work.backend.connect(), work.thread_id
    key = work.view.transcript.shape.key
    checkpoints = Checkpoints(client, thread_id, key)
    state = await state_at(client, thread_id, checkpoint_id)
    if given is ABSENT and not state.get("next"):
        raise NothingToRunError
    head = id_of(await checkpoints.newest())
    is_end = checkpoint_id == (work.view.leaf or head)
    message_id = ""
    if given is not ABSENT:
        given, message_id = _with_id(given, key)
    link = await link_at(
        checkpoints,
        state,
        key=key,
        message_id=message_id,
        is_end=is_end,
        leaf_run=work.view.leaf_run,
    )
    metadata: Json = {**metadata_of(link), REQUEST_KEY: str(uuid7())}
    if message_id:
        metadata[MESSAGE_KEY] = message_id
    asked: RunOptions = {
        **FOR_A_CHAT,
        "input": None if given is ABSENT else given,
        "metadata": metadata,
        "multitask_strategy": "reject",
        **langsmith.options(client),
    }
    if work.inspection:
        asked.update(work.inspection.options())
    if checkpoint_id != head:
        asked["checkpoint_id"] = checkpoint_id
    asked.update(options)  # type: ignore[typeddict-item]
    run_id = await _started(work, client, asked, assistant_id, message_id or str(uuid4()))
    _log.info("run %s: begins at a checkpoint of thread %s", run_id, thread_id)
    work.report(Changed(run_id))
    return run_id


async def _started(
    work: Work, client: LangGraphClient, asked: RunOptions, assistant_id: str, name: str
) -> str:
    """Start a run and count it; `name` is this app's own one of it."""
    assistant, meter = await work.assistant(client, assistant_id), work.backend.meter
    if meter:
        await meter.begin(name, work.thread_id)
    try:
        run = await client.runs.create(work.thread_id, assistant, **asked)
    except BaseException as failure:
        if meter:
            meter.not_started(name)
        if isinstance(failure, ConflictError):
            raise BusyError from None
        raise
    run_id = str(run["run_id"])
    if meter:
        meter.accepted(name, run_id)
    return run_id


async def _show(
    work: Work, client: LangGraphClient, checkpoints: Checkpoints, state: ThreadState, *, head: str
) -> None:
    """Note that the thread shows a state, and with which run its branch ends."""
    index = work.branches
    await index.complete(client, work.thread_id)
    run_id = (await run_at(checkpoints, state)).run_id
    is_newest = id_of(state) == head
    run_id = "" if is_newest and run_id == index.newest else run_id
    leaf = "" if is_newest else id_of(state)
    await remember(client, work.thread_id, Shown(state, leaf, run_id), head=head)


def _made(answer: Any) -> str:
    """The new checkpoint, as the answer to an update of the state tells it."""
    found = answer.get("checkpoint") if isinstance(answer, dict) else None
    return id_of({"checkpoint": found} if isinstance(found, dict) else answer)


def _with_id(given: Any, key: str) -> tuple[Any, str]:
    """An input whose last message has an id, and that id; a new id for an input without any."""
    new, place = str(uuid4()), key_in(given, key)
    if place is None:
        return given, new
    whole = given if place == "" else given[place]
    listed = list(whole) if isinstance(whole, list) else [whole]
    if not listed or not is_message(listed[-1]):
        return given, new
    last = listed[-1]
    known = last.get("id")
    message_id = known if isinstance(known, str) and known else new
    listed[-1] = {**last, "id": message_id}
    return (listed if place == "" else {**given, place: listed}), message_id
