"""Asking again what was answered when that answer made the run fail.

A server keeps an answer once its run has begun, and every later attempt gets the same one: a second
answer to that question is never read. The way out is LangGraph's own ``as_node="__copy__"``: it
writes the checkpoint once more, without what its tasks were told, and a run from there asks anew.
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

    With other tasks beside it no way leads back: those that are done would be done again.
    """
    tasks = state.get("tasks") or []
    return len(tasks) == 1 and bool(tasks[0].get("error")) and bool(tasks[0].get("interrupts"))


async def ask_again(
    client: LangGraphClient, thread_id: str, assistant_id: str, asked: Interrupt
) -> Interrupt | None:
    """The question as it is asked anew; None where another one comes in its place.

    Raises:
        LangGraphError: the server did not do it.
    """
    await client.threads.update_state(thread_id, values=None, as_node=_COPY)
    run = await client.runs.create(
        thread_id, assistant_id, multitask_strategy="reject", **FOR_A_CHAT
    )
    async for _ in client.runs.join_stream(thread_id, run["run_id"]):
        pass
    open_now = load(await client.threads.get_state(thread_id)).interrupts
    return next((one for one in open_now if one.value == asked.value), None)
