"""Turning to another chat and back while something is still being done in the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.state.draft import DraftState
from chat_app.state.queue import INTERRUPT, QueueState
from chat_app.state.run import RunState
from tests.helpers.network import ANY_CANCEL, ENQUEUE, START, asks
from tests.helpers.queueing import asked, between_two, comes_to, submitted, turn, waiting
from tests.helpers.tab import over

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


@pytest.mark.parametrize("where", ["new", "other"])
async def test_what_waits_is_not_shown_elsewhere(
    tab: Tab, long_answer: LongAnswer, where: str
) -> None:
    _, other = await between_two(tab, long_answer)
    await submitted(tab, "2")
    await tab.go("/" if where == "new" else f"/t/{other}")
    assert waiting(tab) == []


async def test_what_comes_to_wait_in_a_chat_that_was_left_is_not_shown_elsewhere(
    network: Network, tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    busy, other = await between_two(tab, long_answer)
    cancelling = network.hold(*ANY_CANCEL)
    starting = network.hold(*START, where=asks("7"))
    await tab.do(QueueState.choose, strategy=INTERRUPT)
    sending = await tab.enqueue(QueueState.submit, message="7")
    await tab.until(lambda: tab.var(RunState, "stopping"))
    turning = await turn(tab, f"/t/{other}")
    cancelling.release()
    await starting.arrived.wait()
    await tab.painted()
    assert waiting(tab) == []
    assert not tab.running
    starting.release()
    await over(sending)
    await over(turning)
    await comes_to(client, busy, "1", long_answer.question, "7")


async def test_who_stops_turns_away_and_back_and_sends_goes_before_what_is_paused(
    network: Network, tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    busy, other = await between_two(tab, long_answer)
    await submitted(tab, "2", "3")
    cancelling = network.hold(*ANY_CANCEL)
    stopping = await tab.enqueue(RunState.stop)
    await cancelling.arrived.wait()
    await over(await turn(tab, f"/t/{other}"))
    await turn(tab, f"/t/{busy}")
    sending = await tab.enqueue(QueueState.submit, message="4")
    await tab.until(lambda: waiting(tab) == ["2", "3", "4"])
    cancelling.release()
    await over(stopping)
    await over(sending)
    await comes_to(client, busy, "1", long_answer.question, "4")
    assert waiting(tab) == ["2", "3"]
    assert tab.var(QueueState, "paused") == 2
    await tab.do(QueueState.send_all)
    await comes_to(client, busy, "1", long_answer.question, "4", "2", "3")


async def test_who_lets_a_message_wait_turns_away_and_back_and_sends_keeps_the_order(
    network: Network, tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    busy, other = await between_two(tab, long_answer)
    queueing = network.hold(*ENQUEUE, where=asks("2"))
    sent = [await tab.enqueue(QueueState.submit, message="2")]
    await queueing.arrived.wait()
    await tab.until(lambda: waiting(tab) == ["2"])
    await over(await turn(tab, f"/t/{other}"))
    await turn(tab, f"/t/{busy}")
    await tab.until(lambda: tab.running)
    sent.append(await tab.enqueue(QueueState.submit, message="3"))
    await tab.until(lambda: waiting(tab) == ["2", "3"])
    queueing.release()
    for one in sent:
        await over(one)
    long_answer.end()
    await comes_to(client, busy, "1", long_answer.question, "2", "3")


async def test_who_sends_turns_away_and_back_and_sends_keeps_the_order(
    network: Network, tab: Tab, client: LangGraphClient
) -> None:
    await tab.send_in_two_threads()
    here = tab.thread_id
    await tab.go(f"/t/{here}")
    starting = network.hold(*START, where=asks("3"))
    sent = [await tab.enqueue(QueueState.submit, message="3")]
    await starting.arrived.wait()
    await turn(tab, "/")
    await turn(tab, f"/t/{here}")
    sent.append(await tab.enqueue(QueueState.submit, message="4"))
    await tab.until(lambda: waiting(tab) == ["4"])
    starting.release()
    for one in sent:
        await over(one)
    await comes_to(client, here, "2", "3", "4")


async def test_what_waited_is_answered_after_what_was_sent_instead_also_for_who_turns_away(
    network: Network, tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    busy, other = await between_two(tab, long_answer)
    await submitted(tab, "3")
    starting = network.hold(*START, where=asks("7"))
    await tab.do(QueueState.choose, strategy=INTERRUPT)
    sent = await tab.enqueue(QueueState.submit, message="7")
    await starting.arrived.wait()
    await over(await turn(tab, f"/t/{other}"))
    starting.release()
    await over(sent)
    await comes_to(client, busy, "1", long_answer.question, "7", "3")


async def test_what_waited_is_answered_where_what_was_sent_instead_is_refused(
    network: Network, tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    busy, _ = await between_two(tab, long_answer)
    await submitted(tab, "3")
    network.refuse(*START, 422, where=asks("7"))
    await tab.do(QueueState.choose, strategy=INTERRUPT)
    await tab.do(QueueState.submit, message="7")
    await comes_to(client, busy, "1", long_answer.question, "3")
    await tab.until(lambda: not tab.running)
    assert tab.var(DraftState, "returned") == "7"


async def test_what_waited_is_paused_where_what_was_sent_instead_is_stopped(
    network: Network, tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    busy, _ = await between_two(tab, long_answer)
    await submitted(tab, "3")
    starting = network.hold(*START, where=asks("7"))
    await tab.do(QueueState.choose, strategy=INTERRUPT)
    sent = await tab.enqueue(QueueState.submit, message="7")
    await starting.arrived.wait()
    stopping = await tab.enqueue(RunState.stop)
    await tab.until(lambda: tab.var(RunState, "stopping"))
    starting.release()
    await over(stopping)
    await over(sent)
    await tab.until(lambda: not tab.running and waiting(tab) == ["3"])
    assert tab.var(QueueState, "paused") == 1
    assert "3" not in await asked(client, busy)
