"""What the sidebar, the tab and the browser tell of threads that are not looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.helpers.browser import Tab

EMAIL = "Email Ada about lunch on Thursday"
HIDE = """() => {
  let hidden = false;
  const state = { configurable: true, get: () => (hidden ? "hidden" : "visible") };
  Object.defineProperty(document, "visibilityState", state);
  window.hide = (is) => {
    hidden = is;
    document.dispatchEvent(new Event("visibilitychange"));
  };
}"""
"""A page in a headless browser is never hidden: `hide(true)` makes it say that it is."""
RECORD = """(answer) => {
  window.notified = [];
  window.Notification = class {
    static permission = "default";
    static async requestPermission() {
      return (this.permission = answer);
    }
    constructor(title, options) {
      window.notified.push({ title, body: options.body });
      window.lastNotification = this;
    }
    close() {}
  };
}"""
"""A headless browser shows no notifications: what it would show is in `notified`."""


def link(tab: Tab, title: str) -> Locator:
    return tab.thread_links.filter(has_text=title)


def status(tab: Tab, title: str) -> Locator:
    return link(tab, title).get_by_test_id("thread-status")


def leave(tab: Tab) -> None:
    """Go to a new chat as soon as the thread has begun."""
    expect(tab.questions).to_have_count(1)
    tab.thread_id()
    tab.page.get_by_test_id("new-chat").click()
    expect(tab.page.get_by_test_id("starter").first).to_be_visible()


def icon(tab: Tab) -> Locator:
    return tab.page.locator('link[rel~="icon"]')


def test_threads_that_are_left_tell_what_happens_in_them_until_they_are_looked_at(
    tab: Tab,
) -> None:
    expect(icon(tab)).to_have_attribute("data-news", "false")
    tab.ask("write 1500 tokens")
    leave(tab)
    expect(status(tab, "write 1500")).to_have_text("running")
    expect(tab.page).to_have_title("Agent chat")
    tab.ask(EMAIL)
    leave(tab)
    expect(status(tab, "Email")).to_have_text("needs you")
    expect(status(tab, "write 1500")).to_have_text("done, unread")
    expect(tab.page).to_have_title("(2) Agent chat")
    expect(icon(tab)).to_have_attribute("data-news", "true")
    tab.page.reload()
    expect(status(tab, "write 1500")).to_have_text("done, unread")
    link(tab, "write 1500").click()
    expect(status(tab, "write 1500")).to_have_count(0)
    expect(tab.page).to_have_title(re.compile(r"^\(1\) write 1500"))
    link(tab, "Email").click()
    expect(tab.page).to_have_title(re.compile("^Email"))
    expect(status(tab, "Email")).to_have_text("needs you")
    expect(icon(tab)).to_have_attribute("data-news", "false")
    tab.page.get_by_test_id("new-chat").click()
    expect(tab.page).to_have_title("(1) Agent chat")
    expect(status(tab, "write 1500")).to_have_count(0)


def told(page: Page) -> list[dict[str, str]]:
    return page.evaluate("notified")


def test_a_thread_that_is_done_in_a_hidden_page_is_notified_once_for_all_tabs(
    new_tab: Callable[..., Tab],
) -> None:
    one = new_tab(permissions=["notifications"])
    one.page.context.add_init_script(f"({HIDE})()")
    one.page.context.add_init_script(f"({RECORD})('granted')")
    one.open()
    button = one.page.get_by_role("button", name="Notify me")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    two = one.page.context.new_page()
    two.goto(one.url)
    expect(two.get_by_test_id("starter").first).to_be_visible()
    two.evaluate("Notification.permission = 'granted'")
    one.ask("write 3000 tokens")
    leave(one)
    for page in (one.page, two):
        page.evaluate("hide(true)")
    expect(status(one, "write 3000")).to_have_text("done, unread")
    expect(one.page).to_have_title("(1) Agent chat")
    expect(two).to_have_title("(1) Agent chat")
    soon(lambda: told(one.page) + told(two))
    assert told(one.page) + told(two) == [{"title": "write 3000 tokens", "body": "done, unread"}]
    page = one.page if one.page.evaluate("notified.length") else two
    page.evaluate("lastNotification.onclick()")
    expect(page).to_have_url(re.compile("/t/"))
    page.evaluate("hide(false)")
    for page in (one.page, two):
        expect(page).to_have_title(re.compile("^(write 3000|Agent chat)"))
    two.close()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_a_browser_that_blocks_notifications_says_so(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab()
    tab.page.add_init_script(f"({RECORD})('denied')")
    tab.open()
    button = tab.page.get_by_role("button", name="Notify me")
    button.click()
    expect(tab.page.get_by_test_id("notify-problem")).to_contain_text("blocked for this page")
    expect(button).to_have_attribute("aria-pressed", "false")
