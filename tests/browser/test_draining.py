"""A process of several ends: its open pages reconnect to another one, and nothing is lost."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.agent import Agent, expect_live, expect_same, expect_stopped, expect_whole
from tests.helpers.app import RunningApp, running_app
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.helpers.browser import Tab

pytestmark = pytest.mark.slow

DONE = "Rolling restart: done"
PATIENCE = 180.0
SEND_WHEN_ASKED_TO_MOVE = """() => {
  const send = () => {
    document.querySelector('[data-testid="send"]').click();
    window.leftInTheBox = document.querySelector('[data-testid="composer"]').value;
  };
  document.addEventListener("appdrain", send, { once: true });
}"""


@pytest.fixture
def app(tmp_path: Path, langgraph_server: str) -> Iterator[RunningApp]:
    settings = {"LANGGRAPH_API_URL": langgraph_server, "CHAT_ASSISTANT": "slow"}
    with running_app(tmp_path, CHAT_WORKERS="2", **settings) as running:
        yield running


def restart(app: RunningApp) -> None:
    """Replace all processes, one after the other."""
    log = app.log.parent / "data/logs/app.log"
    before = log.read_text().count(DONE)
    os.kill(app.process.pid, signal.SIGHUP)
    soon(lambda: log.read_text().count(DONE) > before, patience=PATIENCE)


def test_a_page_goes_on_at_another_process_with_answer_draft_and_what_is_sent_meanwhile(
    tab: Tab, app: RunningApp, langgraph_server: str
) -> None:
    agent = Agent(langgraph_server)
    tab.ask("5000 every 0.04")
    expect_live(tab, agent, "word10")
    tab.composer.fill("a draft")
    restart(app)
    expect(tab.page.get_by_test_id("connection")).to_have_count(0)
    expect_live(tab, agent, "word200")
    expect(tab.composer).to_have_value("a draft")
    tab.stop.click()
    expect_stopped(tab, agent)
    expect_whole(tab, agent)

    tab.composer.fill("3 every 0.01")
    tab.page.evaluate(SEND_WHEN_ASKED_TO_MOVE)
    restart(app)
    assert tab.page.evaluate("window.leftInTheBox") == "3 every 0.01"
    expect(tab.questions).to_have_text(["5000 every 0.04", "2", "3 every 0.01"])
    tab.answered()
    expect(tab.composer).to_have_value("")
    expect_same(tab, agent)
