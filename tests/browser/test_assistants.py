"""A server with several assistants: which one answers is the person's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.app import RunningApp, running_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.helpers.browser import Tab


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, langgraph_server: str) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("assistants")
    with running_app(
        folder,
        LANGGRAPH_API_URL=langgraph_server,
        CHAT_ASSISTANT="slow",
        CHAT_TITLE="Ask the slow one",
        CHAT_STARTERS='["3|three words"]',
    ) as running:
        yield running


def test_the_name_and_the_starters_are_those_of_the_settings(tab: Tab) -> None:
    expect(tab.page).to_have_title("Ask the slow one")
    expect(tab.page.locator(".brand")).to_have_text("Ask the slow one")
    expect(tab.page.get_by_test_id("starter")).to_have_text(["3three words"])
    tab.page.get_by_test_id("starter").click()
    tab.answered()
    expect(tab.questions).to_have_text(["3"])


def test_the_picker_starts_with_the_assistant_of_the_settings_and_offers_all(tab: Tab) -> None:
    picker = tab.page.get_by_test_id("assistant-picker")
    expect(picker.locator("option:checked")).to_have_text("slow")
    offered = picker.locator("option").all_inner_texts()
    assert {"agent", "asks", "fails", "slow"} <= set(offered)


def test_the_chosen_assistant_answers(tab: Tab) -> None:
    tab.page.get_by_test_id("assistant-picker").select_option(label="agent")
    tab.ask("whats the weather in la")
    expect(tab.page.locator('[data-kind="tool"][data-name="weather"]')).to_have_count(1)
    expect(tab.rows("text").get_by_text("It is sunny.")).to_be_visible()
