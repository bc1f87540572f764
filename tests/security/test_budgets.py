"""Messages, tokens and runs of a person are limited, and a draft outlives each refusal."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chat_app import text as words
from chat_app.auth.budgets import Budgets, Limits, OverBudgetError, PersonalBudget, budgets
from chat_app.shared_store.budgets import SharedLedger
from chat_app.shared_store.redis import SharedStore
from chat_app.state.branches import BranchState
from chat_app.state.draft import DraftState
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from chat_app.transcript.error_text import AppError
from tests.helpers.redis_server import running_redis, shared_redis
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.redis_server import RedisServer
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]

__all__ = ["running_redis", "shared_redis"]

NOON = 20_000 * 86_400 + 43_200.0


@pytest.fixture(params=["file", "redis"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Path | SharedStore:
    """Where runs are counted."""
    if request.param == "file":
        return tmp_path / "budgets"
    return SharedStore(request.getfixturevalue("shared_redis").url, timeout=10, tried_every=0)


def opened(ledger: Path | SharedStore, clock: list[float], *limits: int) -> Budgets:
    kept = ledger if isinstance(ledger, Path) else SharedLedger(ledger)
    return Budgets(kept, Limits(*limits), now=lambda: clock[0])


def test_messages_of_a_day_are_counted_for_all_processes_and_the_next_day_begins_anew(
    ledger: Path | SharedStore,
) -> None:
    clock = [NOON]
    one, two = opened(ledger, clock, 2), opened(ledger, clock, 2)
    one.begin("a", "ada", "t1")
    one.begin("a", "ada", "t1")  # the same message, tried again
    two.begin("b", "ada", "t2")
    for budget in (one, two, opened(ledger, clock, 2)):
        with pytest.raises(OverBudgetError) as refused:
            budget.begin("c", "ada", "t1")
        assert refused.value.sentence == words.OVER_MESSAGES.format(most="2", wait="12 hours")
    one.begin("d", "bob", "t3")
    clock[0] += 43_200
    one.begin("c", "ada", "t1")


def test_what_was_not_started_does_not_count(ledger: Path | SharedStore) -> None:
    budget = opened(ledger, [NOON], 1)
    budget.begin("a", "ada", "t1")
    budget.forget("a")
    budget.begin("b", "ada", "t1")
    budget.accepted("b", "r1")
    budget.forget("b")  # too late
    with pytest.raises(OverBudgetError):
        budget.check("ada", "t1")


def test_the_late_end_of_a_run_does_not_end_the_next_one_of_its_message(
    ledger: Path | SharedStore,
) -> None:
    budget = opened(ledger, [NOON], 0, 0, 1)
    budget.begin("a", "ada", "t1")
    budget.accepted("a", "r1")
    budget.begin("a", "ada", "t1")  # it was paused, and is sent again
    budget.ended("a", "r1")
    budget.accepted("a", "r2")
    budget.ended("a", "r1")
    with pytest.raises(OverBudgetError):
        budget.check("ada", "t2")
    budget.ended("a", "r2")
    budget.check("ada", "t2")


def test_an_end_that_is_written_before_the_beginning_is_one(ledger: Path | SharedStore) -> None:
    budget = opened(ledger, [NOON], 0, 0, 1)
    budget.begin("a", "ada", "t1")
    budget.ended("a", "r1", 60)
    budget.accepted("a", "r1")
    budget.check("ada", "t2")
    assert budget.used("ada") == (1, 60)


def test_tokens_are_those_of_the_runs_that_a_person_started_each_once(
    ledger: Path | SharedStore,
) -> None:
    budget = opened(ledger, [NOON], 0, 100)
    budget.begin("a", "ada", "t1")
    budget.accepted("a", "r1")
    budget.ended("", "r1", 60)
    budget.ended("", "r1", 60)  # another process has watched it too
    budget.ended("", "r2", 900)  # of another program
    budget.ended("", "", 900)
    assert budget.used("ada") == (1, 60)
    budget.check("ada", "t1")
    budget.begin("b", "ada", "t1")
    budget.ended("b", "r3", 40)
    with pytest.raises(OverBudgetError) as refused:
        budget.check("ada", "")
    assert refused.value.sentence == words.OVER_TOKENS.format(most="100", wait="12 hours")


def test_of_many_messages_at_once_no_more_pass_than_are_allowed(ledger: Path | SharedStore) -> None:
    processes = [opened(ledger, [NOON], 5) for _ in range(4)]

    def begun(number: int) -> bool:
        try:
            processes[number % 4].begin(str(number), "ada", f"t{number}")
        except OverBudgetError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(begun, range(40))) == 5


def test_a_paused_message_sent_again_passes_no_limit(ledger: Path | SharedStore) -> None:
    budget = opened(ledger, [NOON], 0, 100, 0)
    for key in ("a", "b"):
        budget.begin(key, "ada", "t1")
        budget.accepted(key, f"r-{key}")
    budget.ended("a", "r-a", 100)
    budget.ended("b", "r-b")  # paused by a Stop: cancelled
    with pytest.raises(OverBudgetError):
        budget.begin("b", "ada", "t1")


def test_a_paused_message_sent_again_is_a_run_under_way(ledger: Path | SharedStore) -> None:
    budget = opened(ledger, [NOON], 0, 0, 1)
    budget.begin("a", "ada", "t1")
    budget.accepted("a", "r1")
    budget.ended("a", "r1")
    budget.begin("a", "ada", "t1")
    budget.accepted("a", "r2")
    with pytest.raises(OverBudgetError):
        budget.begin("b", "ada", "t2")


async def test_a_start_that_is_given_up_while_it_is_counted_does_not_count(
    ledger: Path | SharedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = opened(ledger, [NOON], 1)
    is_in, may_go_on, forgotten = threading.Event(), threading.Event(), threading.Semaphore(0)
    begin, forget = budget.begin, budget.forget

    def slow(*values: str) -> None:
        is_in.set()
        may_go_on.wait(10)
        begin(*values)

    def noted(key: str) -> None:
        forget(key)
        forgotten.release()

    monkeypatch.setattr(budget, "begin", slow)
    monkeypatch.setattr(budget, "forget", noted)

    async def no_server() -> LangGraphClient:
        raise AssertionError

    counting = asyncio.ensure_future(PersonalBudget(budget, "ada", no_server).begin("a", "t1"))
    await asyncio.to_thread(is_in.wait)
    counting.cancel()
    await asyncio.wait({counting})
    may_go_on.set()
    for _ in range(2):  # as the start is given up, and again when it was counted
        assert await asyncio.to_thread(forgotten.acquire, timeout=60)
    assert budget.used("ada") == (0, 0)


async def test_during_an_outage_nothing_is_started_and_no_end_is_lost(
    shared_redis: RedisServer,
) -> None:
    store = SharedStore(shared_redis.url, timeout=10, tried_every=0)
    budget = opened(store, [NOON], 2, 100, 1)

    async def no_server() -> LangGraphClient:
        raise AssertionError

    annas = PersonalBudget(budget, "anna", no_server)
    await annas.begin("a", "t1")
    shared_redis.stop()
    annas.accepted("a", "r1")
    annas.ended("a", "r1", 60)
    with pytest.raises(AppError) as refused:
        await annas.begin("b", "t2")
    assert refused.value.sentence == words.BUDGET_UNKNOWN
    with pytest.raises(AppError):
        await annas.check("t1")
    shared_redis.start()
    await until(lambda: not annas._writing)
    assert budget.used("anna") == (1, 60)
    await annas.begin("b", "t2")


def test_nothing_is_counted_in_redis_for_ever(shared_redis: RedisServer) -> None:
    budget = opened(SharedStore(shared_redis.url, timeout=10), [NOON], 2)
    budget.begin("a", "anna", "t1")
    budget.accepted("a", "r1")
    client = shared_redis.client()
    assert all(client.ttl(name) > 0 for name in client.keys("*"))
    budget.ended("a", "r1", 3)
    assert all(0 < client.ttl(name) <= 3 * 86_400 for name in client.keys("*"))


def says(tab: Tab, sentence: str, *, most: int) -> bool:
    """Whether the tab says no more than this, whatever the time of the day."""
    [said] = tab.texts("error")
    return said.startswith(sentence.partition("{wait}")[0].format(most=most))


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Settings of an app with a data folder of its own."""
    budgets.cache_clear()
    yield {"CHAT_DATA_DIR": str(tmp_path)}
    if known := budgets():
        known.close()
    budgets.cache_clear()


