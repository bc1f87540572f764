"""The inbox as a person uses it: what waits, answered one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chat_app import text
from tests.helpers.cards import cards

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.helpers.browser import Tab

MAILS = ("Email Ada about lunch on Thursday", "Email Bob about dinner on Friday")


def let_ask(tab: Tab, *messages: str) -> list[str]:
    """Chats that wait, by their ids."""
    made = []
    for message in messages:
        tab.page.get_by_test_id("new-chat").click()
        expect(tab.questions).to_have_count(0)
        tab.ask(message)
        expect(cards(tab).first).to_be_visible()
        expect(tab.stop).to_have_count(0)
        made.append(tab.thread_id())
    return made


def rows(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("inbox-row")


def link(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("inbox-link")


def at(tab: Tab, thread_id: str) -> None:
    expect(tab.page).to_have_url(f"{tab.url}/inbox/{thread_id}")


def selected(tab: Tab) -> Locator:
    return tab.page.locator('[data-testid="inbox-row"][aria-current="true"]')


def test_what_waits_is_answered_one_after_the_other(tab: Tab) -> None:
    first, second = let_ask(tab, *MAILS)
    expect(link(tab)).to_have_accessible_name("Inbox, 2 waiting")
    link(tab).click()
    at(tab, first)
    expect(rows(tab)).to_have_count(2)
    expect(selected(tab)).to_have_attribute("data-thread", first)
    expect(tab.composer).to_have_count(0)
    expect(cards(tab)).to_have_count(1)
    expect(cards(tab)).to_be_focused()

    tab.page.keyboard.press("j")
    at(tab, second)
    expect(cards(tab)).to_contain_text("bob@example.com")
    tab.page.keyboard.press("k")
    at(tab, first)
    expect(cards(tab)).to_contain_text("ada@example.com")
    expect(cards(tab)).to_be_focused()

    tab.page.keyboard.press("a")
    at(tab, second)
    expect(rows(tab)).to_have_count(1)
    over = tab.page.get_by_test_id("inbox-over")
    expect(over).to_contain_text(text.WAS_ANSWERED.split("{", maxsplit=1)[0])
    expect(link(tab)).to_have_accessible_name("Inbox, 1 waiting")
    expect(cards(tab)).to_be_focused()

    tab.page.keyboard.press("r")
    tab.page.get_by_label(text.REASON_HERE).fill("Not today")
    tab.page.keyboard.press("Control+Enter")
    expect(tab.page.get_by_test_id("inbox-empty")).to_contain_text(text.INBOX_EMPTY)
    expect(tab.page).to_have_url(f"{tab.url}/inbox")
    expect(link(tab)).to_have_accessible_name("Inbox")
    over.get_by_role("link").click()
    expect(tab.page).to_have_url(f"{tab.url}/t/{second}")
    expect(tab.composer).to_be_visible()
