"""Answers that go wrong: too late, to a server that is away, or not what the graph wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reflex.state import OnLoadInternalState

from chat_app import text
from chat_app.client.modes import FOR_A_CHAT
from chat_app.state.asking import AskState
from chat_app.state.run import RunState
from tests.helpers.answering import answer, cards
from tests.helpers.faults import faulty_proxy
from tests.helpers.network import STATE
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab

    Asking = Callable[..., Awaitable[Tab]]


async def resume(client: LangGraphClient, tab: Tab, said: str, *, to_the_end: bool) -> None:
    """Answer the open question without this app, which has not opened the thread's address."""
    [asked] = (await client.threads.get_state(tab.thread_id))["tasks"][0]["interrupts"]
    command: Any = {"resume": {asked["id"]: said}}
    run = await client.runs.create(tab.thread_id, "consults", command=command, **FOR_A_CHAT)
    if to_the_end:
        async for _ in client.runs.join_stream(tab.thread_id, run["run_id"]):
            pass


async def test_an_answer_given_in_one_tab_is_seen_in_the_other(
    start: Callable[..., Awaitable[Callable[[], Tab]]], langgraph_server: str
) -> None:
    new_tab = await start(langgraph_server, CHAT_ASSISTANT="consults")
    one, two = new_tab(), new_tab()
    await one.load("/")
    await one.send("many")
    await one.go(f"/t/{one.thread_id}")
    await two.load(f"/t/{one.thread_id}")
    assert cards(two) == cards(one)
    await answer(one, text="a")
    await two.until(lambda: len(cards(two)) == 1 and not two.running)
    await answer(two, text="b")
    for tab in (one, two):
        await tab.until(lambda tab=tab: not cards(tab) and not tab.running)
        assert tab.texts("decision") == ["Answered: a", "Answered: b"]
        assert sorted(tab.texts("text")) == ['A: "a"', 'B: "b"']


async def test_what_is_answered_elsewhere_is_followed(
    asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("consults", "words")
    await resume(client, tab, "Eve", to_the_end=True)
    await tab.until(lambda: tab.texts("text") == ['words: "Eve"'] and not tab.running)
    assert cards(tab) == []


async def test_what_was_answered_elsewhere_is_not_answered_again(
    network: Network, asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("consults", "words")
    key = cards(tab)[0]["key"]
    reading = network.hold(*STATE)
    answering = await tab.enqueue(AskState.answer, key=key, given={"text": "Bo"})
    await reading.arrived.wait()
    await resume(client, tab, "Eve", to_the_end=True)
    reading.release()
    await over(answering)
    await tab.painted()
    await tab.until(lambda: tab.texts("text") == ['words: "Eve"'] and not tab.running)
    assert cards(tab) == []
    assert tab.texts("notice") == [text.ANSWERED_ALREADY]
    assert "Answered: Bo" not in tab.texts("decision")
    assert len(await client.runs.list(tab.thread_id)) == 2


async def test_an_answer_to_a_thread_that_is_busy_with_another_leaves_no_decision(
    network: Network, asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("consults", "slow")
    key = cards(tab)[0]["key"]
    reading = network.hold(*STATE)
    answering = await tab.enqueue(AskState.answer, key=key, given={"text": "Bo"})
    await reading.arrived.wait()
    await resume(client, tab, "Eve", to_the_end=False)
    reading.release()
    await over(answering)
    await tab.until(lambda: tab.texts("notice") == [text.ANSWERED_ALREADY])
    await tab.load(f"/t/{tab.thread_id}")
    await tab.until(lambda: tab.texts("text") == ['slow: "Eve"'])
    assert set(tab.texts("decision")) <= {"Answered: Eve"}  # the history tells of the other answer


async def test_an_answer_that_does_not_reach_the_server_brings_the_question_back(
    asking: Asking, langgraph_server: str
) -> None:
    with faulty_proxy(langgraph_server) as proxy:
        tab = await asking("consults", "words", url=proxy.url)
        card, waits = cards(tab), tab.var(AskState, "settled")
        proxy.refuse()
        await answer(tab, text="Bo")
        assert cards(tab) == card
        assert [kind for kind, _ in tab.shown] == ["human", "ask", "error"]
        assert tab.var(AskState, "settled") > waits
        assert not tab.running
        proxy.accept()
        await answer(tab, text="Bo")
        assert tab.shown[1:] == [("decision", "Answered: Bo"), ("text", 'words: "Bo"')]


async def test_a_run_that_fails_on_the_answer_says_why_and_the_question_can_be_answered_anew(
    asking: Asking,
) -> None:
    tab = await asking("consults", "picky")
    card = cards(tab)
    await answer(tab, text="now")
    assert [kind for kind, _ in tab.shown] == ["human", "decision", "ask", "error"]
    assert cards(tab) == card
    assert "magic word" in tab.rows[-1]["detail"]
    assert tab.var(RunState, "can_retry")
    shown = tab.shown
    await tab.load(f"/t/{tab.thread_id}")
    assert tab.shown == shown
    await answer(tab, text="please")
    assert tab.texts("decision") == ["Answered: now", "Answered: please"]
    assert tab.texts("text") == ['picky: "please"']
    assert [kind for kind, _ in tab.shown] == ["human", "decision", "decision", "text"]


async def test_stopping_what_an_answer_began_opens_the_question_again(
    asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("consults", "slow")
    card = cards(tab)
    answering = await tab.enqueue(AskState.answer, key=card[0]["key"], given={"text": "slowly"})

    async def is_at_work() -> bool:
        return (await client.threads.get(tab.thread_id))["status"] == "busy"

    await until(is_at_work)
    await tab.do(RunState.stop)
    await answering.wait_all()
    assert cards(tab) == card
    await answer(tab, text="b")
    assert tab.texts("text") == ['slow: "b"']


async def test_an_answer_taken_back_before_the_server_has_it_is_none(
    network: Network, asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("consults", "words")
    card = cards(tab)
    reading = network.hold(*STATE)
    answering = await tab.enqueue(AskState.answer, key=card[0]["key"], given={"text": "a"})
    await tab.until(lambda: tab.texts("decision") == ["Answered: a"])
    await tab.do(RunState.stop)
    reading.release()
    await over(answering)
    assert (cards(tab), tab.texts("decision"), tab.running) == (card, [], False)
    assert len(await client.runs.list(tab.thread_id)) == 1
    await tab.load(f"/t/{tab.thread_id}")
    assert (cards(tab), tab.texts("decision")) == (card, [])


async def test_who_answers_and_looks_elsewhere_has_answered(
    network: Network, asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("consults", "words")
    asked_in, elsewhere = tab.thread_id, (await client.threads.create())["thread_id"]
    reading = network.hold("*", f"/threads/{asked_in}/state")
    key = cards(tab)[0]["key"]
    answering = await tab.enqueue(AskState.answer, key=key, given={"text": "a"})
    await tab.until(lambda: tab.texts("decision"))
    tab.path = f"/t/{elsewhere}"
    going = await tab.enqueue(OnLoadInternalState.event_handlers["on_load_internal"])
    await tab.until(lambda: tab.thread_id == elsewhere)
    reading.release()
    await answering.wait_all()
    await over(going)
    await tab.go(f"/t/{asked_in}")
    await tab.until(lambda: tab.shown[1:] == [("decision", "Answered: a"), ("text", 'words: "a"')])