async def test_a_message_over_the_limit_is_refused_in_a_sentence_and_given_back_at_once(
    start: Start, langgraph_server: str, client: LangGraphClient, fresh: dict[str, str]
) -> None:
    new_tab = await start(langgraph_server, CHAT_DAILY_MESSAGES="2", **fresh)
    tab = new_tab()
    await tab.load("/")
    await tab.send("1")
    await tab.send("2")
    taken = tab.var(DraftState, "taken")
    for times, handler in enumerate((RunState.send, QueueState.submit), 1):
        await tab.do(handler, message="3")
        assert says(tab, words.OVER_MESSAGES, most=2)
        assert tab.texts("human") == ["1", "2"]
        assert tab.var(DraftState, "taken") == taken + times
        assert tab.var(DraftState, "edits") == times
        assert tab.var(DraftState, "edited") == "3"
    assert len(await client.runs.list(tab.thread_id)) == 2
    await tab.go("/")
    await tab.send("4")
    assert tab.thread_id == ""
    assert tab.var(DraftState, "edited") == "4"
    assert says(tab, words.OVER_MESSAGES, most=2)
    other = new_tab()
    other.person = type(tab.person)("another")
    await other.load("/")
    await other.send("1")
    assert other.texts("error") == []


async def test_tokens_are_read_from_what_the_models_report(
    start: Start, langgraph_server: str, fresh: dict[str, str]
) -> None:
    tab = (
        await start(langgraph_server, CHAT_DAILY_TOKENS="1", CHAT_ASSISTANT="counted", **fresh)
    )()
    await tab.load("/")
    await tab.send("1")
    known = budgets()
    assert known
    await until(lambda: known.used(tab.person.id) == (1, 42))
    await tab.send("2")
    assert says(tab, words.OVER_TOKENS, most=1)


