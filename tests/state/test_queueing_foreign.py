"""What other programs have queued stays as they made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.client.modes import FOR_A_CHAT
from chat_app.state.draft import DraftState
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from tests.helpers.queueing import id_of, made_busy, paused, submitted, waiting
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Run
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab

NIGHTLY: Any = {
    "input": {
        "messages": [
            {"role": "system", "content": "speak latin"},
            {"role": "user", "content": "2"},
        ]
    },
    "metadata": {"job": "nightly"},
    "config": {"tags": ["night"]},
}


async def queued_before_ours(tab: Tab, client: LangGraphClient, long_answer: LongAnswer) -> Run:
    """Another program's run "2" and then a message "3" wait behind an answer."""
    await made_busy(tab, long_answer)
    foreign = await client.runs.create(tab.thread_id, "slow", **FOR_A_CHAT, **NIGHTLY)
    await submitted(tab, "3")
    await tab.until(lambda: waiting(tab) == ["2", "3"])
    return foreign


async def test_a_stop_begins_what_others_have_queued_and_pauses_what_was_sent_here(
    tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    foreign = await queued_before_ours(tab, client, long_answer)
    await tab.do(RunState.stop)
    await tab.until(lambda: tab.texts("human")[-1] == "2" and not tab.running)
    run = await client.runs.get(tab.thread_id, foreign["run_id"])
    assert run["status"] == "success"
    assert run["metadata"]["job"] == "nightly"
    assert run["kwargs"]["input"] == NIGHTLY["input"]  # type: ignore[typeddict-item]
    assert paused(tab) == waiting(tab) == ["3"]


async def test_it_can_be_removed_and_nothing_else(
    tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    foreign = await queued_before_ours(tab, client, long_answer)
    assert [each["is_foreign"] for each in tab.var(QueueState, "waiting")] == [True, False]
    for handler in (QueueState.edit, QueueState.send_now, QueueState.move_up):
        await tab.do(handler, id=id_of(tab, "2"))
    await tab.do(QueueState.move_up, id=id_of(tab, "3"))
    assert (waiting(tab), tab.var(DraftState, "edits")) == (["2", "3"], 0)
    run = await client.runs.get(tab.thread_id, foreign["run_id"])
    assert run["status"] == "pending"
    await tab.do(QueueState.remove, id=id_of(tab, "2"))
    await tab.until(lambda: waiting(tab) == ["3"])

    async def is_gone() -> bool:
        runs = await client.runs.list(tab.thread_id)
        return foreign["run_id"] not in {run["run_id"] for run in runs}

    await until(is_gone)
    await tab.do(QueueState.remove, id=id_of(tab, "3"))
    await tab.do(RunState.stop)
