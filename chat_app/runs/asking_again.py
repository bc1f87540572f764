"""Asking a question again after its answer made the run fail.

A server stores an answer once its run has begun, and every retry gets the same one: a second answer
to that interrupt is never read. LangGraph's ``as_node="__copy__"`` solves this: it copies the
checkpoint without the answers to its tasks, and a run from the copy asks again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.client.modes import FOR_A_CHAT
from chat_app.transcript.load import load

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.schema import ThreadState
    from chat_app.transcript.message import Interrupt

_COPY = "__copy__"


def is_stuck(state: ThreadState) -> bool:
    """Whether the answer of the only open task made it fail.

    With parallel tasks this is not possible: those that are done would be repeated.
    """
    tasks = state.get("tasks") or []
    return len(tasks) == 1 and bool(tasks[0].get("error")) and bool(tasks[0].get("interrupts"))


async def ask_again(
    client: LangGraphClient,
    thread_id: str,
    assistant_id: str,
    asked: Interrupt,
    *,
    leaf: str | None = None,
) -> Interrupt | None:
    """The question as it is asked again; None if another one takes its place.

    `leaf` is the checkpoint that asks, if that is not the newest one.

    Raises:
        LangGraphError: the server did not do it.
    """
    update = client.threads.update_state
    await update(thread_id, values=None, as_node=_COPY, checkpoint_id=leaf)
    run = await client.runs.create(
        thread_id, assistant_id, multitask_strategy="reject", **FOR_A_CHAT
    )
    async for _ in client.runs.join_stream(thread_id, run["run_id"]):
        pass
    open_now = load(await client.threads.get_state(thread_id)).interrupts
    return next((one for one in open_now if one.value == asked.value), None)
