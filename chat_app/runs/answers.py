"""Answering what a graph asks: the answer goes to the run, the decision stays in the thread."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.client import LangGraphError
from chat_app.client.modes import FOR_A_CHAT
from chat_app.runs import tasks
from chat_app.runs.asking_again import ask_again, is_stuck
from chat_app.runs.checkpoints import about
from chat_app.transcript.asked import key_of
from chat_app.transcript.deciding import command_of
from chat_app.transcript.load import load
from chat_app.transcript.thread_notes import note_of

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.schema import RunOptions
    from chat_app.runs.answered import Answered
    from chat_app.runs.thread_view import Work
    from chat_app.transcript.message import Interrupt


class AnsweredAlreadyError(Exception):
    """The question is not open any more."""


async def resume_options(
    work: Work, client: LangGraphClient, answered: Answered
) -> tuple[str, RunOptions]:
    """The assistant that asked, and how to resume its run; notes the decision in the thread.

    Raises:
        AnsweredAlreadyError: the question is not open any more.
        LangGraphError: the server does not tell.
    """
    assistant_id, asked = await _asked_by(work, client, answered.asked)
    if asked is None:
        raise AnsweredAlreadyError
    await _note_answer(work, client, answered)
    return assistant_id, {
        **FOR_A_CHAT,
        "input": None,
        "command": command_of(asked, answered.answer),
        "multitask_strategy": "reject",
        "checkpoint_id": work.view.leaf or None,
    }


async def _note_answer(work: Work, client: LangGraphClient, answered: Answered) -> None:
    """Note the decision in the thread; where a Stop comes first, take it out again."""
    runs = work.branches
    asked_by = work.view.leaf_run or runs.before(runs.newest)  # the newest one is the answer
    note = note_of(answered.decision, work.before.messages, asked_by)
    noting = tasks.spawn(client.threads.update(work.thread_id, metadata=note), name="note")

    async def forget() -> None:
        await asyncio.wait({noting})  # the server may do it all the same, and has to do it first
        await forget_answer(work, answered)

    try:
        await asyncio.shield(noting)
    except asyncio.CancelledError:
        tasks.spawn(forget(), name="forget")
        raise


async def forget_answer(work: Work, answered: Answered) -> None:
    """Take the decision out of the thread."""
    with suppress(LangGraphError):
        client = await work.backend.connect()
        # What is null in the metadata is passed over.
        nothing = dict.fromkeys(note_of(answered.decision, work.before.messages))
        await client.threads.update(work.thread_id, metadata=nothing)


async def _asked_by(
    work: Work, client: LangGraphClient, asked: Interrupt
) -> tuple[str, Interrupt | None]:
    """The assistant that asked, whichever is chosen by now; and the question, if it is open."""
    thread_id = work.thread_id
    leaf = work.view.leaf or None
    state, thread, runs = await asyncio.gather(
        client.threads.get_state(thread_id, checkpoint_id=leaf),
        client.threads.get(thread_id),
        client.runs.list(thread_id, limit=1),
    )
    metadata: Any = thread.get("metadata") or {}
    asked_by = [about(state, "assistant_id")] if leaf else []
    found = [*asked_by, *(run.get("assistant_id") for run in runs), metadata.get("assistant_id")]
    assistant_id = next((one for one in found if isinstance(one, str) and one), "")
    assistant_id = assistant_id or await work.backend.default_assistant(client)
    still_open = {key_of(one) for one in load(state).interrupts}
    # Servers before 2025 do not list in a state what the stream told of it.
    if key_of(asked) not in still_open and (still_open or not state.get("next")):
        return assistant_id, None
    if is_stuck(state):
        again = await ask_again(client, thread_id, assistant_id, asked, leaf=leaf)
        work.view = replace(work.view, leaf="")  # it is asked by the newest checkpoint now
        return assistant_id, again
    return assistant_id, asked
