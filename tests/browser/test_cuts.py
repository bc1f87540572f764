"""A bad connection of the app to the agent, or of the browser to the app: nothing is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chat_app import text
from tests.helpers.agent import Agent, expect_live, expect_stopped, expect_whole
from tests.helpers.app import RunningApp, running_app
from tests.helpers.faults import FaultyProxy, faulty_proxy
from tests.helpers.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator

    from tests.helpers.browser import Tab
    from tests.helpers.long_answer import LongAnswer

ENDLESS = "5000 every 0.04"


@pytest.fixture(scope="module")
def whole_way(langgraph_server: str) -> Iterator[FaultyProxy]:
    with faulty_proxy(langgraph_server) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, whole_way: FaultyProxy) -> Iterator[RunningApp]:
    """The app with an agent that writes as many words as it is told, at the other end."""
    far = {"LANGGRAPH_API_URL": whole_way.url, "CHAT_ASSISTANT": "slow"}
    with running_app(tmp_path_factory.mktemp("cuts"), **far) as running:
        yield running


@pytest.fixture
def way(whole_way: FaultyProxy) -> Iterator[FaultyProxy]:
    """All that goes between the app and the agent."""
    yield whole_way
    whole_way.heal()


@pytest.fixture
def agent(langgraph_server: str) -> Agent:
    return Agent(langgraph_server)


def cut_line(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("cut")


def breaks_off_in_the_middle_of_every_twentieth_token(way: FaultyProxy) -> None:
    way.cut_after(20_003)


def closes_every_two_seconds(way: FaultyProxy) -> None:
    way.close_after(2)


def brings_seven_bytes_at_a_time(way: FaultyProxy) -> None:
    way.split(7)


def is_slow(way: FaultyProxy) -> None:
    way.delay(0.1)


@pytest.mark.parametrize(
    "harm",
    [
        breaks_off_in_the_middle_of_every_twentieth_token,
        closes_every_two_seconds,
        brings_seven_bytes_at_a_time,
        is_slow,
    ],
)
def test_an_answer_comes_whole_and_live_through_a_connection_that(
    tab: Tab,
    agent: Agent,
    way: FaultyProxy,
    long_answer: LongAnswer,
    harm: Callable[[FaultyProxy], None],
) -> None:
    harm(way)
    way.cut()
    tab.ask(long_answer.question)
    expect_live(tab, agent, "word40")
    long_answer.end()
    expect_whole(tab, agent)


def test_an_answer_goes_on_after_a_cut(
    tab: Tab, agent: Agent, way: FaultyProxy, long_answer: LongAnswer
) -> None:
    tab.ask(long_answer.question)
    expect_live(tab, agent, "word10")
    way.cut()
    expect_live(tab, agent, "word60")
    long_answer.end()
    expect_whole(tab, agent)


def test_a_server_that_refuses_is_asked_again_when_the_line_says_so_or_at_once(
    tab: Tab, agent: Agent, way: FaultyProxy, long_answer: LongAnswer
) -> None:
    tab.ask(long_answer.question)
    expect_live(tab, agent, "word10")
    way.refuse()
    expect(cut_line(tab)).to_contain_text("Connection to the agent lost.")
    # The fifth pause: by then it has refused for seven seconds and a half.
    expect(cut_line(tab)).to_contain_text(re.compile("in ([89]|10) s"))
    expect(tab.tail).to_contain_text("word10 ")
    way.accept()
    cut_line(tab).get_by_text("Retry now").click()
    expect(cut_line(tab)).to_have_count(0, timeout=20_000)
    expect_live(tab, agent, "word240")
    long_answer.end()
    expect_whole(tab, agent)


def test_a_connection_that_falls_silent_is_given_up_and_made_anew(
    tab: Tab, agent: Agent, way: FaultyProxy
) -> None:
    tab.ask(ENDLESS)
    expect_live(tab, agent, "word10")
    way.stall()
    # Fifteen seconds are silence.
    expect(cut_line(tab)).to_contain_text("Connection to the agent lost.", timeout=60_000)
    way.flow()
    expect_live(tab, agent, "word440")
    tab.stop.click()
    expect_stopped(tab, agent)
    expect_whole(tab, agent)


def test_a_server_that_is_restarted_goes_on_with_the_answer(
    tab: Tab, way: FaultyProxy, langgraph_server: str, tmp_path: Path, long_answer: LongAnswer
) -> None:
    try:
        with serve(tmp_path, remembers=True) as before:
            way.point_at(before.url)
            way.cut()
            tab.ask(long_answer.question)
            expect_live(tab, Agent(before.url), "word10")
        expect(cut_line(tab)).to_be_visible()
        with serve(tmp_path, remembers=True) as after:
            way.point_at(after.url)
            expect_live(tab, Agent(after.url), "word120", patience=120)
            long_answer.end()
            expect_whole(tab, Agent(after.url))
    finally:
        way.point_at(langgraph_server)
        way.cut()


def test_a_stop_is_said_to_be_unconfirmed_until_the_server_answers_again(
    tab: Tab, agent: Agent, way: FaultyProxy
) -> None:
    tab.ask(ENDLESS)
    expect_live(tab, agent, "word10")
    thread_id = tab.thread_id()
    way.stall()
    tab.stop.click()
    expect(tab.page.get_by_role("status").get_by_text(text.STOPPING, exact=True)).to_be_visible()
    # Fifteen seconds would be silence.
    expect(tab.rows("error")).to_contain_text(text.STOP_UNCONFIRMED, timeout=60_000)
    expect(tab.page.get_by_text(text.STOPPED, exact=True)).to_have_count(0)
    assert agent.runs(thread_id)
    expect(tab.rows("error").get_by_role("button", name=text.RETRY)).to_be_visible()
    way.flow()
    expect(tab.rows("error")).to_have_count(0)
    expect_stopped(tab, agent)
    expect_whole(tab, agent)


def test_a_browser_that_loses_the_app_goes_on_with_answer_and_draft(
    new_tab: Callable[..., Tab], app: RunningApp, agent: Agent, long_answer: LongAnswer
) -> None:
    with faulty_proxy(app.url) as way:
        tab = new_tab()
        tab.url = way.url
        tab.open().ask(long_answer.question)
        expect_live(tab, agent, "word10")
        way.refuse()
        tab.composer.fill("a draft")
        way.accept()
        expect_live(tab, agent, "word50")
        long_answer.end()
        tab.answered()
        expect(tab.composer).to_have_value("a draft")
        expect_whole(tab, agent)
        tab.page.goto("about:blank")
        tab.faults[:] = [fault for fault in tab.faults if "WebSocket" not in fault]
