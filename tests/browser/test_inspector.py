"""The inspector beside the chat: its panel, its page, and the timeline of a run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chat_app import text
from tests.helpers.accessibility import small_targets, violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.browser import Tab

KEY = "Control+Shift+L"


def panel(tab: Tab) -> Locator:
    return tab.page.get_by_role("region", name="Inspector", exact=True)


def button(tab: Tab) -> Locator:
    return tab.page.get_by_role("button", name="Inspector", exact=True)


def selected(tab: Tab) -> Locator:
    return panel(tab).get_by_role("tab", selected=True)


def spans(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("span")


def rows(tab: Tab, name: str) -> Locator:
    """The bars of one node or tool."""
    header = tab.page.get_by_role("rowheader", name=name, exact=True)
    return spans(tab).filter(has=header)


def test_the_panel_opens_by_button_and_key_and_the_browser_remembers_it(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab().open()
    button(tab).dblclick()
    expect(panel(tab)).to_be_visible()
    expect(panel(tab).get_by_role("tab")).to_have_text(
        ["Timeline", "Streams", "State", "Graph", "Runs", "Memory", "Request"]
    )
    expect(panel(tab).get_by_text(text.INSPECTOR_EMPTY)).to_be_visible()
    selected(tab).press("End")
    expect(selected(tab)).to_have_text("Request")
    expect(selected(tab)).to_be_focused()
    edge = panel(tab).get_by_role("separator", name=text.INSPECTOR_WIDTH)
    before = panel(tab).evaluate("element => element.offsetWidth")
    edge.press("ArrowRight")
    expect(panel(tab)).not_to_have_css("width", f"{before}px")
    width = panel(tab).evaluate("element => element.offsetWidth")
    tab.page.reload()
    tab.awake()
    expect(selected(tab)).to_have_text("Request")
    assert panel(tab).evaluate("element => element.offsetWidth") == width
    expect(selected(tab)).not_to_be_focused()
    selected(tab).press("Home")
    tab.page.keyboard.press("Escape")
    expect(panel(tab)).to_have_count(0)
    tab.composer.focus()
    tab.page.keyboard.press(KEY)
    expect(selected(tab)).to_have_text("Timeline")
    expect(selected(tab)).to_be_focused()
    tab.page.keyboard.press(KEY)
    expect(panel(tab)).to_have_count(0)
    expect(tab.composer).to_be_focused()


def test_a_run_is_drawn_as_bars_whose_messages_are_marked_in_the_chat(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab(viewport={"width": 1280, "height": 800}).open()
    button(tab).click()
    tab.ask("whats the weather in la")
    tab.answered()
    state = tab.page.get_by_test_id("run-state")
    expect(state).to_have_text("done")
    grid = panel(tab).get_by_role("treegrid", name=text.TIMELINE_ROWS)
    models, tools = rows(tab, "model"), rows(tab, "weather")
    expect(models.nth(1)).to_be_visible()
    expect(tools.first).to_have_attribute("aria-level", "2")
    assert violations(tab.page) == []
    assert small_targets(tab.page, touch=False) == []

    marked = tab.page.locator("[data-inspected]")
    models.last.hover()
    expect(marked.first).to_contain_text("Los Angeles")
    tab.composer.hover()
    expect(marked).to_have_count(0)
    tab.rows("text").last.hover()
    expect(models.last).to_have_attribute("data-marked", "true")

    grid.focus()
    count = spans(tab).count()
    for key in ("Home", "ArrowDown", "End", "ArrowLeft"):
        tab.page.keyboard.press(key)
    tools.first.click()
    expect(tools.first).to_have_attribute("aria-selected", "true")
    details = panel(tab).get_by_role("region", name="Details of weather")
    expect(details).to_contain_text("Los Angeles")
    assert violations(tab.page) == []
    grid.press("ArrowLeft")
    grid.press("ArrowLeft")
    expect(spans(tab)).to_have_count(count - 1)
    grid.press("ArrowRight")
    expect(spans(tab)).to_have_count(count)
    details.get_by_role("button", name="Close").press("Escape")
    expect(details).to_have_count(0)
    expect(grid).to_be_focused()

    panel(tab).get_by_role("link", name=text.INSPECTOR_FULL).click()
    tab.page.wait_for_url(re.compile(r"/t/[0-9a-f-]{36}/inspect$"))
    expect(tab.composer).to_be_hidden()
    tab.page.reload()
    expect(models.nth(1)).to_be_visible()
    assert violations(tab.page) == []
    panel(tab).get_by_role("link", name=text.INSPECTOR_BACK).click()
    expect(tab.rows("text").first).to_contain_text("Los Angeles")

    tab.page.set_viewport_size({"width": 390, "height": 844})
    expect(tab.page.locator(".column")).to_have_attribute("inert", "")
    box = panel(tab).bounding_box()
    assert box
    assert (box["x"], box["width"], box["height"]) == (0, 390, 844)
    expect(models.nth(1)).to_be_visible()
    assert violations(tab.page) == []
    assert small_targets(tab.page, touch=True) == []
    panel(tab).get_by_role("button", name=text.CLOSE_INSPECTOR).click()
    expect(panel(tab)).to_have_count(0)
    expect(button(tab)).to_be_focused()
    tab.page.reload()
    tab.awake()
    expect(button(tab)).to_have_attribute("aria-pressed", "false")
