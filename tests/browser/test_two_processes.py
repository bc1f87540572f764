"""Tabs of one person at several processes show the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chat_app import text
from tests.helpers.agent import Agent, expect_live, expect_same, expect_stopped
from tests.helpers.processes import AppProcesses, app_processes, needs_nginx
from tests.helpers.redis_server import needs_redis, redis_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator

    from tests.helpers.browser import Tab
    from tests.helpers.long_answer import LongAnswer

ONE_HOST, TWO_HOSTS = "one host", "two hosts"


pytestmark = [pytest.mark.slow, needs_nginx, needs_redis]


@pytest.fixture(scope="module", params=[ONE_HOST, TWO_HOSTS])
def apps(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, langgraph_server: str
) -> Iterator[AppProcesses]:
    """Two processes that share a data folder, or nothing but a Redis."""
    folder = tmp_path_factory.mktemp("apps")
    settings = {
        "LANGGRAPH_API_URL": langgraph_server,
        "CHAT_ASSISTANT": "slow",
    }
    if request.param == ONE_HOST:
        with app_processes(folder, settings) as running:
            yield running
        return
    with (
        redis_server(folder / "redis") as redis,
        app_processes(folder, settings | {"REDIS_URL": redis.url}, own_folders=True) as running,
    ):
        yield running


@pytest.fixture
def app(apps: AppProcesses) -> Iterator[AppProcesses]:
    """Both of them run, and new pages are the first one's."""
    apps.prefer(0)
    yield apps
    for one in apps.each:
        if not one.runs:
            one.start()


@pytest.fixture
def agent(langgraph_server: str) -> Agent:
    return Agent(langgraph_server)


def waiting(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("waiting-message").locator("p")


def paused(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("paused-message").locator("p")


def test_two_tabs_at_two_processes_show_the_same(
    tab: Tab,
    new_tab: Callable[..., Tab],
    app: AppProcesses,
    agent: Agent,
    long_answer: LongAnswer,
) -> None:
    tab.ask("2")
    tab.answered()
    app.prefer(1)
    other = new_tab().open(f"/t/{tab.thread_id()}")
    other.answered()
    tab.ask(long_answer.question)
    expect_live(other, agent, "word10")
    other.ask("4")
    expect(waiting(tab)).to_have_text(["4"])
    tab.ask("5")
    expect(waiting(other)).to_have_text(["4", "5"])
    other.page.get_by_test_id("waiting-message").first.get_by_label("Remove").click()
    expect(waiting(tab)).to_have_text(["5"])
    tab.stop.click()
    expect_stopped(tab, agent)
    expect(other.stop).to_have_count(0)
    expect(paused(tab)).to_have_text(["5"])
    expect(paused(other)).to_have_text(["5"])
    other.page.get_by_role("button", name=text.SEND_ALL).click()
    expect(tab.questions).to_have_count(3)
    tab.answered()
    other.answered()
    expect_same(tab, agent)
    expect_same(other, agent)
