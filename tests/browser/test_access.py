"""The page by keyboard, at the edges of screens, and in the colours that a system forces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chat_app import text
from tests.helpers.accessibility import escapes, small_targets
from tests.helpers.browser import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.browser import Tab

SMALL = {"width": 320, "height": 256}
"""1280 x 1024 pixels at 400 %."""
ON_ITS_SIDE = {"width": 844, "height": 390}
FOCUSED = "document.activeElement.dataset.testid ?? document.activeElement.tagName"
RICH = "show me what you can render"

TWICE = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(":root { font-size: 200% !important }");
    document.adoptedStyleSheets.push(sheet);
}"""
"""A style sheet of the person's own, which the page's policy does not concern."""


def test_the_keyboard_reaches_every_part_of_the_page_in_few_keys(tab: Tab) -> None:
    for question in ("what is 12 * 12", "what is 6 * 7", "Email Ada about lunch on Thursday"):
        tab.page.get_by_test_id("new-chat").click()
        expect(tab.page.get_by_test_id("starter").first).to_be_visible()
        tab.ask(question)
        expect(tab.page.get_by_test_id("title")).to_have_text(question)
        expect(tab.stop).to_have_count(0)
    keyboard = tab.page.keyboard
    card = tab.page.get_by_test_id("ask")
    expect(card).to_be_visible()

    tab.composer.focus()
    keyboard.press("F6")
    assert card.evaluate("card => card.contains(document.activeElement)")
    keyboard.press("F6")
    assert tab.page.evaluate("document.activeElement.closest('.scroll') !== null")
    assert not card.evaluate("card => card.contains(document.activeElement)")
    keyboard.press("F6")
    expect(tab.composer).to_be_focused()
    expect(tab.composer).to_have_accessible_description(text.PANE_KEYS)

    tab.page.reload()
    expect(card).to_be_visible()
    tab.page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    keyboard.press("Tab")
    skip = tab.page.get_by_role("link", name="Skip to the conversation")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    keyboard.press("Enter")
    expect(tab.page.get_by_role("region", name=text.CONVERSATION)).to_be_focused()

    links = tab.thread_links
    tab.page.get_by_test_id("search").focus()
    keyboard.press("Tab")
    expect(links.first).to_be_focused()
    expect(links.first).to_have_attribute("aria-current", "page")
    keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    keyboard.press("End")
    expect(links.nth(2)).to_be_focused()
    keyboard.press("ArrowDown")
    expect(links.nth(2)).to_be_focused()
    keyboard.press("Home")
    expect(links.first).to_be_focused()
    keyboard.press("ArrowDown")
    keyboard.press("Tab")
    assert not links.nth(2).evaluate("link => link === document.activeElement")
    keyboard.press("Shift+Tab")
    expect(links.first).to_be_focused()  # the open one again
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(tab.page.get_by_test_id("title")).to_have_text("what is 6 * 7")


def test_focus_is_never_lost(tab: Tab) -> None:
    page = tab.page
    theme = page.get_by_test_id("theme-toggle")
    theme.press("Enter")
    wait_for(page, "document.documentElement.classList.contains('dark')")
    expect(theme).to_be_focused()

    tab.ask("write 10000 tokens")
    expect(tab.rows("text").first).to_be_visible()
    for message in ("one", "two", "three"):
        tab.ask(message)
        expect(page.get_by_test_id("waiting-message").filter(has_text=message)).to_be_visible()
    waiting = page.get_by_test_id("waiting-message")
    for left in (2, 1):
        waiting.first.get_by_role("button", name="Remove").press("Enter")
        expect(waiting).to_have_count(left)
        expect(waiting.first.get_by_role("button", name="Remove")).to_be_focused()
    waiting.first.get_by_role("button", name="Remove").press("Enter")
    expect(waiting).to_have_count(0)
    expect(tab.composer).to_be_focused()
    tab.stop.press("Enter")
    expect(tab.stop).to_have_count(0)
    expect(tab.composer).to_be_focused()

    attach = page.get_by_test_id("attach")
    with page.expect_file_chooser() as chooser:
        attach.press("Enter")
    chooser.value.set_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    expect(page.get_by_test_id("chip")).to_have_count(1)
    expect(attach).to_be_focused()
    page.get_by_role("button", name="Remove a.txt").press("Enter")
    expect(page.get_by_test_id("chip")).to_have_count(0)
    expect(tab.composer).to_be_focused()


