"""Every tab shows what the server holds, live: after a reload, beside another tab, of any run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.agent import Agent, expect_live, expect_same, expect_stopped, expect_whole, shown
from tests.helpers.app import RunningApp, running_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.helpers.browser import Tab
    from tests.helpers.long_answer import LongAnswer

ENDLESS = "5000 every 0.04"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, langgraph_server: str) -> Iterator[RunningApp]:
    """The app with an agent that writes as many words as it is told."""
    far = {"LANGGRAPH_API_URL": langgraph_server, "CHAT_ASSISTANT": "slow"}
    with running_app(tmp_path_factory.mktemp("in_step"), **far) as running:
        yield running


@pytest.fixture
def agent(langgraph_server: str) -> Agent:
    return Agent(langgraph_server)


@pytest.fixture
def beside(tab: Tab, new_tab: Callable[..., Tab]) -> Tab:
    """A tab of another browser, in the same thread, which has one answer."""
    tab.ask("2")
    tab.answered()
    other = new_tab().open(f"/t/{tab.thread_id()}")
    other.answered()
    return other


def choose(tab: Tab, assistant: str) -> None:
    tab.choose(assistant)


def test_a_reload_in_the_middle_of_an_answer_joins_it_and_misses_nothing(
    tab: Tab, agent: Agent, long_answer: LongAnswer
) -> None:
    tab.ask(long_answer.question)
    expect_live(tab, agent, "word10")
    tab.page.reload()
    expect_live(tab, agent, "word60")
    long_answer.end()
    expect_whole(tab, agent)


def test_a_tab_opened_in_the_middle_of_an_answer_shows_it_and_goes_on_with_it(
    tab: Tab, new_tab: Callable[..., Tab], agent: Agent, long_answer: LongAnswer
) -> None:
    tab.ask(long_answer.question)
    expect_live(tab, agent, "word10")
    other = new_tab().open(f"/t/{tab.thread_id()}")
    expect_live(other, agent, "word10")
    expect_live(other, agent, "word80")
    long_answer.end()
    expect_whole(other, agent)
    expect(tab.questions).to_have_count(2)
    expect_whole(tab, agent)


def test_a_message_sent_in_one_tab_appears_and_is_answered_live_in_the_other(
    tab: Tab, beside: Tab, agent: Agent, long_answer: LongAnswer
) -> None:
    tab.ask(long_answer.question)
    expect(beside.questions).to_have_text(["2", long_answer.question])
    expect_live(beside, agent, "word40")
    expect_live(tab, agent, "word40")
    long_answer.end()
    tab.answered()
    expect_whole(beside, agent)
    expect(tab.questions).to_have_count(3)
    expect_whole(tab, agent)


def test_a_run_started_by_something_else_appears_live_in_an_open_tab(
    beside: Tab, agent: Agent, long_answer: LongAnswer
) -> None:
    agent.ask(beside.thread_id(), long_answer.question)
    expect(beside.questions).to_have_text(["2", long_answer.question])
    expect_live(beside, agent, "word60")
    long_answer.end()
    expect_whole(beside, agent)


def test_stop_ends_the_run_and_what_was_written_is_still_there_after_a_reload(
    tab: Tab, agent: Agent, long_answer: LongAnswer
) -> None:
    tab.ask(ENDLESS)
    expect_live(tab, agent, "word10")
    tab.stop.click()
    expect_stopped(tab, agent)
    before = shown(tab)
    tab.page.reload()
    expect_stopped(tab, agent)
    assert shown(tab) == before
    tab.ask(long_answer.question)
    expect_live(tab, agent, "word10")
    long_answer.end()
    tab.answered()
    expect_same(tab, agent)


def test_stop_works_after_a_reload(tab: Tab, agent: Agent) -> None:
    tab.ask(ENDLESS)
    expect_live(tab, agent, "word10")
    tab.page.reload()
    expect_live(tab, agent, "word20")
    tab.stop.click()
    expect_stopped(tab, agent)
    expect_whole(tab, agent)


def test_stop_works_from_another_tab_and_is_seen_in_both(
    tab: Tab, beside: Tab, agent: Agent
) -> None:
    tab.ask(ENDLESS)
    expect_live(beside, agent, "word10")
    beside.stop.click()
    expect_stopped(beside, agent)
    expect_stopped(tab, agent)
    assert shown(tab) == shown(beside)
    expect_whole(tab, agent)


@pytest.mark.parametrize(
    ("assistant", "sentence"),
    [("fails", "ran into an error"), ("limited", "Try again in 20 seconds")],
)
def test_a_failure_and_what_was_written_before_it_stay_after_a_reload(
    tab: Tab, agent: Agent, assistant: str, sentence: str
) -> None:
    choose(tab, assistant)
    tab.ask("hello")
    for _ in range(2):
        expect(tab.rows("error")).to_contain_text(sentence)
        expect(tab.page.get_by_test_id("retry")).to_be_visible()
        assert shown(tab) == [("human", "hello"), ("text", "It is")]
        assert agent.said(tab.thread_id()) == shown(tab)
        tab.page.reload()


@pytest.mark.parametrize("reloaded", [False, True])
def test_retry_asks_the_question_once(tab: Tab, agent: Agent, reloaded: bool) -> None:
    choose(tab, "falters")
    tab.ask("1 times")
    expect(tab.rows("error")).to_be_visible()
    tab.thread_id()
    if reloaded:
        tab.page.reload()
    tab.page.get_by_test_id("retry").click()
    expect(tab.rows("error")).to_have_count(0)
    tab.answered()
    # The agent answers with all that it was sent.
    assert shown(tab) == [("human", "1 times"), ("text", "1 times")]
    assert agent.said(tab.thread_id()) == shown(tab)
