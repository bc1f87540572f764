"""What the address names, opened: threads at rest, threads at work, and what is no thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app import text as words
from chat_app.client.modes import FOR_A_CHAT
from chat_app.runs import assistants
from chat_app.state.assistants import AssistantsState
from chat_app.state.run import RunState
from chat_app.state.transcript import TranscriptState
from tests.helpers.tab import over

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Assistant
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab


@pytest.fixture
async def at_work(new_tab: Callable[[], Tab], long_answer: LongAnswer) -> AsyncIterator[str]:
    """A thread whose answer is being written, at another tab's request."""
    elsewhere = new_tab()
    await elsewhere.load("/")
    sending = await elsewhere.enqueue(RunState.send, message=long_answer.question)
    await elsewhere.until(lambda: "word5 " in "".join(elsewhere.texts("text")))
    yield elsewhere.thread_id
    long_answer.end()
    await sending.wait_all()


def is_whole(tab: Tab, question: str) -> bool:
    """Whether the tab shows this question and its answer, no word missing or there twice."""
    [answer] = tab.texts("text")
    words = "".join(f"word{n} " for n in range(len(answer.split())))
    return tab.shown == [("human", question), ("text", words)]


async def test_a_thread_opens_with_its_history(new_tab: Callable[[], Tab], tab: Tab) -> None:
    await tab.send("3")
    other = new_tab()
    await other.load(f"/t/{tab.thread_id.upper()}")
    assert other.shown == [("human", "3"), ("text", "word0 word1 word2 ")]
    assert other.thread_id == tab.thread_id
    assert not other.running


async def test_a_busy_thread_is_joined_and_seen_to_its_end(
    new_tab: Callable[[], Tab], at_work: str, long_answer: LongAnswer
) -> None:
    tab = new_tab()
    loading = await tab.begin_load(f"/t/{at_work}")
    await tab.until(lambda: tab.page and tab.running and tab.texts("text"))
    long_answer.end()
    await over(loading)
    await tab.joined()
    assert is_whole(tab, long_answer.question)
    assert not tab.running


async def test_a_reload_joins_the_run_again(
    new_tab: Callable[[], Tab], at_work: str, long_answer: LongAnswer
) -> None:
    tab = new_tab()
    for _ in range(3):
        await tab.begin_load(f"/t/{at_work}")
        await tab.until(lambda: tab.page and tab.running and tab.texts("text"))
    long_answer.end()
    await tab.load(f"/t/{at_work}")
    assert is_whole(tab, long_answer.question)
    assert not tab.running


async def test_a_reload_by_who_sent_the_message_loses_nothing(
    tab: Tab, long_answer: LongAnswer
) -> None:
    sending = await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: tab.redirects and "word5 " in "".join(tab.texts("text")))
    await tab.load(tab.redirects[0])
    assert tab.running
    long_answer.end()
    await sending.wait_all()
    assert is_whole(tab, long_answer.question)


async def test_who_goes_to_another_thread_and_back_sees_the_whole_answer(
    tab: Tab, long_answer: LongAnswer
) -> None:
    await tab.send("1")
    other = tab.thread_id
    await tab.go("/")
    assert tab.shown == []
    assert tab.var(TranscriptState, "is_empty")
    sending = await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: tab.thread_id and "word5 " in "".join(tab.texts("text")))
    busy = tab.thread_id
    await tab.go(f"/t/{other}")
    assert tab.shown == [("human", "1"), ("text", "word0 ")]
    assert not tab.running
    long_answer.end()
    await sending.wait_all()
    assert tab.shown == [("human", "1"), ("text", "word0 ")]
    await tab.go(f"/t/{busy}")
    assert is_whole(tab, long_answer.question)


async def test_of_two_threads_opened_at_once_the_last_one_stays(
    new_tab: Callable[[], Tab], tab: Tab
) -> None:
    first, second = await tab.send_in_two_threads()
    other = new_tab()
    await other.load("/")
    await asyncio.gather(other.go(f"/t/{first}"), other.go(f"/t/{second}"), return_exceptions=True)
    await other.until(lambda: other.texts("human"))
    assert (other.thread_id, other.texts("human")) == (second, ["2"])


@pytest.mark.parametrize(
    ("path", "sentence", "title"),
    [
        ("/t/nonsense", words.NOT_A_THREAD, words.CHAT_NOT_FOUND),
        ("/t/", words.NOT_A_THREAD, words.CHAT_NOT_FOUND),
        ("/t", words.NOT_A_THREAD, words.CHAT_NOT_FOUND),
        ("/t/" + "0" * 31, words.NOT_A_THREAD, words.CHAT_NOT_FOUND),
        ("/x/y", words.NOT_A_PAGE, words.PAGE_NOT_FOUND),
        ("/no/such/page", words.NOT_A_PAGE, words.PAGE_NOT_FOUND),
    ],
)
async def test_an_address_that_is_no_chat_says_so_and_a_new_chat_is_clean(
    tab: Tab, path: str, sentence: str, title: str
) -> None:
    await tab.load(path)
    assert tab.shown == [("error", sentence)]
    assert tab.var(RunState, "title") == title
    assert not tab.var(RunState, "can_retry")
    await tab.go("/")
    assert tab.shown == []
    assert tab.var(RunState, "title") == ""


