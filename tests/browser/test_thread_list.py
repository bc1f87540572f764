"""The list of chats as a person uses it: by mouse, by keys, on a phone and in two tabs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from chat_app import text
from chat_app.runs.thread_metadata import made_for
from tests.helpers.browser import wait_for
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TITLES = ("Alps", "Bread", "Cellos", "Dunes", "Elks")
"""Of the seeded chats, the newest one first."""
MANY = 330
MOST_ROWS = 120
"""In the document, of a long list."""
IS_FULL = """() => {
    const { left, top, bottom } = document.querySelector(".threads").getBoundingClientRect();
    const at = (y) => document.elementFromPoint(left + 30, y)?.closest("[data-row], h3, .none");
    return [top + 3, (top + bottom) / 2, bottom - 3].every(at);
}"""
"""Whether there are rows wherever one looks."""


@pytest.fixture
def seed(app: RunningApp) -> Callable[..., list[str]]:
    """Make chats of the person at a tab, the last title first, and open the tab; their ids."""

    def make(tab: Tab, titles: Sequence[str] = TITLES, path: str = "/") -> list[str]:
        owner = tab.person_id()
        with app.agent().client() as server:

            def create(title: str) -> str:
                metadata = made_for(owner, title) | {"graph_id": "agent"}
                made = server.post("/threads", json={"metadata": metadata})
                return str(made.raise_for_status().json()["thread_id"])

            with ThreadPoolExecutor(8 if len(titles) > MOST_ROWS else 1) as pool:
                ids = list(pool.map(create, reversed(titles)))[::-1]
        tab.open(path.format(*ids))
        return ids

    return make


@pytest.fixture
def metadata(app: RunningApp) -> Callable[[str], dict[str, Any] | None]:
    """What the server has of a chat: None once it is deleted."""

    def read(thread_id: str) -> dict[str, Any] | None:
        with app.agent().client() as server:
            answer = server.get(f"/threads/{thread_id}")
        return answer.json()["metadata"] if answer.is_success else None

    return read


def row(tab: Tab, thread_id: str) -> Locator:
    return tab.page.locator(f'[data-row="{thread_id}"]')


def link(tab: Tab, thread_id: str) -> Locator:
    return row(tab, thread_id).get_by_test_id("thread-link")


def title(tab: Tab, thread_id: str) -> Locator:
    return link(tab, thread_id).locator(".title")


def tick(tab: Tab, thread_id: str) -> Locator:
    return row(tab, thread_id).get_by_role("checkbox")


def group_of(tab: Tab, thread_id: str) -> str:
    """The heading above a chat."""
    return row(tab, thread_id).evaluate(
        """row => {
            let above = row;
            while (above && !above.matches("h3")) above = above.previousElementSibling;
            return above?.innerText ?? "";
        }"""
    )


def choose(tab: Tab, thread_id: str, action: str) -> None:
    """Press an item in the menu of a chat."""
    row(tab, thread_id).hover()
    row(tab, thread_id).get_by_role("button", name="More", exact=True).click()
    tab.page.get_by_role("menuitem", name=action, exact=True).click()


def name_field(tab: Tab) -> Locator:
    return tab.page.get_by_role("textbox", name=text.NAME_OF_CHAT)


def undo(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("undo-toast").get_by_role("button", name=text.UNDO)


def bar(tab: Tab) -> Locator:
    return tab.page.get_by_role("toolbar", name="Select")


def selected(tab: Tab) -> list[str]:
    """The selected chats, in the order of the list."""
    return tab.page.locator("[data-row][data-selected]").evaluate_all(
        "all => all.map(x => x.dataset.row)"
    )


def test_chats_are_grouped_by_the_day_of_the_browser(tab: Tab, seed: Callable) -> None:
    [thread_id] = seed(tab, ["Alps"])
    begun, page = datetime.now(), tab.page  # noqa: DTZ005 - the browser is on this machine
    for days, heading in (
        (1, "Yesterday"),
        (3, "Previous 7 days"),
        (20, "Previous 30 days"),
        (400, f"{begun:%B %Y}"),
        (0, "Today"),
    ):
        page.clock.set_fixed_time(begun + timedelta(days=days))
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        soon(lambda heading=heading: group_of(tab, thread_id) == heading)


def test_a_long_list_grows_as_one_scrolls_and_renders_what_is_visible(
    tab: Tab, seed: Callable
) -> None:
    oldest, *_ = seed(tab, ["The oldest one"])
    ids = seed(tab, [f"Chat {number}" for number in range(MANY)])
    page, rows = tab.page, tab.page.locator(".threads [data-row]")
    expect(link(tab, ids[0])).to_be_visible()  # what was known before is shown until then
    for _ in range(400):
        page.locator(".threads").evaluate("box => box.scrollTo(0, box.scrollHeight)")
        if row(tab, oldest).is_visible():
            break
        page.wait_for_timeout(50)
    expect(link(tab, oldest)).to_be_in_viewport()
    assert rows.count() < MOST_ROWS
    seen: set[str] = set()
    page.locator(".threads").evaluate("box => box.scrollTo(0, 0)")
    for _ in range(MANY):
        wait_for(page, IS_FULL)
        now = rows.evaluate_all("all => all.map(x => x.dataset.row)")
        assert len(now) == len(set(now)) < MOST_ROWS
        seen |= set(now)
        if oldest in seen:
            break
        page.locator(".threads").evaluate("box => box.scrollBy(0, box.clientHeight)")
    assert seen >= set(ids)
    link(tab, oldest).focus()
    for key, at in (("Home", rows.first), ("End", rows.last)):
        page.keyboard.press(key)
        expect(at.get_by_test_id("thread-link")).to_be_focused()


def test_a_chat_is_renamed_by_menu_key_and_title_in_all_tabs(
    tab: Tab, new_tab: Callable[..., Tab], seed: Callable, metadata: Callable
) -> None:
    alps, bread, *_ = seed(tab, path="/t/{0}")
    other, page = new_tab().open(f"/t/{alps}"), tab.page
    choose(tab, bread, "Rename")
    expect(name_field(tab)).to_be_focused()
    name_field(tab).fill("Rye  ")
    page.keyboard.press("Enter")
    expect(title(tab, bread)).to_have_text("Rye")
    expect(link(tab, bread)).to_be_focused()
    expect(title(other, bread)).to_have_text("Rye")
    soon(lambda: metadata(bread)["chat_title"] == "Rye")
    assert metadata(bread)["chat_title_from"] == "person"

    page.keyboard.press("F2")
    name_field(tab).fill("Wheat")
    page.keyboard.press("Escape")
    expect(title(tab, bread)).to_have_text("Rye")
    expect(link(tab, bread)).to_be_focused()
    page.keyboard.press("F2")
    name_field(tab).fill("   ")
    page.keyboard.press("Enter")
    expect(title(tab, bread)).to_have_text("Rye")

    header = page.get_by_test_id("title").get_by_role("button")
    header.click()
    expect(name_field(tab)).to_have_value("Alps")
    name_field(tab).fill("Andes")
    page.keyboard.press("Escape")
    expect(header).to_have_text("Alps")
    expect(header).to_be_focused()
    page.keyboard.press("Enter")
    name_field(tab).fill("Andes <b>&")
    page.keyboard.press("Enter")
    for each in (tab, other):
        expect(title(each, alps)).to_have_text("Andes <b>&")
        expect(each.page.get_by_test_id("title")).to_have_text("Andes <b>&")
    tab.open(f"/t/{alps}")
    expect(header).to_have_text("Andes <b>&")
    expect(title(tab, bread)).to_have_text("Rye")


def test_a_chat_is_pinned_archived_and_restored_in_all_tabs(
    tab: Tab, new_tab: Callable[..., Tab], seed: Callable, metadata: Callable
) -> None:
    alps, bread, cellos, *_ = seed(tab)
    other = new_tab().open()
    choose(tab, cellos, "Pin")
    for each in (tab, other):
        soon(lambda each=each: group_of(each, cellos) == text.PINNED)
        expect(each.thread_links.first).to_have_attribute("title", "Cellos")
    choose(tab, cellos, "Unpin")
    soon(lambda: group_of(other, cellos) == "Today")

    choose(tab, bread, "Archive")
    for each in (tab, other):
        expect(row(each, bread)).to_have_count(0)
    soon(lambda: metadata(bread).get("chat_archived") is True)
    tab.page.get_by_role("button", name=text.SHOW_ARCHIVED).click()
    expect(link(tab, bread)).to_be_visible()
    expect(row(tab, alps)).to_have_count(0)
    choose(tab, bread, "Restore")
    expect(row(tab, bread)).to_have_count(0)
    expect(tab.page.get_by_text(text.NONE_ARCHIVED)).to_be_visible()
    tab.page.get_by_role("button", name=text.BACK_TO_CHATS).press("Enter")
    for each in (tab, other):
        expect(link(each, bread)).to_be_visible()
    expect(tab.thread_links.first).to_be_focused()


def test_a_deleted_chat_comes_back_when_that_is_undone_and_else_is_gone(
    tab: Tab, new_tab: Callable[..., Tab], seed: Callable, metadata: Callable
) -> None:
    alps, bread, cellos, *_ = seed(tab, path="/t/{2}")
    other, page = new_tab().open(), tab.page
    # It can be undone for some seconds only, so that nothing else is waited for before.
    choose(tab, bread, "Delete")
    expect(row(tab, bread)).to_have_count(0)
    undo(tab).press("Enter")
    expect(link(tab, bread)).to_be_focused()
    expect(undo(tab)).to_have_count(0)
    page.keyboard.press("Delete")
    expect(row(tab, bread)).to_have_count(0)
    page.keyboard.press("Control+z")
    for each in (tab, other):
        expect(link(each, bread)).to_be_visible()
    soon(lambda: not metadata(bread).get("chat_deleted"))

    # The open one: the page goes to a new chat, and back.
    choose(tab, cellos, "Delete")
    expect(page).to_have_url(f"{tab.url}/")
    expect(row(tab, cellos)).to_have_count(0)
    undo(tab).click()
    expect(page).to_have_url(f"{tab.url}/t/{cellos}")
    expect(page.get_by_test_id("title")).to_have_text("Cellos")
    expect(link(tab, cellos)).to_have_attribute("aria-current", "page")

    choose(tab, alps, "Delete")
    tab.open()
    for each in (tab, other):
        expect(link(each, bread)).to_be_visible()
        expect(row(each, alps)).to_have_count(0)
        expect(undo(each)).to_have_count(0)
    soon(lambda: metadata(alps) is None, patience=60)
    assert metadata(bread) is not None


def test_several_chats_are_selected_by_mouse_and_keys(
    tab: Tab, new_tab: Callable[..., Tab], seed: Callable
) -> None:
    alps, bread, cellos, dunes, elks = seed(tab, path="/t/{4}")
    other, press = new_tab().open(), tab.page.keyboard.press
    choose(tab, bread, "Select")
    expect(tick(tab, bread)).to_be_checked()
    expect(tick(tab, bread)).to_be_focused()
    expect(bar(tab).get_by_role("status")).to_have_text("1 selected")
    link(tab, dunes).click(modifiers=["Shift"])
    assert selected(tab) == [bread, cellos, dunes]
    expect(tab.page).to_have_url(f"{tab.url}/t/{elks}")
    link(tab, cellos).click()
    assert selected(tab) == [bread, dunes]
    press("Escape")
    expect(bar(tab)).to_have_count(0)
    assert selected(tab) == []

    link(tab, alps).focus()
    press("Shift+ArrowDown")
    expect(tick(tab, bread)).to_be_focused()
    press("Shift+ArrowDown")
    expect(tick(tab, cellos)).to_be_focused()
    assert selected(tab) == [alps, bread, cellos]
    press("Shift+ArrowUp")
    expect(tick(tab, bread)).to_be_focused()
    assert selected(tab) == [alps, bread]
    press("Control+a")
    expect(tab.page.locator("[data-row]:not([data-selected])")).to_have_count(0)
    press("Space")
    expect(tick(tab, bread)).not_to_be_checked()
    press("Escape")

    link(tab, alps).focus()
    press("Shift+ArrowDown")
    expect(tick(tab, bread)).to_be_focused()
    press("Delete")
    for each in (tab, other):
        expect(row(each, alps)).to_have_count(0)
        expect(row(each, bread)).to_have_count(0)
    expect(link(tab, cellos)).to_be_focused()
    expect(tab.page.get_by_test_id("undo-toast")).to_contain_text("2 chats deleted")
    press("Control+z")
    for each in (tab, other):
        expect(link(each, alps)).to_be_visible()
        expect(link(each, bread)).to_be_visible()

    # The buttons above the list leave the focus in it.
    link(tab, cellos).focus()
    press("Shift+ArrowDown")
    bar(tab).get_by_role("button", name="Archive").press("Enter")
    expect(row(other, cellos)).to_have_count(0)
    expect(row(other, dunes)).to_have_count(0)
    expect(link(tab, elks)).to_be_focused()


def test_a_click_with_shift_selects_from_the_open_chat_on(tab: Tab, seed: Callable) -> None:
    alps, bread, cellos, dunes, _ = seed(tab, path="/t/{0}")
    link(tab, cellos).click(modifiers=["Shift"])
    expect(bar(tab).get_by_role("status")).to_have_text("3 selected")
    assert selected(tab) == [alps, bread, cellos]
    expect(tab.page).to_have_url(f"{tab.url}/t/{alps}")
    link(tab, bread).click()
    link(tab, dunes).click(modifiers=["Shift"])
    expect(bar(tab).get_by_role("status")).to_have_text("4 selected")
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_role("checkbox")).to_have_count(0)
    assert len(tab.page.context.pages) == 1


def test_the_list_is_used_by_keys_alone(tab: Tab, seed: Callable) -> None:
    alps, bread, *_ = seed(tab)
    press = tab.page.keyboard.press
    tab.page.get_by_role("navigation").get_by_test_id("new-chat").focus()
    while not link(tab, alps).evaluate("link => link === document.activeElement"):
        press("Tab")
    press("ArrowDown")
    expect(link(tab, bread)).to_be_focused()
    press("ArrowRight")
    more = row(tab, bread).get_by_role("button", name="More", exact=True)
    expect(more).to_be_focused()
    press("Enter")
    names = ["Rename", "Pin", "Archive", "Select", "Delete"]
    for name in names:
        expect(tab.page.get_by_role("menuitem", name=name, exact=True)).to_be_focused()
        press("ArrowDown")
    press("Escape")
    expect(more).to_be_focused()
    press("ArrowLeft")
    expect(link(tab, bread)).to_be_focused()
    press("Enter")
    expect(tab.page).to_have_url(f"{tab.url}/t/{bread}")


def test_chats_are_selected_and_deleted_in_the_sheet_of_a_phone(
    new_tab: Callable[..., Tab], seed: Callable
) -> None:
    tab = new_tab(**PHONE).open()
    alps, bread, cellos, *_ = seed(tab)
    sheet = tab.page.get_by_role("navigation")
    tab.page.get_by_test_id("sidebar-button").tap()
    row(tab, alps).get_by_role("button", name="More", exact=True).tap()
    tab.page.get_by_role("menuitem", name="Select", exact=True).tap()
    link(tab, bread).tap()
    expect(sheet).to_be_visible()
    assert selected(tab) == [alps, bread]
    bar(tab).get_by_role("button", name="Delete").tap()
    expect(row(tab, bread)).to_have_count(0)
    undo(tab).tap()
    expect(link(tab, bread)).to_be_visible()
    expect(link(tab, alps)).to_be_visible()

    row(tab, alps).get_by_role("button", name="More", exact=True).tap()
    tab.page.get_by_role("menuitem", name="Delete", exact=True).tap()
    expect(row(tab, alps)).to_have_count(0)
    link(tab, cellos).tap()
    expect(sheet).to_be_hidden()
    undo(tab).tap()
    tab.page.get_by_test_id("sidebar-button").tap()
    expect(link(tab, alps)).to_be_visible()