def test_escape_stops_the_run_and_what_waits(tab: Tab) -> None:
    tab.ask("write 10000 tokens")
    expect(tab.rows("text").first).to_be_visible()
    tab.ask("and then this")
    expect(tab.page.get_by_test_id("waiting-message")).to_have_count(1)
    tab.page.keyboard.press("Escape")
    expect(tab.stop).to_have_count(0)
    expect(tab.page.get_by_test_id("paused-message")).to_have_count(1)
    expect(tab.composer).to_be_focused()


@pytest.mark.parametrize("size", [SMALL, ON_ITS_SIDE], ids=["400 percent", "phone on its side"])
def test_on_a_low_screen_the_conversation_has_most_of_the_height(
    new_tab: Callable[..., Tab], size: dict[str, int]
) -> None:
    tab = new_tab(viewport=size).open()
    assert escapes(tab.page) == []
    tab.ask(RICH)
    tab.answered()
    expect(tab.page.get_by_role("navigation", name="Chats")).to_be_hidden()
    height = tab.page.get_by_test_id("scroll").evaluate("element => element.clientHeight")
    assert height >= 0.6 * size["height"]
    assert escapes(tab.page) == []
    assert small_targets(tab.page, touch=False) == []
    box = tab.composer.bounding_box()
    assert box
    assert box["y"] + box["height"] <= size["height"]
    tab.page.get_by_test_id("sidebar-button").click()
    expect(tab.page.get_by_role("navigation", name="Chats")).to_be_visible()


def test_nothing_is_cut_at_twice_the_text_size(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(viewport={"width": 640, "height": 800}).open()
    tab.page.evaluate(TWICE)
    tab.ask("compare the weather in Paris and Tokyo")
    tab.answered()
    assert escapes(tab.page) == []
    cut = """() => [...document.querySelectorAll("button, .pill, .bubble")]
        .filter(element => element.checkVisibility() && !element.closest(".skip"))
        .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
        .map(element => element.outerHTML.slice(0, 100))"""
    assert tab.page.evaluate(cut) == []
    assert tab.composer.evaluate("box => parseFloat(getComputedStyle(box).fontSize)") == 32


def test_the_wheel_never_moves_the_document(tab: Tab) -> None:
    tab.ask(RICH)
    tab.answered()
    tab.page.mouse.move(600, 300)
    for _ in range(3):
        tab.page.mouse.wheel(0, 5000)
    tab.page.evaluate("window.scrollTo(0, 9999)")
    assert tab.page.evaluate("[scrollY, document.body.scrollTop]") == [0, 0]
    assert escapes(tab.page) == []
    expect(tab.composer).to_be_in_viewport()


def test_forced_colours_leave_what_is_told_by_a_filled_area(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(forced_colors="active").open()
    tab.ask("Rank the ten warmest cities")
    tab.answered()
    background = "element => getComputedStyle(element).backgroundColor"
    paper = tab.page.locator("body").evaluate(background)
    tab.composer.fill("more")
    tab.page.get_by_role("button", name=text.INSPECTOR, exact=True).click()
    expect(tab.page.get_by_test_id("span").first).to_be_visible()
    areas = ".bars .bar", ".thread[aria-current=page]", ".send", ".timeline-bar"
    for selector in areas:
        assert tab.page.locator(selector).first.evaluate(background) != paper, selector
    lines = "element => getComputedStyle(element).borderBottomColor"
    tabs = tab.page.get_by_role("tablist").get_by_role("tab")
    assert [one.evaluate(lines) != paper for one in tabs.all()] == [True, *[False] * 6]
    expect(tab.thread_links.first).to_have_attribute("aria-current", "page")


def test_a_task_is_named_and_the_way_back_from_a_note_is_underlined(tab: Tab) -> None:
    tab.ask(RICH)
    tab.answered()
    boxes = tab.page.get_by_role("log").get_by_role("checkbox")
    assert boxes.count()
    for box in boxes.all():
        expect(box).to_have_accessible_name(re.compile(r"\w"))
    back = tab.page.get_by_role("link", name=text.BACK_TO_TEXT).first
    if back.count():
        line = back.evaluate("link => getComputedStyle(link).textDecorationLine")
        assert line == "underline"