async def test_a_message_sent_from_a_wrong_address_starts_a_new_chat(tab: Tab) -> None:
    await tab.load("/t/nonsense")
    await tab.send("2")
    assert tab.shown == [("human", "2"), ("text", "word0 word1 ")]


async def test_a_thread_that_is_not_there_says_so(tab: Tab) -> None:
    await tab.load(f"/t/{uuid4()}")
    assert tab.shown == [("error", words.THREAD_GONE)]
    assert tab.var(RunState, "title") == words.CHAT_NOT_FOUND
    assert not tab.running


async def test_a_run_that_waits_in_line_is_joined_too(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    thread_id = (await client.threads.create())["thread_id"]
    for number in range(2):
        question = {"messages": [{"type": "human", "content": f"{40 + number}"}]}
        await client.runs.create(
            thread_id, "slow", input=question, multitask_strategy="enqueue", **FOR_A_CHAT
        )
    tab = new_tab()
    await tab.load(f"/t/{thread_id}")
    assert tab.texts("human")[0] == "40"
    assert tab.texts("text")[0] == "".join(f"word{n} " for n in range(40))


async def test_a_thread_goes_on_with_the_assistant_that_has_worked_on_it(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    thread_id = (await client.threads.create())["thread_id"]
    question = {"messages": [{"type": "human", "content": "1 times"}]}
    failed = await client.runs.create(thread_id, "falters", input=question, **FOR_A_CHAT)
    async for _ in client.runs.join_stream(thread_id, failed["run_id"]):
        pass
    tab = new_tab()
    await tab.load(f"/t/{thread_id}")
    assert tab.var(AssistantsState, "chosen") == failed["assistant_id"]
    await tab.do(RunState.retry)
    assert tab.shown == [("human", "1 times"), ("text", "1 times")]


async def test_who_chooses_another_assistant_for_a_thread_talks_to_that_one(
    tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    options = {option["name"]: option["id"] for option in tab.var(AssistantsState, "options")}
    await tab.do(AssistantsState.choose, assistant_id=options["agent"])
    await tab.send("whats the weather in la")
    assert tab.texts("text")[-1] == "It is sunny."
    last, *_ = await client.runs.list(tab.thread_id)
    assert last["assistant_id"] == options["agent"]


async def worked_on(client: LangGraphClient, assistant_id: str) -> str:
    """The path of a thread that this assistant has last worked on."""
    thread_id = (await client.threads.create())["thread_id"]
    question = {"messages": [{"type": "human", "content": "1"}]}
    await client.runs.wait(thread_id, assistant_id, input=question)
    return f"/t/{thread_id}"


async def test_opening_a_thread_does_not_choose_for_the_next_new_chat(
    tab: Tab, client: LangGraphClient
) -> None:
    options = {option["name"]: option["id"] for option in tab.var(AssistantsState, "options")}
    await tab.go(await worked_on(client, options["agent"]))
    await tab.until(lambda: tab.var(AssistantsState, "chosen") == options["agent"])
    await tab.go("/")
    await tab.until(lambda: tab.var(AssistantsState, "chosen") == options["slow"])


async def test_a_choice_is_kept_for_its_thread_and_one_for_new_chats_for_those(
    tab: Tab, client: LangGraphClient
) -> None:
    options = {option["name"]: option["id"] for option in tab.var(AssistantsState, "options")}
    await tab.do(AssistantsState.choose, assistant_id=options["asks"])
    path = await worked_on(client, options["slow"])
    await tab.go(path)
    await tab.until(lambda: tab.var(AssistantsState, "chosen") == options["slow"])
    await tab.do(AssistantsState.choose, assistant_id=options["agent"])
    for _ in range(2):
        await tab.go("/")
        await tab.until(lambda: tab.var(AssistantsState, "chosen") == options["asks"])
        await tab.go(path)
        await tab.until(lambda: tab.var(AssistantsState, "chosen") == options["agent"])


async def test_a_thread_of_an_assistant_that_is_not_on_offer_goes_on_with_the_usual_one(
    new_tab: Callable[[], Tab], client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    [hidden] = await client.assistants.search(graph_id="agent")
    path = await worked_on(client, hidden["assistant_id"])

    async def listed(client: LangGraphClient, wanted: str) -> list[Assistant]:
        return [one for one in await assistants.listed(client, wanted) if one != hidden]

    monkeypatch.setattr("chat_app.state.assistants.listed", listed)
    tab = new_tab()
    for way in (tab.load, tab.go):
        await way(path)
        assert tab.texts("human") == ["1"]
        options = {one["name"]: one["id"] for one in tab.var(AssistantsState, "options")}
        assert "agent" not in options
        assert tab.var(AssistantsState, "chosen") == options["slow"]
        await tab.go("/")
