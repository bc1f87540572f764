"""Light and dark, small screens, and addresses that lead nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.browser import Tab

PHONE = {"width": 360, "height": 740}
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAPER = "getComputedStyle(document.body).backgroundColor"


@pytest.mark.parametrize(("system", "opposite"), [("light", "dark"), ("dark", "light")])
def test_the_theme_follows_the_system_until_toggled_and_then_stays(
    new_tab: Callable[..., Tab], system: str, opposite: str
) -> None:
    tab = new_tab(color_scheme=system).open()
    html = tab.page.locator("html")
    expect(html).to_have_class(re.compile(rf"\b{system}\b"))
    before = tab.page.evaluate(PAPER)

    tab.page.get_by_test_id("theme-toggle").click()
    expect(html).to_have_class(re.compile(rf"\b{opposite}\b"))
    after = tab.page.evaluate(PAPER)
    assert after != before

    tab.page.reload()
    tab.awake()
    expect(html).to_have_class(re.compile(rf"\b{opposite}\b"))
    assert tab.page.evaluate(PAPER) == after


def test_a_phone_never_scrolls_sideways(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(viewport=PHONE).open()
    assert tab.page.evaluate(OVERHANG) <= 0
    tab.ask("show me what you can render " + "x" * 300)
    tab.answered()
    assert tab.page.evaluate(OVERHANG) <= 0
    box = tab.composer.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/t/not-a-uuid", "no chat at this address"),
        ("/t/00000000-0000-4000-8000-000000000000", "does not exist"),
    ],
    ids=["no UUID", "unknown"],
)
def test_an_address_that_is_no_thread_says_so_and_the_app_goes_on(
    new_tab: Callable[..., Tab], path: str, words: str
) -> None:
    tab = new_tab().open(path)
    expect(tab.page.get_by_text(re.compile(words))).to_be_visible()
    tab.page.get_by_test_id("new-chat").click()
    expect(tab.page.get_by_test_id("starter").first).to_be_visible()
    tab.ask("hello")
    tab.answered()
    assert tab.thread_id()


def test_one_assistant_needs_no_picker(tab: Tab) -> None:
    expect(tab.page.get_by_test_id("assistant-picker")).to_have_count(0)


def test_an_address_that_leads_nowhere_leads_back(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab()
    tab.page.goto(tab.url + "/nothing/here/at/all")
    expect(tab.page.get_by_text("There is nothing at this address.")).to_be_visible()
    tab.faults.clear()  # the browser's own word about the status 404
    tab.page.get_by_role("link", name="New chat").click()
    expect(tab.composer).to_be_visible()
