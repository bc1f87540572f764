"""The effects that read a thread, and that save what only this app knows of a run."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError, NotFoundError, Outcome
from chat_app.runs import thread_metadata
from chat_app.runs.conversation import Kind
from chat_app.runs.events import Loaded, NotLoaded, Saved
from chat_app.runs.pending_runs import Agenda, queued_in
from chat_app.runs.reading import read_thread
from chat_app.runs.save_partial import save_failed, save_stopped
from chat_app.runs.thread_view import View
from chat_app.runs.times import SAVED_ELSEWHERE_WITHIN, SAVED_WITHIN
from chat_app.runs.unwatched import read_unwatched
from chat_app.transcript.load import carried_over, load

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from chat_app.client import LangGraphClient
    from chat_app.runs import effect_types as effects
    from chat_app.runs.pending_runs import Queued
    from chat_app.runs.thread_view import Work
    from chat_app.transcript.message import Transcript

_log = logging.getLogger("chat_app.runs")


async def load_thread(work: Work, effect: effects.Load) -> None:
    """Read the thread as the server has it, and what goes on there."""
    thread_id = work.thread_id
    try:
        client, now, thread = await work.read_head()
        metadata: Any = thread.get("metadata") or {}
        worked = metadata.get("assistant_id") or metadata.get("graph_id")
        worked = worked if isinstance(worked, str) else ""
        shape = await work.backend.shape(
            client, worked or await work.backend.default_assistant(client)
        )
        running = bool(now.current)
        transcript = await read_thread(
            client, thread_id, shape, thread=thread, running=running, is_whole=True
        )
        transcript = replace(transcript, running=False)
        shown = frozenset(message.id for message in transcript.messages)
        paused = await _paused(client, thread_id, metadata, shown)
    except NotFoundError:
        work.loaded = View(is_gone=True, is_loaded=True)
        work.report(Loaded(Agenda(), exists=False, changes=effect.changes))
        return
    except LangGraphError as failure:
        work.show(work.view.transcript, load_failure=failure)
        work.report(NotLoaded())
        return
    work.is_created = True
    named = metadata.get("assistant_id")
    view = View(
        transcript,
        title=thread_metadata.title_of(metadata),
        assistant_id=named if isinstance(named, str) else "",
        is_loaded=True,
        is_temporary=thread_metadata.is_temporary(metadata),
    )
    work.is_discarded = work.discards(metadata)
    is_asking = bool(transcript.interrupts)
    work.loaded = view
    changes = effect.changes
    work.report(Loaded(now, paused, is_asking=is_asking, changes=changes, shown=shown))
    if notes := await read_unwatched(client, thread_id, metadata):
        work.note(view, notes)


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
                now = await read_thread(client, work.thread_id, last.shape)
                work.show(replace(now, running=False), is_stopped=False)
            elif turn.outcome is Outcome.FAILED and last.failure:
                failure = await save_failed(client, work.thread_id, last, last.failure)
                work.show(replace(last, failure=failure))
            elif turn.outcome is Outcome.INTERRUPTED and not last.interrupts:
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
        await save_stopped(client, work.thread_id, last)
        return
    await asyncio.sleep(SAVED_ELSEWHERE_WITHIN)
    saved = carried_over(last, await read_thread(client, work.thread_id, last.shape))
    if last.messages and last.messages[-1].id in {message.id for message in saved.messages}:
        work.show(replace(saved, running=False))


async def _ask_again(work: Work, client: LangGraphClient) -> None:
    """What a run that broke off leaves open is open again, as it is after a reload."""
    transcript = work.view.transcript
    if not transcript.interrupts:
        open_now = load(await client.threads.get_state(work.thread_id)).interrupts
        work.show(replace(transcript, interrupts=open_now, running=False))
