"""A page whose process dies goes on at another one, as if nothing had been."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_attachments import choose, uploaded
from tests.helpers.agent import Agent, expect_live, expect_stopped
from tests.helpers.app import RunningApp, running_app
from tests.helpers.faults import FaultyProxy, faulty_proxy
from tests.helpers.files import png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.helpers.browser import Tab

UNREACHABLE = re.compile(r"WebSocket connection to|net::ERR_")
WATCH = """() => {
  const rows = () => document.querySelectorAll('[data-testid="row"]');
  rows()[0].isTheSame = true;
  window.fewest = rows().length;
  new MutationObserver(() => (window.fewest = Math.min(window.fewest, rows().length)))
    .observe(document.body, { childList: true, subtree: true });
}"""
LAST_WORD = "() => [...document.body.textContent.matchAll(/word([0-9]+) /g)].at(-1)[1]"
IS_THE_SAME = """() => document.querySelector('[data-testid="row"]').isTheSame === true"""


@pytest.fixture
def processes(
    tmp_path: Path, langgraph_server: str
) -> Iterator[tuple[RunningApp, RunningApp, FaultyProxy]]:
    """Two processes of the app with one data folder, and what leads to the first of them."""
    shared = {
        "LANGGRAPH_API_URL": langgraph_server,
        "CHAT_ASSISTANT": "slow",
        "CHAT_DATA_DIR": str(tmp_path / "data"),
    }
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    with (
        running_app(folders[0], **shared) as one,
        running_app(folders[1], **shared) as other,
        faulty_proxy(one.url) as proxy,
    ):
        yield one, other, proxy


@pytest.fixture
def app(processes: tuple[RunningApp, RunningApp, FaultyProxy]) -> RunningApp:
    one, _, proxy = processes
    return replace(one, url=proxy.url)


@pytest.mark.slow
def test_a_page_goes_on_at_another_process_with_answer_draft_queue_and_files(
    tab: Tab,
    processes: tuple[RunningApp, RunningApp, FaultyProxy],
    langgraph_server: str,
) -> None:
    one, other, proxy = processes
    agent = Agent(langgraph_server)
    tab.ask("1")
    expect(tab.stop).to_have_count(0)
    tab.ask("5000 every 0.04")
    expect_live(tab, agent, "word10")
    tab.ask("3")
    expect(tab.page.locator(".queue > li")).to_have_count(1)
    proxy.point_at(other.url)  # from now on requests reach the other one, and the socket does not
    choose(tab, ("a.png", png(40, 30)), ("b.png", png(30, 40)))
    uploaded(tab, "a.png", "b.png")
    tab.composer.fill("a draft")
    rows = tab.page.get_by_test_id("row").count()
    tab.page.evaluate(WATCH)
    one.kill()
    said = int(tab.page.evaluate(LAST_WORD))
    expect_live(tab, agent, f"word{said + 50}")
    assert tab.page.evaluate("window.fewest") >= rows, "the page was never emptied"
    assert tab.page.evaluate(IS_THE_SAME), "what stood there was not drawn again"
    expect(tab.composer).to_have_value("a draft")
    uploaded(tab, "a.png", "b.png")
    expect(tab.page.locator(".queue > li")).to_have_count(1)
    tab.stop.click()
    expect_stopped(tab, agent)
    tab.composer.fill("2")
    tab.composer.press("Enter")
    expect(tab.rows("text").last).to_have_text("word0 word1")
    expect(tab.page.get_by_test_id("chip")).to_have_count(0)
    expect(tab.rows("media")).to_have_count(1)
    tab.page.goto("about:blank")
    tab.faults[:] = [fault for fault in tab.faults if not UNREACHABLE.search(fault)]
