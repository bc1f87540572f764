"""What is sent or stopped in one thread stays there, wherever the person turns meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.state.draft import DraftState
from chat_app.state.queue import INTERRUPT, ROLLBACK, QueueState
from chat_app.state.run import RunState
from tests.helpers.network import ANY_CANCEL, CREATE_THREAD
from tests.helpers.queueing import (
    asked,
    between_two,
    comes_to,
    paused,
    settled,
    submitted,
    turn,
    waiting,
)
from tests.helpers.tab import over

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


async def test_a_chat_that_never_becomes_a_thread_gives_back_all_that_was_sent_in_it(
    network: Network, new_tab: Callable[[], Tab]
) -> None:
    tab, stranger = new_tab(), new_tab()
    await tab.load("/")
    creating = network.hold(*CREATE_THREAD)
    creating.status = 403
    one = await tab.enqueue(QueueState.submit, message="1")
    await tab.until(lambda: tab.running)
    two = await tab.enqueue(QueueState.submit, message="my secret")
    await tab.until(lambda: waiting(tab) == ["my secret"])
    creating.release()
    await over(one)
    await over(two)
    await tab.painted()
    assert tab.var(DraftState, "returned") == "1\n\nmy secret"
    assert waiting(tab) == []
    creating.end()
    await stranger.load("/")
    await stranger.send("2")
    assert "my secret" not in "".join(stranger.sent)


async def test_what_a_new_chat_could_not_send_goes_into_its_draft_wherever_the_page_is(
    network: Network, tab: Tab
) -> None:
    await tab.send("1")
    other = tab.thread_id
    await tab.go("/")
    creating = network.hold(*CREATE_THREAD)
    creating.status = 403
    one = await tab.enqueue(QueueState.submit, message="2")
    await tab.until(lambda: tab.running)
    chat = tab.thread_id
    two = await tab.enqueue(QueueState.submit, message="3")
    await tab.until(lambda: waiting(tab) == ["3"])
    turning = await turn(tab, f"/t/{other}")
    creating.release()
    for event in (one, two, turning):
        await over(event)
    assert tab.var(DraftState, "returned") == ""
    assert tab.var(DraftState, "drafts") == {chat: "2\n\n3"}
    assert tab.texts("human") == ["1"]


async def test_what_was_written_in_a_new_chat_waits_there(
    network: Network, tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    other = tab.thread_id
    await tab.go("/")
    creating = network.hold(*CREATE_THREAD)
    one = await tab.enqueue(QueueState.submit, message="2")
    await tab.until(lambda: tab.running)
    chat = tab.thread_id
    two = await tab.enqueue(QueueState.submit, message="3")
    await tab.until(lambda: waiting(tab) == ["3"])
    turning = await turn(tab, f"/t/{other}")
    creating.release()
    for event in (one, two, turning):
        await over(event)
    assert await asked(client, other) == ["1"]
    assert chat not in ("", other)
    await comes_to(client, chat, "2", "3")


async def test_what_waits_behind_a_stopped_run_is_paused_there(
    network: Network, tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    busy, other = await between_two(tab, long_answer)
    await submitted(tab, "2", "3")
    cancelling = network.hold(*ANY_CANCEL)
    stopping = await tab.enqueue(RunState.stop)
    await cancelling.arrived.wait()
    turning = await turn(tab, f"/t/{other}")
    cancelling.release()
    await over(stopping)
    await over(turning)
    assert waiting(tab) == []
    await tab.go(f"/t/{busy}")
    assert paused(tab) == ["2", "3"]
    assert await asked(client, other) == ["1"]
    assert await asked(client, busy) == ["1", long_answer.question]
    await tab.do(QueueState.send_all)
    await settled(tab, 2, 3)


@pytest.mark.parametrize("strategy", [INTERRUPT, ROLLBACK])
async def test_what_is_sent_instead_of_an_answer_goes_where_that_was(
    network: Network,
    tab: Tab,
    client: LangGraphClient,
    long_answer: LongAnswer,
    strategy: str,
) -> None:
    busy, other = await between_two(tab, long_answer)
    await submitted(tab, "3")
    await tab.do(QueueState.choose, strategy=strategy)
    cancelling = network.hold(*ANY_CANCEL)
    sending = await tab.enqueue(QueueState.submit, message="7")
    await tab.until(lambda: tab.var(RunState, "stopping"))
    turning = await turn(tab, f"/t/{other}")
    cancelling.release()
    await over(sending)
    await over(turning)
    stays = [long_answer.question] if strategy == INTERRUPT else []
    await comes_to(client, busy, "1", *stays, "7", "3")
    assert await asked(client, other) == ["1"]
    assert tab.texts("human") == ["1"]
