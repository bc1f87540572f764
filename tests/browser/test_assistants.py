"""A server with several assistants: which one answers is the person's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from chat_app import text
from tests.helpers.app import RunningApp, running_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    expect(picker.locator("option:checked")).to_have_text("Slow")
    offered = picker.locator("option").all_inner_texts()
    assert {"Agent", "Asks", "Fails", "Slow"} <= set(offered)


def test_a_new_chat_shows_the_name_of_the_chosen_agent_and_the_graph_in_its_tooltip(
    tab: Tab,
) -> None:
    headline = tab.page.locator(".hello").get_by_role("heading")
    expect(headline).to_have_text("Slow")
    expect(headline).to_have_attribute("title", "slow")
    tab.page.get_by_test_id("assistant-picker").select_option(label="Agent")
    expect(headline).to_have_text("Agent")


def test_a_wrong_address_shows_a_sentence_and_a_link_to_a_new_chat(tab: Tab) -> None:
    main = tab.page.get_by_role("main")
    for path, sentence, title in (
        ("/t/not-a-thread", text.NOT_A_THREAD, text.CHAT_NOT_FOUND),
        (f"/t/{uuid4()}", text.THREAD_GONE, text.CHAT_NOT_FOUND),
        ("/no/such/page", text.NOT_A_PAGE, text.PAGE_NOT_FOUND),
    ):
        tab.page.goto(tab.url + path)
        expect(main.get_by_text(sentence)).to_be_visible()
        expect(tab.page).to_have_title(f"{title} · Ask the slow one")
        main.get_by_role("link", name="New chat").filter(visible=True).click()
        expect(tab.page).to_have_url(f"{tab.url}/")
        expect(tab.page).to_have_title("Ask the slow one")
        expect(main.get_by_text(sentence)).to_have_count(0)
        expect(tab.page.locator(".hello")).to_be_visible()
    assert all("404" in fault for fault in tab.faults)  # the browser logs the status of the last
    tab.faults.clear()


def test_a_link_shows_nothing_of_the_thread_to_another_browser(
    tab: Tab, new_tab: Callable[..., Tab]
) -> None:
    tab.ask("3")
    expect(tab.rows("text").get_by_text("word0 word1 word2")).to_be_visible()
    other = new_tab(is_another=True)
    other.page.goto(tab.page.url)
    main = other.page.get_by_role("main")
    expect(main.get_by_text(text.THREAD_GONE)).to_be_visible()
    expect(other.page).to_have_title(f"{text.CHAT_NOT_FOUND} · Ask the slow one")
    assert "word0" not in other.page.content()
    assert tab.page.url.rpartition("/")[2] not in other.page.locator("nav").inner_html()
    tab.ask("2")
    expect(tab.rows("text")).to_have_count(2)
    assert "word0" not in other.page.content()


def test_the_chosen_assistant_answers(tab: Tab) -> None:
    tab.page.get_by_test_id("assistant-picker").select_option(label="Agent")
    tab.ask("whats the weather in la")
    expect(tab.page.locator('[data-kind="tool"][data-name="weather"]')).to_have_count(1)
    expect(tab.rows("text").get_by_text("It is sunny.")).to_be_visible()
