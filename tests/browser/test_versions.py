"""Editing and regenerating in a page: what is seen, where the focus is, and that nothing moves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.browser import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.browser import Tab

PHONE = {"width": 390, "height": 780}
FIRST, SECOND = "what is 15% of 1,080", "whats the weather in la"
TOP = "element => element.getBoundingClientRect().top"


@pytest.fixture
def talked(tab: Tab) -> Tab:
    """A thread with two questions and their answers."""
    for question in (FIRST, SECOND):
        tab.ask(question)
        tab.answered()
    return tab


def press(row: Locator, name: str) -> None:
    row.hover()
    row.get_by_role("button", name=name, exact=True).click()


def edit(tab: Tab, row: Locator, message: str) -> None:
    press(row, "Edit")
    tab.page.get_by_label("Edit message").get_by_role("textbox").fill(message)
    tab.page.get_by_role("button", name="Send", exact=True).first.click()


def test_an_old_message_is_edited_and_both_versions_stay(
    talked: Tab, new_tab: Callable[..., Tab]
) -> None:
    page, first = talked.page, talked.rows("human").first
    edit(talked, first, "what is 20% of 50")
    expect(first.get_by_text("2 / 2")).to_be_visible()
    expect(talked.questions).to_have_text(["what is 20% of 50"])
    expect(talked.rows("text").last).to_contain_text("10")
    press(first, "Previous version")
    expect(talked.questions).to_have_text([FIRST, SECOND])
    expect(first.get_by_text("1 / 2")).to_be_visible()
    page.reload()
    expect(first.get_by_text("1 / 2")).to_be_visible()
    expect(talked.questions).to_have_text([FIRST, SECOND])
    other = new_tab().open(f"/t/{talked.thread_id()}")
    expect(other.rows("human").first.get_by_text("1 / 2")).to_be_visible()
    expect(other.questions).to_have_text([FIRST, SECOND])
    talked.ask("what time is it in New York")
    talked.answered()
    expect(first.get_by_text("1 / 2")).to_be_visible()
    expect(other.questions).to_have_text([FIRST, SECOND, "what time is it in New York"])


def test_an_old_answer_is_regenerated_and_nothing_moves_when_versions_switch(talked: Tab) -> None:
    page, end = talked.page, talked.rows("end").first
    press(end, "Regenerate")
    expect(end.get_by_text("2 / 2")).to_be_visible()
    expect(talked.questions).to_have_text([FIRST])
    top = talked.rows("human").first.evaluate(TOP)
    said = talked.recording("announcer")
    for name, number, questions in (
        ("Previous version", "1 / 2", [FIRST, SECOND]),
        ("Next version", "2 / 2", [FIRST]),
    ):
        press(end, name)
        expect(end.get_by_text(number)).to_be_visible()
        expect(talked.questions).to_have_text(questions)
        assert abs(talked.rows("human").first.evaluate(TOP) - top) < 2
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name
    assert any("Version 1 of 2" in words for words in said())


def test_a_chat_is_continued_in_a_new_one(talked: Tab) -> None:
    old = talked.page.url
    press(talked.rows("end").first, "Continue in a new chat")
    talked.page.wait_for_url(lambda url: url != old and "/t/" in url)
    expect(talked.questions).to_have_text([FIRST])
    talked.ask("what is 2 + 2")
    talked.answered()
    talked.page.goto(old)
    expect(talked.questions).to_have_text([FIRST, SECOND])


def test_two_versions_are_read_side_by_side(talked: Tab) -> None:
    page, first = talked.page, talked.rows("human").first
    edit(talked, first, "what is 20% of 50")
    expect(first.get_by_text("2 / 2")).to_be_visible()
    press(first, "Compare")
    dialog = page.get_by_role("dialog", name="Compare versions")
    expect(dialog.get_by_test_id("compare-left")).to_contain_text(FIRST)
    expect(dialog.get_by_test_id("compare-right")).to_contain_text("what is 20% of 50")
    expect(dialog.get_by_text("Words that differ are marked.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    wait_for(page, "document.activeElement.getAttribute('aria-label') === 'Compare'")


def test_what_is_pressed_without_a_connection_is_not_done_when_it_is_back(talked: Tab) -> None:
    page, end = talked.page, talked.rows("end").last
    page.context.set_offline(True)
    expect(page.get_by_test_id("connection")).to_be_visible()
    for _ in range(2):
        press(end, "Regenerate")
    page.context.set_offline(False)
    expect(page.get_by_test_id("connection")).to_have_count(0)
    talked.ask("what is 2 + 3")
    talked.answered()
    expect(talked.questions).to_have_count(3)
    expect(page.get_by_test_id("versions")).to_have_count(0)
    talked.faults.clear()  # the browser tells that the network was gone


def test_a_message_is_edited_with_the_keyboard_alone(talked: Tab) -> None:
    page = talked.page
    focused = "document.activeElement.getAttribute('aria-label')"
    talked.rows("human").last.get_by_role("button", name="Edit").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "Edit message"
    page.keyboard.type("?")
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "Edit"
    expect(talked.questions.last).to_have_text(SECOND)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("edit-box")).to_have_value(SECOND)
    page.keyboard.press("Control+A")
    page.keyboard.type("what is 2 + 3")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("please")
    page.keyboard.press("Enter")
    expect(talked.rows("human").last.get_by_text("2 / 2")).to_be_visible()
    expect(talked.questions.last).to_have_text(re.compile("2 \\+ 3\\s+please"))
    wait_for(page, f"{focused} === 'Edit'")


def test_on_a_phone_all_of_it_is_within_reach(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(viewport=PHONE, has_touch=True, is_mobile=True).open()
    tab.ask(FIRST)
    tab.answered()
    end = tab.rows("end")
    end.get_by_role("button", name="Regenerate", exact=True).tap()
    expect(end.get_by_text("2 / 2")).to_be_visible()
    end.get_by_role("button", name="Previous version").tap()
    expect(end.get_by_text("1 / 2")).to_be_visible()
    tab.rows("human").get_by_role("button", name="Edit").tap()
    box = tab.page.get_by_test_id("edit-box")
    expect(box).to_have_value(FIRST)
    assert box.evaluate("element => element.clientWidth") > PHONE["width"] * 0.7
    tab.page.get_by_role("button", name="Cancel").tap()
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
