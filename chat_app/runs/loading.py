"""The effects that read a thread, and that save what only this app knows of a run."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError, NotFoundError, Outcome
from chat_app.runs import thread_metadata
from chat_app.runs.branch_index import Left
from chat_app.runs.checkpoints import Checkpoints, id_of
from chat_app.runs.fork_starter import is_unanswered
from chat_app.runs.machine.conversation import Kind
from chat_app.runs.machine.events import Loaded, NotLoaded, Saved
from chat_app.runs.pending_runs import Agenda, queued_in
from chat_app.runs.reading import read_thread
from chat_app.runs.save_partial import save_failed, save_stopped
from chat_app.runs.shown_branch import (
    NoVersionError,
    Shown,
    choose,
    chosen,
    notes_of,
    remember,
    show_versions,
)
from chat_app.runs.thread_view import View
from chat_app.runs.times import SAVED_ELSEWHERE_WITHIN, SAVED_WITHIN
from chat_app.runs.unwatched import read_unwatched
from chat_app.transcript.branches import labels
from chat_app.transcript.load import carried_over, load

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from chat_app.client import LangGraphClient
    from chat_app.runs.machine import effect_types as effects
    from chat_app.runs.pending_runs import Queued
    from chat_app.runs.thread_view import Work
    from chat_app.transcript.message import Transcript

_log = logging.getLogger("chat_app.runs")


async def load_thread(work: Work, effect: effects.Load) -> None:
    """Read the thread as the server has it, and what goes on there."""
    thread_id = work.thread_id
    try:
        client, now, thread = await work.read_head()
        work.branches.see(now.links, is_whole=now.is_whole)
        metadata: Any = thread.get("metadata") or {}
        work.branches.see_removed(metadata, [link.run_id for link in now.links])
        worked = metadata.get("assistant_id") or metadata.get("graph_id")
        worked = worked if isinstance(worked, str) else ""
        shape = await work.backend.shape(
            client, worked or await work.backend.default_assistant(client)
        )
        shown_now = await _branch(work, client, thread, effect)
        elsewhere = work.branches.elsewhere(shown_now.run_id)
        told: Any = {**thread, "metadata": notes_of(metadata, elsewhere)}
        if shown_now.leaf:
            told.pop("error", None)  # it is that of the newest state
        transcript = await read_thread(
            client,
            thread_id,
            shape,
            thread=told,
            state=shown_now.state,
            running=bool(now.current) and not shown_now.leaf,
            is_whole=True,
            elsewhere=elsewhere,
            again=work.branches.again(shown_now.run_id),
        )
        transcript = replace(transcript, running=False)
        shown = frozenset(message.id for message in transcript.messages)
        paused = await _paused(client, thread_id, metadata, shown)
    except NoVersionError as failure:
        work.report(NotLoaded(effect.version, failure))
        return
    except NotFoundError:
        work.loaded = View(is_gone=True, is_loaded=True)
        work.report(Loaded(Agenda(), exists=False, changes=effect.changes))
        return
    except LangGraphError as failure:
        if effect.version:
            work.report(NotLoaded(effect.version, failure))
            return
        work.show(work.view.transcript, load_failure=failure)
        work.report(NotLoaded())
        return
    work.is_created = True
    branch = thread_metadata.shown_branch(metadata)
    newest = branch.head if branch and shown_now.leaf else id_of(shown_now.state)
    work.head, work.changed = max(work.head, newest), str(thread.get("state_updated_at") or "")
    if work.inspection:
        work.inspection.read(metadata)
    named = metadata.get("assistant_id")
    view = View(
        transcript,
        title=_title(metadata, transcript),
        assistant_id=named if isinstance(named, str) else "",
        is_loaded=True,
        is_temporary=thread_metadata.is_temporary(metadata),
        versions=labels(work.branches.forks(shown_now.run_id, transcript)),
        leaf=shown_now.leaf,
        leaf_run=shown_now.run_id,
    )
    work.is_discarded = work.discards(metadata)
    work.graph_title = transcript.title
    is_asking = bool(transcript.interrupts)
    work.loaded = view
    changes = effect.changes
    work.report(
        Loaded(
            now,
            paused,
            is_asking=is_asking,
            changes=changes,
            shown=shown,
            version=effect.version,
        )
    )
    await show_versions(work, client)
    if shown_now.leaf:
        return  # what is unwatched is told by the newest states
    if notes := await read_unwatched(client, thread_id, metadata):
        work.note(view, notes_of(notes, work.branches.elsewhere(shown_now.run_id)))


async def _branch(
    work: Work, client: LangGraphClient, thread: Mapping[str, Any], effect: effects.Load
) -> Shown:
    """The branch that was asked for, or that the thread shows.

    Raises:
        LangGraphError: there is none, or the server does not tell.
    """
    if effect.version:
        return await choose(work, client, effect.version)
    index, found = work.branches, await chosen(client, thread)
    if found.leaf:
        await index.complete(client, work.thread_id)
    is_known = found.leaf or index.find(found.run_id)
    is_newest = not found.leaf and found.run_id == index.newest
    return found if is_known and not is_newest else found._replace(run_id="")


def _title(metadata: Mapping[str, Any], transcript: Transcript) -> str:
    """The title of a thread: that of a person, else of its graph, else what the metadata say."""
    known = thread_metadata.title_of(metadata)
    is_given = known and thread_metadata.title_source(metadata) == "person"
    return known if is_given else transcript.title or known


async def _paused(
    client: LangGraphClient, thread_id: str, metadata: Mapping[str, Any], answered: Collection[str]
) -> tuple[Queued, ...]:
    """The messages that a Stop has paused; their cancelled runs hold them."""
    found = []
    for run_id in thread_metadata.paused_in(metadata):
        try:
            run = await client.runs.get(thread_id, run_id)
        except NotFoundError:
            continue  # removed by another program
        message = queued_in(run)
        if run["status"] == "interrupted" and message.message_id not in answered:
            found.append(message)
    return tuple(found)


async def save(work: Work, effect: effects.Save) -> None:
    """Save what only this app has of a run that broke off, or read what another one saved."""
    turn, last = effect.turn, work.view.transcript
    try:
        client = await work.backend.connect()
        async with asyncio.timeout(SAVED_WITHIN):
            if effect.is_rollback:
                work.branches.drop(turn.run_id)
                await _show_what_was(work, client)
            elif turn.outcome is Outcome.FAILED and last.failure:
                failure = await save_failed(client, work.thread_id, last, last.failure)
                work.show(replace(last, failure=failure))
            elif turn.outcome is Outcome.INTERRUPTED and not last.interrupts:
                continues = turn.message is not None and turn.message.continues
                if (turn.kind is Kind.REGENERATE or continues) and is_unanswered(last):
                    await _show_what_was(work, client, continues=continues)
                else:
                    await _save_stopped(work, client, last, is_ours=effect.is_stopped)
            if turn.kind is Kind.ANSWER and turn.outcome is not Outcome.FINISHED:
                await _ask_again(work, client)
    except TimeoutError:
        _log.info("thread %s: what a run wrote is not saved in time", work.thread_id)
    except LangGraphError as refused:
        _log.info("thread %s: what a run wrote is not saved: %r", work.thread_id, refused)
    finally:
        work.stream = None
        work.report(Saved(turn.id, is_asking=bool(work.view.transcript.interrupts)))


async def _save_stopped(
    work: Work, client: LangGraphClient, last: Transcript, *, is_ours: bool
) -> None:
    if is_ours:
        start = work.origin.checkpoint_id if work.origin else ""
        await save_stopped(client, work.thread_id, last, start=start)
        return
    await asyncio.sleep(SAVED_ELSEWHERE_WITHIN)
    saved = carried_over(last, await read_thread(client, work.thread_id, last.shape))
    if last.messages and last.messages[-1].id in {message.id for message in saved.messages}:
        work.show(replace(saved, running=False))


async def _show_what_was(work: Work, client: LangGraphClient, *, continues: bool = False) -> None:
    """A run has left nothing: the branch that was shown before it is shown again.

    Where that was the newest one, it is the one before the run; the server may have a checkpoint of
    the run that adds nothing.
    """
    left, run_id = work.left, work.last_run
    checkpoints = Checkpoints(client, work.thread_id, left.transcript.shape.key)
    newest = await checkpoints.newest()
    leaf, leaf_run = left.leaf, left.leaf_run
    begun = await checkpoints.having(run_id=run_id, limit=1)
    has_place = begun and not continues
    work.branches.end(run_id, "interrupted", Left.NO_ANSWER if has_place else Left.NOTHING)
    if not leaf:
        parent = await checkpoints.newest(before=id_of(begun[-1])) if begun else newest
        leaf, leaf_run = id_of(parent), leaf_run or work.branches.before(run_id)
    if leaf == id_of(newest):
        leaf = ""
    state = await checkpoints.get(leaf) if leaf else newest
    elsewhere = work.branches.elsewhere(leaf_run)
    read = await read_thread(
        client,
        work.thread_id,
        left.transcript.shape,
        state=state,
        elsewhere=elsewhere,
        again=work.branches.again(leaf_run),
    )
    shown = replace(carried_over(left.transcript, read), running=False)
    await remember(client, work.thread_id, Shown(state, leaf, leaf_run), head=id_of(newest))
    work.show(shown, is_stopped=False, leaf=leaf, leaf_run=leaf_run)
    work.show_versions()


async def _ask_again(work: Work, client: LangGraphClient) -> None:
    """What a run that broke off leaves open is open again, as it is after a reload."""
    transcript = work.view.transcript
    if not transcript.interrupts:
        open_now = load(await client.threads.get_state(work.thread_id)).interrupts
        work.show(replace(transcript, interrupts=open_now, running=False))
