"""The main road: ask, watch a tool work, read the answer, come back to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.browser import Tab


def multiply(tab: Tab) -> list[tuple[str | None, str]]:
    """The quickest question with a tool call and an answer."""
    tab.ask("what is 12 * 7")
    expect(tab.rows("tool", name="calculator", status="done")).to_have_count(1)
    tab.answered()
    return tab.conversation()


def test_a_question_shows_the_tool_call_then_the_answer_and_the_address_becomes_the_threads(
    tab: Tab,
) -> None:
    tab.ask("whats the weather in la")
    expect(tab.rows("tool", status="done")).to_have_count(1)
    tab.answered()
    shown = tab.conversation()
    assert shown[0] == ("human", "whats the weather in la")
    assert tab.rows("tool").get_attribute("data-name") == "weather"
    assert shown[-1][0] == "text"
    assert "Los Angeles" in tab.answer()
    assert tab.thread_id()


def test_a_tool_call_opens_to_its_arguments_and_result(tab: Tab) -> None:
    multiply(tab)
    call = tab.rows("tool", status="done")
    expect(call).not_to_contain_text("expression", use_inner_text=True)
    call.locator("summary").click()
    expect(call).to_contain_text('expression: "12 * 7"', use_inner_text=True)
    expect(call).to_contain_text("84", use_inner_text=True)


def test_a_reload_shows_the_same_conversation(tab: Tab) -> None:
    before = multiply(tab)
    tab.thread_id()
    tab.page.reload()
    tab.answered()
    assert tab.conversation() == before


def test_another_browser_at_the_same_address_shows_the_same_conversation(
    tab: Tab, new_tab: Callable[..., Tab]
) -> None:
    before = multiply(tab)
    other = new_tab().open(f"/t/{tab.thread_id()}")
    other.answered()
    assert other.conversation() == before


def test_a_second_tab_watches_a_run_that_is_going_on(tab: Tab, new_tab: Callable[..., Tab]) -> None:
    tab.ask("write 10000 tokens")
    other = new_tab().open(f"/t/{tab.thread_id()}")
    expect(other.stop).to_be_visible()
    expect(other.rows("text").first).to_be_visible()
    tab.stop.click()
    expect(tab.stop).to_have_count(0)
    expect(other.stop).to_have_count(0)
    soon(lambda: other.conversation() == tab.conversation())


def test_the_sidebar_lists_the_thread_and_leads_back_to_it(tab: Tab) -> None:
    before = multiply(tab)
    thread_id = tab.thread_id()
    link = tab.page.locator(f'[data-testid="thread-link"][href$="{thread_id}"]')
    expect(link).to_contain_text("what is 12 * 7")
    tab.page.get_by_test_id("new-chat").click()
    expect(tab.page.get_by_test_id("starter").first).to_be_visible()
    expect(tab.questions).to_have_count(0)
    link.click()
    tab.answered()
    assert tab.conversation() == before
    assert tab.thread_id() == thread_id


def test_a_browser_does_not_list_the_threads_of_another(
    tab: Tab, new_tab: Callable[..., Tab]
) -> None:
    multiply(tab)
    expect(tab.thread_links).to_have_count(1)
    other = new_tab(is_another=True).open()
    other.ask("hello")
    other.answered()
    expect(other.thread_links).to_have_count(1)
    expect(other.thread_links).to_contain_text("hello")


def test_two_cities_are_asked_for_side_by_side(tab: Tab) -> None:
    tab.ask("compare paris and tokyo weather")
    expect(tab.rows("tool", status="done")).to_have_count(2)
    tab.answered()
    assert "Paris" in tab.answer()
    assert "Tokyo" in tab.answer()


def test_a_starter_card_asks_its_question(tab: Tab) -> None:
    card = tab.page.get_by_test_id("starter").first
    prompt = card.locator("b").inner_text()
    card.click()
    expect(tab.questions).to_have_text(prompt)
    tab.answered()


def test_a_second_question_continues_the_thread(tab: Tab) -> None:
    tab.ask("hello")
    tab.answered()
    thread_id = tab.thread_id()
    multiply(tab)
    expect(tab.questions).to_have_count(2)
    assert "84" in tab.answer()
    assert tab.thread_id() == thread_id


def test_a_long_answer_is_readable_while_it_is_written(tab: Tab) -> None:
    tab.ask("write 3000 tokens")
    expect(tab.rows("text").first).to_be_visible()
    expect(tab.tail).to_have_text(re.compile(r"\S"))
    early = tab.rows("text").first.inner_text()
    expect(tab.stop).to_be_visible()
    tab.answered()
    assert tab.rows("text").first.inner_text() == early
    expect(tab.tail).to_have_text("")
