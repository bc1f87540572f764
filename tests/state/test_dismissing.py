"""Leaving what the agent asks: the history stays one that every model takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app import text
from chat_app.client.modes import FOR_A_CHAT
from chat_app.state.asking import AskState
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from tests.helpers.answering import answer, cards
from tests.helpers.faults import faulty_proxy
from tests.helpers.network import STATE
from tests.helpers.tab import over

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab

    Asking = Callable[..., Awaitable[Tab]]

QUESTIONS = [
    ("approves", "one"),
    ("approves", "two"),
    ("approves_each", "two"),
    ("entrusts", "entrust"),
    ("consults", "legacy"),
    ("consults", "words"),
    ("consults", "many"),
    ("pauses", "x"),
    ("inquires", "x"),
    ("halts", "two"),
    ("employs", "one"),
    ("retains", "one"),
]


async def messages(client: LangGraphClient, tab: Tab) -> list[dict[str, Any]]:
    state = await client.threads.get_state(tab.thread_id)
    return state["values"]["messages"]


def is_valid(history: list[dict[str, Any]]) -> bool:
    """Whether the results of all calls of a message follow it at once, as models demand."""
    while history:
        message, *history = history
        wanted = {call["id"] for call in message.get("tool_calls") or []}
        while wanted:
            if not history or history[0].get("tool_call_id") not in wanted:
                return False
            wanted.remove(history.pop(0)["tool_call_id"])
    return True


async def leave(tab: Tab, *, at: int = 0) -> None:
    await tab.do(AskState.leave, key=cards(tab)[at]["key"])


@pytest.mark.parametrize(("assistant", "message"), QUESTIONS)
async def test_a_question_that_is_left_closes_its_calls_and_is_not_asked_after_a_reload(
    asking: Asking, client: LangGraphClient, assistant: str, message: str
) -> None:
    tab = await asking(assistant, message)
    await leave(tab)
    state = await client.threads.get_state(tab.thread_id)
    assert not state["next"]
    assert not [task for task in state["tasks"] if task["interrupts"]]
    assert is_valid(await messages(client, tab))
    assert cards(tab) == []
    assert text.LEFT in tab.texts("decision")[-1]
    assert not tab.running
    shown = tab.shown
    await tab.load(f"/t/{tab.thread_id}")
    assert tab.shown == shown


@pytest.mark.parametrize(
    ("assistant", "message", "handler"),
    [*((*one, QueueState.submit) for one in QUESTIONS), (*QUESTIONS[0], RunState.send)],
)
async def test_a_message_instead_of_an_answer_leaves_no_call_without_a_result(
    asking: Asking, client: LangGraphClient, assistant: str, message: str, handler: Any
) -> None:
    tab = await asking(assistant, message)
    await tab.do(handler, message=message)
    await tab.until(lambda: not tab.running)
    history = await messages(client, tab)
    asked = [place for place, one in enumerate(history) if one["type"] == "human"]
    assert len(asked) == 2
    assert is_valid(history[: asked[1] + 1])
    assert cards(tab)
    shown = tab.shown
    await tab.load(f"/t/{tab.thread_id}")
    assert tab.shown == shown


async def test_what_was_done_beside_the_question_keeps_its_result(
    asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("inquires", "x")
    await leave(tab)
    results = [one for one in await messages(client, tab) if one["type"] == "tool"]
    assert {one["tool_call_id"]: one["status"] for one in results} == {
        "call_1": "error",
        "call_2": "success",
    }
    assert text.NO_RESULT_LEFT in [one["content"] for one in results]


async def test_an_agent_with_a_memory_of_its_own_has_a_result_for_each_call_too(
    asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("retains", "one")
    [task] = (await client.threads.get_state(tab.thread_id))["tasks"]
    await leave(tab)
    [inside] = await client.threads.get_history(
        tab.thread_id, limit=1, checkpoint={"checkpoint_ns": task["checkpoint"]["checkpoint_ns"]}
    )
    assert [one["type"] for one in inside["values"]["messages"]] == ["human", "ai", "tool"]
    assert not inside["next"]


async def test_after_a_question_was_left_the_next_message_starts_a_run(asking: Asking) -> None:
    tab = await asking("consults", "words")
    await leave(tab)
    await tab.send("json")
    [card] = cards(tab)
    assert card["card"]["text"] == "Which one?"
    await answer(tab, text="2")
    assert tab.texts("text") == ["json: 2"]


async def test_a_question_answered_elsewhere_is_not_closed(
    network: Network, asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("consults", "words")
    reading = network.hold(*STATE)
    leaving = await tab.enqueue(AskState.leave, key=cards(tab)[0]["key"])
    await reading.arrived.wait()
    [asked] = (await client.threads.get_state(tab.thread_id))["tasks"][0]["interrupts"]
    command: Any = {"resume": {asked["id"]: "Eve"}}
    run = await client.runs.create(tab.thread_id, "consults", command=command, **FOR_A_CHAT)
    async for _ in client.runs.join_stream(tab.thread_id, run["run_id"]):
        pass
    reading.release()
    await over(leaving)
    await tab.until(lambda: tab.texts("text") == ['words: "Eve"'])
    assert cards(tab) == []
    assert text.LEFT not in tab.texts("decision")


async def test_a_question_that_cannot_be_closed_stays_and_a_message_is_back_in_the_draft(
    asking: Asking, langgraph_server: str
) -> None:
    with faulty_proxy(langgraph_server) as proxy:
        tab = await asking("consults", "words", url=proxy.url)
        card, waits = cards(tab), tab.var(AskState, "settled")
        proxy.refuse()
        await leave(tab)
        assert cards(tab) == card
        assert tab.var(AskState, "settled") > waits
        assert tab.texts("error")
        await tab.send("json")
        assert cards(tab) == card
        assert tab.texts("human") == ["words"]
        proxy.accept()
        await leave(tab)
        assert cards(tab) == []


@pytest.mark.parametrize("key", ["another", "", None, 7, {}])
async def test_only_an_open_question_can_be_left(asking: Asking, key: Any) -> None:
    tab = await asking("consults", "words")
    await tab.do(AskState.leave, key=key)
    assert cards(tab)


@pytest.mark.parametrize(
    ("assistant", "message"), [("approves", "two"), ("inquires", "x"), ("halts", "two")]
)
async def test_what_was_left_waits_no_more_when_the_graph_asks_again(
    asking: Asking, assistant: str, message: str
) -> None:
    tab = await asking(assistant, message)
    await tab.send(message)
    live = [(row["key"], row["kind"], row.get("status")) for row in tab.rows]
    assert live[-1][1] == "ask"
    await tab.load(f"/t/{tab.thread_id}")
    assert [(row["key"], row["kind"], row.get("status")) for row in tab.rows] == live
    assert "waiting" in str(live)
