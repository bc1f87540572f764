"""Share links and ratings of answers, as people use them: by the menu, the keys, on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.accessibility import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Locator, ViewportSize

    from tests.helpers.browser import Tab

PHONE: ViewportSize = {"width": 390, "height": 780}
NOTE = "Exactly the table I needed"


@pytest.fixture
def answered(tab: Tab) -> Tab:
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.ask("whats the weather in la")
    tab.answered()
    expect(tab.rows("end")).to_have_count(1)
    return tab


def share(tab: Tab) -> Locator:
    """Open the dialog of the chat."""
    tab.page.locator(".header").get_by_role("button", name="More").click()
    tab.page.get_by_role("menuitem", name="Share").click()
    dialog = tab.page.get_by_role("dialog", name="Share this chat")
    expect(dialog).to_be_visible()
    return dialog


def link_in(dialog: Locator) -> str:
    """The address of the link that was just made."""
    address = dialog.get_by_label("Address of the link")
    expect(address).to_be_visible()
    return address.input_value()


def test_a_snapshot_is_shared_read_by_a_stranger_and_revoked(
    answered: Tab, browser: Browser
) -> None:
    dialog = share(answered)
    assert violations(answered.page) == []
    dialog.get_by_role("button", name="Create link").click()
    link = link_in(dialog)
    copied = answered.page.evaluate("navigator.clipboard.readText()")
    assert copied == link
    context = browser.new_context(viewport={"width": 390, "height": 780}, java_script_enabled=False)
    try:
        page = context.new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(link)
        expect(page.get_by_text("Los Angeles, United States").first).to_be_visible()
        expect(page.get_by_text("Shared chat")).to_be_visible()
        assert [url for url in requests if not url.startswith("data:")] == [link]
        assert context.cookies() == []
        wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert wide
        answered.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        answered.ask("write 30 tokens")
        answered.answered()
        page.reload()
        expect(page.get_by_text("write 30 tokens")).to_have_count(0)
        dialog = share(answered)
        dialog.get_by_role("button", name="Revoke").click()
        expect(dialog.get_by_text("There is no link to this chat.")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading")).to_have_text("This link leads to no chat")
    finally:
        context.close()


def test_the_list_of_all_links_leads_to_them_and_revokes_them_by_the_keyboard(
    answered: Tab,
) -> None:
    page = answered.page
    dialog = share(answered)
    dialog.get_by_label("Live").check()
    for count in (1, 2):
        dialog.get_by_role("button", name="Create link").click()
        expect(dialog.get_by_role("listitem")).to_have_count(count)
    page.keyboard.press("Escape")
    opener = page.get_by_role("button", name="Shared links")
    opener.click()
    dialog = page.get_by_role("dialog", name="Shared links")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    expect(dialog.get_by_role("link", name="Open").first).to_have_attribute(
        "href", re.compile(r"^/s/[\w-]{43}$")
    )
    assert violations(page) == []
    every = dialog.get_by_role("button", name="Revoke all")
    every.focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("You have not shared any chat.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_an_answer_is_rated_with_a_note_which_is_there_after_a_reload(
    answered: Tab, new_tab: Callable[..., Tab]
) -> None:
    page = answered.page
    end = answered.rows("end")
    good = end.get_by_role("button", name="Good answer")
    bad = end.get_by_role("button", name="Bad answer")
    expect(good).to_have_attribute("aria-pressed", "false")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    note = page.get_by_role("textbox", name="Note on this answer")
    expect(note).to_be_focused()
    assert violations(page) == []
    note.fill(NOTE)
    page.keyboard.press("Control+Enter")
    expect(note).to_have_count(0)
    expect(good).to_be_focused()
    other = new_tab()
    other.page.goto(page.url)
    expect(other.rows("end").get_by_role("button", name="Good answer")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.reload()
    expect(good).to_have_attribute("aria-pressed", "true")
    good.click()
    expect(note).to_have_value(NOTE)
    page.keyboard.press("Escape")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "true")
    expect(good).to_have_attribute("aria-pressed", "false")
    expect(other.rows("end").get_by_role("button", name="Bad answer")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="Remove rating").click()
    expect(bad).to_have_attribute("aria-pressed", "false")
    expect(bad).to_be_focused()


def test_on_a_phone_the_dialog_and_the_note_fit(answered: Tab) -> None:
    page = answered.page
    page.set_viewport_size(PHONE)
    dialog = share(answered)
    dialog.get_by_role("button", name="Create link").click()
    link_in(dialog)
    box = dialog.bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, PHONE["width"])
    assert dialog.evaluate("e => e.scrollWidth <= e.clientWidth")
    page.keyboard.press("Escape")
    answered.rows("end").get_by_role("button", name="Bad answer").click()
    form = page.get_by_test_id("feedback-note").bounding_box()
    assert form
    assert form["x"] >= 0
    assert form["x"] + form["width"] <= PHONE["width"]
    assert form["y"] + form["height"] <= PHONE["height"]
