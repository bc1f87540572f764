"""Cards of what the agent asks, in a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.helpers.browser import Tab


def cards(tab: Tab) -> Locator:
    """All that are on the page."""
    return tab.page.get_by_test_id("ask")


def asked(tab: Tab, assistant: str, message: str) -> Locator:
    """Let an assistant ask in a chat of its own; returns the cards."""
    tab.page.get_by_test_id("new-chat").click()
    expect(tab.questions).to_have_count(0)
    tab.choose(assistant)
    tab.ask(message)
    expect(cards(tab).first).to_be_visible()
    expect(tab.stop).to_have_count(0)  # until then a card takes no key
    return cards(tab)
