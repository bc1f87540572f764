"""The dialogs of share links, the page that a link leads to, and the menu of a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chat_app import text
from tests.screenshots.state import LAPTOP, PHONE, SMALL, States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()

_SCREENS = (LAPTOP, PHONE, SMALL)


@states("demo", devices=_SCREENS)
def header_menu(visit: Visit) -> None:
    visit.ask("whats the weather in la")
    visit.tab.answered()
    visit.tab.thread_id()
    visit.tab.page.locator(".header").get_by_role("button", name=text.MORE, exact=True).click()
    visit.tab.page.get_by_role("menuitem", name="Export").click()
    expect(visit.tab.page.get_by_role("menuitem", name="Markdown", exact=True)).to_be_visible()


@states("demo", devices=_SCREENS, after=header_menu)
def share_dialog(visit: Visit) -> None:
    visit.tab.page.get_by_role("menuitem", name=text.SHARE).click()
    dialog = visit.test_id("share-dialog")
    for kind in (text.LIVE_LINK, text.SNAPSHOT):
        dialog.get_by_label(kind).check()
        dialog.get_by_role("button", name=text.MAKE_LINK).click()
        expect(dialog.locator(f"[data-fresh]:has-text('{kind}')")).to_be_visible()
    expect(dialog.get_by_role("listitem")).to_have_count(2)


@states("demo", devices=_SCREENS, after=share_dialog)
def shared_links(visit: Visit) -> None:
    visit.tab.page.keyboard.press("Escape")
    expect(visit.test_id("share-dialog")).to_have_count(0)
    if visit.test_id("sidebar-button").is_visible():
        visit.test_id("sidebar-button").click()
    visit.test_id("shared-links-button").click()
    expect(visit.test_id("shared-links").get_by_role("listitem")).to_have_count(2)


@states("demo", devices=_SCREENS, after=shared_links)
def shared_chat(visit: Visit) -> None:
    link = visit.test_id("shared-links").get_by_role("link", name=text.OPEN_LINK).first
    visit.tab.page.goto(visit.app.url + (link.get_attribute("href") or ""))
    expect(visit.tab.page.get_by_text(text.SHARED_CHAT)).to_be_visible()
