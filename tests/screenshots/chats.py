"""The list of chats and what is done in it: renaming, selecting, deleting, archive, search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chat_app import text
from tests.helpers.threads import make_thread
from tests.screenshots.content import TEXT, said
from tests.screenshots.start_pages import started, with_threads
from tests.screenshots.state import LAPTOP, PHONE, SMALL, States

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.screenshots.state import Visit

states = States()

_BOTH = (PHONE, LAPTOP)
_COUNT = 16
"""Chats: more than a phone shows; the checks look at each of them."""


def _show_sidebar(visit: Visit) -> None:
    """Show the list where the screen is too narrow for it and the conversation."""
    if visit.test_id("sidebar-button").is_visible():
        visit.test_id("sidebar-button").click()
    expect(visit.tab.thread_links.first).to_be_visible()


def _row(visit: Visit, title: str) -> Locator:
    return visit.tab.page.locator(".thread-row").filter(has_text=title)


def _choose(visit: Visit, title: str, item: str) -> None:
    """Choose an item of the menu of a chat."""
    row = _row(visit, title)
    row.hover()
    row.get_by_role("button", name=text.MORE, exact=True).click()
    visit.tab.page.get_by_role("menuitem", name=item, exact=True).click()


@states("demo", devices=(*_BOTH, SMALL))
def chats_in_groups(visit: Visit) -> None:
    with_threads(visit, _COUNT)
    visit.tab.composer.fill("A draft")
    _show_sidebar(visit)
    _choose(visit, "Research rivers", text.PIN)
    expect(visit.tab.page.get_by_role("heading", name=text.PINNED)).to_be_visible()


@states("demo", devices=_BOTH, after=chats_in_groups)
def chat_menu(visit: Visit) -> None:
    row = _row(visit, "Research rivers")
    row.hover()
    row.get_by_role("button", name=text.MORE, exact=True).click()
    expect(visit.tab.page.get_by_role("menuitem", name=text.UNPIN)).to_be_visible()


@states("demo", devices=_BOTH, after=chat_menu)
def chat_being_renamed(visit: Visit) -> None:
    visit.tab.page.get_by_role("menuitem", name=text.RENAME).click()
    expect(visit.tab.page.get_by_label(text.NAME_OF_CHAT)).to_be_focused()


@states("demo", devices=_BOTH, after=chat_being_renamed)
def chats_being_selected(visit: Visit) -> None:
    visit.tab.page.keyboard.press("Escape")
    _choose(visit, "Plan a weekend", text.SELECT)
    visit.tab.page.get_by_role("checkbox", name="12 * 7").check()
    expect(visit.test_id("selection-bar")).to_contain_text("2 selected")


@states("demo", devices=_BOTH, after=chats_being_selected)
def chats_deleted(visit: Visit) -> None:
    visit.test_id("selection-bar").get_by_role("button", name=text.DELETE).click()
    expect(visit.test_id("undo-toast")).to_be_visible()


@states("demo", devices=_BOTH, after=chats_deleted)
def chats_archived(visit: Visit) -> None:
    visit.test_id("undo-toast").get_by_role("button", name=text.UNDO).click()
    for chapter in ("chapter 7", "chapter 8"):
        _choose(visit, chapter, text.ARCHIVE)
        expect(_row(visit, chapter)).to_have_count(0)
    visit.tab.page.get_by_role("button", name=text.SHOW_ARCHIVED).click()
    expect(visit.tab.thread_links).to_have_count(2)


@states("demo", devices=_BOTH)
def search_with_hits(visit: Visit) -> None:
    started(visit)
    owner = visit.tab.person_id()
    for title in ("What to read", "Books for a journey"):
        metadata = {"chat_owner": owner, "chat_title": title}
        make_thread(visit.agent, said("What should I read first?", TEXT), metadata)
    visit.tab.page.reload()
    visit.tab.awake()
    _show_sidebar(visit)
    visit.test_id("search").fill("read")
    expect(visit.test_id("found-message").locator("mark").first).to_be_visible()


@states("demo", devices=_BOTH, after=search_with_hits)
def search_without_a_hit(visit: Visit) -> None:
    visit.test_id("search").fill("zzzz")
    expect(visit.test_id("nothing-found")).to_be_visible()


@states("demo", devices=(LAPTOP, PHONE, SMALL))
def temporary_chat(visit: Visit) -> None:
    started(visit)
    visit.test_id("temporary-button").click()
    expect(visit.test_id("temporary-note")).to_be_visible()
