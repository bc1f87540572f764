"""Dismissing the open questions of a thread, so that the person can ask something else.

A graph that is left while it asks keeps dangling tool calls and asks again after a reload. So each
call gets a result, written as the node that asked, and the run ends where it is.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.client import ConflictError, LangGraphError
from chat_app.runs.dangling_calls import (
    END,
    StepResult,
    dangling_calls,
    error_result,
    finish,
    is_unfinished,
    save_finished_tasks,
    unfinished_node,
)
from chat_app.runs.ids import uuid7
from chat_app.runs.machine.events import Dismissed, NotDismissed
from chat_app.runs.reading import read_thread
from chat_app.runs.shown_branch import notes_of, remember_newest
from chat_app.transcript.asked import asked_in_words, key_of
from chat_app.transcript.load import carried_over, load, saved
from chat_app.transcript.message import Decision, Role
from chat_app.transcript.thread_notes import note_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import ThreadState
    from chat_app.runs.machine.effect_types import Dismiss
    from chat_app.runs.thread_view import Work
    from chat_app.transcript.message import Interrupt, Transcript

_log = logging.getLogger("chat_app.runs")

_ROUNDS = 3
"""A node that is written to may lead to another one, which the next round ends."""


async def dismiss(work: Work, _: Dismiss) -> None:
    """Dismiss the open questions and show the thread after that; report whether it was done."""
    shown = work.view.transcript
    try:
        client = await work.backend.connect()
        leaf, run_id = work.view.leaf, work.view.leaf_run
        elsewhere = work.branches.elsewhere(run_id)
        closed = await dismiss_questions(
            client,
            work.thread_id,
            shown,
            only=shown.interrupts,
            leaf=leaf,
            elsewhere=elsewhere,
            asked_by=run_id or work.branches.newest,
        )
        if closed:
            work.show(closed, is_stopped=False, leaf="")
            if run_id:
                await remember_newest(client, work.thread_id, run_id)
    except ConflictError:
        # A run is going on: the question was answered elsewhere.
        work.report(Dismissed(is_answered=True))
    except LangGraphError as refused:
        _log.info("thread %s: its questions are not dismissed: %r", work.thread_id, refused)
        work.report(NotDismissed(refused))
    else:
        work.report(Dismissed(is_answered=closed is None))


async def dismiss_questions(  # noqa: PLR0913 - where and what
    client: LangGraphClient,
    thread_id: str,
    shown: Transcript,
    *,
    only: tuple[Interrupt, ...] = (),
    leaf: str = "",
    elsewhere: Collection[str] = (),
    asked_by: str = "",
) -> Transcript | None:
    """Dismiss the open questions of a thread, and note that in its metadata.

    Args:
        client: the server's client.
        thread_id: the thread.
        shown: the transcript with the questions.
        only: nothing is dismissed where the thread asks none of these; empty: all it asks.
        leaf: the checkpoint that asks, if that is not the newest one.
        elsewhere: the runs that did not lead to it.
        asked_by: the run that asks, where that is known.

    Returns:
        The transcript after that; None where nothing was open, and nothing is written.

    Raises:
        ConflictError: a run is going on.
        LangGraphError: the server did not do it.
    """
    if not await _close(client, thread_id, shown.shape.key, only=only, leaf=leaf):
        return None
    note = note_of(_decision(shown.interrupts), shown.messages, asked_by)
    try:
        thread = await client.threads.update(thread_id, metadata=note)
    except LangGraphError as refused:  # the thread is consistent, only the note is missing
        _log.info("thread %s: the dismissal is not noted: %r", thread_id, refused)
        thread = await client.threads.get(thread_id)
    known: Any = {**thread, "metadata": notes_of(thread.get("metadata") or {}, elsewhere)}
    read = await read_thread(client, thread_id, shown.shape, thread=known, elsewhere=elsewhere)
    return replace(carried_over(shown, read), interrupts=(), running=False)


async def _close(
    client: LangGraphClient,
    thread_id: str,
    key: str,
    *,
    only: tuple[Interrupt, ...] = (),
    leaf: str = "",
) -> bool:
    """Give each dangling call of a thread a result and end what it waits for.

    `key` is that of the messages in its state, `only` and `leaf` as in `dismiss_questions`.

    Returns:
        Whether anything was open.

    Raises:
        ConflictError: a run is going on.
        LangGraphError: the server did not do it.
    """
    state = await client.threads.get_state(thread_id, checkpoint_id=leaf or None)
    if not is_unfinished(state) or (only and _is_other(state, only)):
        return False
    await _close_inside(client, thread_id, state, key)
    node = unfinished_node(state, "interrupts")
    asking, state = state, await save_finished_tasks(client, thread_id, state, leaf=leaf)
    leaf = leaf if state is asking else ""
    results = StepResult(node, _results(state, key), key)
    await finish(client, thread_id, state, results, rounds=_ROUNDS, leaf=leaf)
    _log.info("thread %s: dismissed, %d calls have got a result", thread_id, len(results.messages))
    return True


async def _close_inside(
    client: LangGraphClient, thread_id: str, state: ThreadState, key: str
) -> None:
    """Close the calls of subgraphs that keep their own memory from run to run.

    That of another subgraph is gone with the task that it was for. The namespace of such a task
    ends with its id, ``agent:<task id>``; that of a memory which stays is only ``agent``.
    """
    for task in state.get("tasks") or []:
        namespace = (task.get("checkpoint") or {}).get("checkpoint_ns")
        if not namespace:
            continue
        where: Any = {"checkpoint_ns": namespace}
        found = await client.threads.get_history(thread_id, limit=1, checkpoint=where)
        if not found or not found[0].get("next"):
            continue
        inside = found[0]
        await _close_inside(client, thread_id, inside, key)
        own = str((inside.get("checkpoint") or {}).get("checkpoint_ns") or "")
        if ":" in own.rpartition("|")[2]:
            continue
        update = partial(client.threads.update_state, thread_id, checkpoint=where)
        if results := _results(inside, key):
            await update(values={key: results}, as_node=unfinished_node(inside, "interrupts"))
        await update(values=None, as_node=END)


def _results(state: ThreadState, key: str) -> list[Json]:
    """A result for each call since the person's last message that has none."""
    messages = saved(state, key)
    asked = [place for place, one in enumerate(messages) if one.role is Role.HUMAN]
    turn = messages[asked[-1] + 1 :] if asked else messages
    return [
        error_result(call, text.NO_RESULT_LEFT, {"dismissed": True})
        for call in dangling_calls(turn)
    ]


def _is_other(state: ThreadState, asked: Iterable[Interrupt]) -> bool:
    """Whether the thread asks something by now that this page does not show."""
    shown, there = {key_of(one) for one in asked}, {key_of(one) for one in load(state).interrupts}
    return bool(there) and not shown & there


def _decision(asked: tuple[Interrupt, ...]) -> Decision:
    """The line that stays in the place of the questions."""
    lines = tuple(line for one in asked for line in asked_in_words(one))
    return Decision(str(uuid7()), (text.LEFT,) * len(lines) or (text.LEFT,), lines)
