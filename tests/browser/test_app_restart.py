"""The app itself dies in the middle of an answer and comes back: the run was never its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.helpers.agent import Agent, expect_live, expect_stopped, expect_whole
from tests.helpers.app import RunningApp, running_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.helpers.browser import Tab

UNREACHABLE = re.compile(r"WebSocket connection to|net::ERR_")


@pytest.fixture
def settings(langgraph_server: str) -> dict[str, str]:
    return {"LANGGRAPH_API_URL": langgraph_server, "CHAT_ASSISTANT": "slow"}


@pytest.fixture
def app(tmp_path: Path, settings: dict[str, str]) -> Iterator[RunningApp]:
    with running_app(tmp_path, **settings) as running:
        yield running


def test_a_page_finds_back_to_an_app_that_was_killed_and_goes_on_with_answer_and_draft(
    tab: Tab, app: RunningApp, settings: dict[str, str], langgraph_server: str, tmp_path: Path
) -> None:
    agent = Agent(langgraph_server)
    tab.ask("5000 every 0.04")
    expect_live(tab, agent, "word10")
    tab.composer.fill("a draft")
    app.kill()
    expect(tab.page.get_by_test_id("connection")).to_be_visible()
    with running_app(tmp_path, CHAT_PORT=str(urlsplit(app.url).port), **settings):
        expect(tab.page.get_by_test_id("connection")).to_have_count(0)
        expect_live(tab, agent, "word200")
        expect(tab.composer).to_have_value("a draft")
        tab.stop.click()
        expect_stopped(tab, agent)
        expect_whole(tab, agent)
        tab.page.goto("about:blank")
    tab.faults[:] = [fault for fault in tab.faults if not UNREACHABLE.search(fault)]
