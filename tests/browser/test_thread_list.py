"""The list of chats: what its menu does, the undo, and several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

TITLES = ["Alder", "Birch", "Cedar", "Dogwood", "Elm"]


@pytest.fixture
def listed(app: RunningApp, tab: Tab) -> Tab:
    """A tab at the first of five chats, newest first."""
    with app.agent().client() as server:
        for title in reversed(TITLES):
            metadata = {"graph_id": "agent", "chat_owner": tab.person_id(), "chat_title": title}
            server.post("/threads", json={"metadata": metadata}).raise_for_status()
    tab.page.reload()
    tab.awake()
    expect(titles(tab)).to_have_text(TITLES)
    tab.thread_links.first.click()
    expect(title_of(tab)).to_have_text("Alder")
    return tab


def titles(tab: Tab) -> Locator:
    """Of the chats in the list."""
    return tab.thread_links.locator(".title")


def title_of(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("title")


def button(tab: Tab, name: str) -> Locator:
    return tab.page.get_by_role("button", name=name, exact=True)


def row(tab: Tab, title: str) -> Locator:
    return tab.page.locator(".thread-row").filter(has=tab.page.get_by_text(title, exact=True))


def do(tab: Tab, title: str, action: str) -> None:
    """Choose an action of the menu of a chat."""
    row(tab, title).hover()
    row(tab, title).get_by_role("button", name="More", exact=True).click()
    tab.page.get_by_role("menuitem", name=action, exact=True).click()


def selected(tab: Tab) -> list[str]:
    rows = tab.page.locator(".thread-row[data-selected]")
    return rows.locator(".title").all_inner_texts()


def test_a_chat_is_renamed_in_the_list_and_in_the_header(listed: Tab) -> None:
    keyboard = listed.page.keyboard
    do(listed, "Birch", "Rename")
    keyboard.press("Control+A")
    keyboard.type("Beech")
    keyboard.press("Enter")
    expect(titles(listed).nth(1)).to_have_text("Beech")
    expect(listed.thread_links.nth(1)).to_be_focused()
    title_of(listed).get_by_role("button").click()
    keyboard.press("Control+A")
    keyboard.type("Ash")
    keyboard.press("Enter")
    expect(titles(listed).first).to_have_text("Ash")
    listed.page.reload()
    expect(titles(listed)).to_have_text(["Ash", "Beech", *TITLES[2:]])
    expect(title_of(listed)).to_have_text("Ash")


def test_chats_are_pinned_archived_restored_and_deleted_with_an_undo(listed: Tab) -> None:
    do(listed, "Dogwood", "Pin")
    expect(titles(listed)).to_have_text(["Dogwood", "Alder", "Birch", "Cedar", "Elm"])
    do(listed, "Birch", "Archive")
    expect(titles(listed)).to_have_text(["Dogwood", "Alder", "Cedar", "Elm"])
    do(listed, "Cedar", "Delete")
    expect(titles(listed)).to_have_text(["Dogwood", "Alder", "Elm"])
    button(listed, "Undo").click()
    expect(titles(listed)).to_have_text(["Dogwood", "Alder", "Cedar", "Elm"])
    listed.page.reload()
    expect(titles(listed)).to_have_text(["Dogwood", "Alder", "Cedar", "Elm"])
    button(listed, "Archived chats").click()
    expect(titles(listed)).to_have_text(["Birch"])
    do(listed, "Birch", "Restore")
    expect(titles(listed)).to_have_count(0)
    button(listed, "Back to all chats").click()
    expect(titles(listed)).to_have_text(["Dogwood", "Alder", "Birch", "Cedar", "Elm"])


def test_the_open_chat_is_deleted_and_comes_back_with_undo(listed: Tab) -> None:
    address = listed.page.url
    do(listed, "Alder", "Delete")
    expect(listed.page).to_have_url(f"{listed.url}/")
    button(listed, "Undo").click()
    expect(listed.page).to_have_url(address)
    expect(titles(listed)).to_have_text(TITLES)


def test_a_click_with_shift_selects_from_the_open_chat_on(listed: Tab) -> None:
    address = listed.page.url
    row(listed, "Cedar").get_by_test_id("thread-link").click(modifiers=["Shift"])
    expect(listed.page.get_by_text("3 selected")).to_be_visible()
    assert selected(listed) == TITLES[:3]
    assert listed.page.url == address
    row(listed, "Birch").get_by_test_id("thread-link").click()
    row(listed, "Dogwood").get_by_test_id("thread-link").click(modifiers=["Shift"])
    expect(listed.page.get_by_text("4 selected")).to_be_visible()
    listed.page.keyboard.press("Escape")
    expect(listed.page.get_by_role("checkbox")).to_have_count(0)
    assert len(listed.page.context.pages) == 1


def test_several_chats_are_deleted_at_once_and_all_come_back(listed: Tab) -> None:
    do(listed, "Birch", "Select")
    expect(row(listed, "Birch").get_by_role("checkbox")).to_be_focused()
    listed.page.keyboard.press("Shift+ArrowDown")
    listed.page.keyboard.press("Shift+ArrowDown")
    expect(listed.page.get_by_text("3 selected")).to_be_visible()
    listed.page.keyboard.press("Delete")
    expect(titles(listed)).to_have_text(["Alder", "Elm"])
    expect(listed.page.get_by_test_id("undo-toast")).to_contain_text("3 chats deleted")
    button(listed, "Undo").click()
    expect(titles(listed)).to_have_text(TITLES)
