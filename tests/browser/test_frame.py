"""The frame around the conversation: the title over it, and the sheet of chats on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.browser import Tab

PHONE = {"width": 360, "height": 740}
SCREEN_OF_A_WATCH = {"width": 320, "height": 400}


def sheet(tab: Tab) -> Locator:
    return tab.page.get_by_role("navigation", name="Chats")


def sheet_button(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("sidebar-button")


def test_the_title_of_the_open_thread_stands_over_it_and_over_no_other(tab: Tab) -> None:
    title = tab.page.get_by_test_id("title")
    expect(title).to_have_count(0)
    tab.ask("what is 12 * 12")
    expect(title).to_have_text("what is 12 * 12")
    tab.answered()
    tab.page.get_by_test_id("new-chat").click()
    expect(title).to_have_count(0)
    tab.thread_links.first.click()
    expect(title).to_have_text("what is 12 * 12")


def test_on_a_phone_the_keyboard_opens_the_chats_walks_them_and_closes_them(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab(viewport=PHONE).open()
    expect(sheet(tab)).to_be_hidden()
    sheet_button(tab).press("Enter")
    expect(sheet(tab)).to_be_visible()
    first = tab.page.get_by_role("button", name="Command palette")
    for one in (first, tab.page.get_by_test_id("new-chat")):
        tab.page.keyboard.press("Tab")
        expect(one).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(sheet(tab)).to_be_hidden()
    expect(sheet_button(tab)).to_be_focused()


def test_on_a_phone_choosing_a_chat_closes_the_sheet(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(viewport=PHONE).open()
    tab.ask("what is 6 * 7")
    tab.answered()
    thread_id = tab.thread_id()
    tab.open()
    sheet_button(tab).click()
    tab.thread_links.first.click()
    expect(sheet(tab)).to_be_hidden()
    assert tab.thread_id() == thread_id


def test_on_a_wide_screen_the_chats_stand_beside_the_page_and_need_no_button(tab: Tab) -> None:
    expect(sheet(tab)).to_be_visible()
    expect(sheet_button(tab)).to_be_hidden()


def test_all_of_a_new_chat_can_be_reached_on_the_smallest_screen(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab(viewport=SCREEN_OF_A_WATCH).open()
    for end in (tab.page.get_by_role("heading"), tab.page.get_by_test_id("starter").last):
        end.scroll_into_view_if_needed()
        expect(end).to_be_in_viewport(ratio=1)


def test_the_composer_has_the_focus_again_after_a_stop(tab: Tab) -> None:
    tab.ask("write 10000 tokens")
    expect(tab.rows("text").first).to_be_visible()
    tab.stop.click()
    expect(tab.stop).to_have_count(0)
    expect(tab.composer).to_be_focused()