async def test_a_person_has_so_many_chats_answered_at_a_time(
    start: Start, langgraph_server: str, fresh: dict[str, str], long_answer: LongAnswer
) -> None:
    new_tab = await start(langgraph_server, CHAT_RUNS_PER_PERSON="1", **fresh)
    one, two = new_tab(), new_tab()
    await one.load("/")
    await two.load("/")
    sending = await one.enqueue(RunState.send, message=long_answer.question)
    await one.until(lambda: "word5 " in "".join(one.texts("text")))
    await two.send("1")
    assert two.texts("error") == [words.OVER_RUNS.format(most=1)]
    long_answer.end()
    await over(sending)
    await asyncio.sleep(0)
    await two.send("1")
    assert two.texts("human") == ["1"]


def test_what_another_run_for_a_message_used_is_added_and_ends_what_a_person_may_use(
    tmp_path: Path,
) -> None:
    budget = opened(tmp_path / "budgets", [NOON], 0, 100)
    budget.begin("a", "ada", "t1")
    budget.ended("a", "r1", 60)
    assert budget.has_tokens("ada")
    budget.add("a", 40)
    budget.ended("a", "r1", 60)  # another process has watched it too
    assert budget.used("ada") == (1, 100)
    assert not budget.has_tokens("ada")
    assert budget.has_tokens("bob")


async def test_the_tokens_of_the_run_that_makes_a_title_are_the_persons(
    start: Start, langgraph_server: str, fresh: dict[str, str]
) -> None:
    titled = {"CHAT_ASSISTANT": "agent", "CHAT_TITLE_ASSISTANT": "counted"}
    tab = (await start(langgraph_server, CHAT_DAILY_TOKENS="10000", **titled, **fresh))()
    await tab.load("/")
    await tab.send("1")
    known = budgets()
    assert known
    await until(lambda: known.used(tab.person.id) == (1, 42))


async def test_no_title_is_made_for_a_person_who_has_used_all_tokens(
    start: Start, network: Network, fresh: dict[str, str]
) -> None:
    titled = {"CHAT_ASSISTANT": "counted", "CHAT_TITLE_ASSISTANT": "titles"}
    tab = (await start(network.url, CHAT_DAILY_TOKENS="1", **titled, **fresh))()
    await tab.load("/")
    await tab.send("1")
    known = budgets()
    assert known
    await until(lambda: known.used(tab.person.id) == (1, 42))
    await network.quiet()
    assert not network.asked("POST", "/runs/wait")


async def test_an_edit_and_a_regenerated_answer_count_and_are_refused_over_the_limit(
    start: Start, langgraph_server: str, client: LangGraphClient, fresh: dict[str, str]
) -> None:
    tab = (await start(langgraph_server, CHAT_DAILY_MESSAGES="2", **fresh))()
    await tab.load("/")
    await tab.send("1")
    state: Any = await client.threads.get_state(tab.thread_id)
    question, answer = [message["id"] for message in state["values"]["messages"]][:2]
    again = [await tab.enqueue(BranchState.regenerate, id=answer) for _ in range(3)]
    for event in again:
        await over(event)
    known = budgets()
    assert known
    assert known.used(tab.person.id)[0] == 2
    assert len(await client.runs.list(tab.thread_id)) == 2
    await tab.do(BranchState.edit, id=question, message="2")
    assert tab.var(BranchState, "refused")["problem"].startswith("You have sent")
    await tab.do(BranchState.regenerate, id=answer)
    await tab.do(BranchState.go_on)
    assert len(await client.runs.list(tab.thread_id)) == 2
