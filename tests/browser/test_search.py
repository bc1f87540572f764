"""The search of the sidebar: hits open their thread, jump to the message and highlight it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from playwright.sync_api import expect

from chat_app import text
from tests.helpers.browser import wait_for
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

LONG = 300
IS_HIGHLIGHTED = """word => [...(CSS.highlights.get("found") ?? [])].some(range => {
  const { top, bottom } = range.getBoundingClientRect();
  return range.toString() === word && top > 0 && bottom < innerHeight;
})"""


def thread(app: RunningApp, tab: Tab, title: str, *said: str) -> str:
    """A chat of the person at a tab; returns its path."""
    messages: list[dict[str, Any]] = [
        {"type": ("human", "ai")[n % 2], "content": each, "id": uuid4().hex}
        for n, each in enumerate(said)
    ]
    with app.agent().client() as server:
        metadata = {"graph_id": "agent", "chat_owner": tab.person_id(), "chat_title": title}
        made = server.post("/threads", json={"metadata": metadata}).raise_for_status().json()
        for update in ({"values": {"messages": messages}}, {"values": None, "as_node": "__end__"}):
            server.post(f"/threads/{made['thread_id']}/state", json=update).raise_for_status()
    return f"/t/{made['thread_id']}"


def field(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search chats", exact=True)


def test_a_hit_opens_its_thread_and_the_message_far_up_is_highlighted(
    app: RunningApp, tab: Tab
) -> None:
    page = tab.page
    said = [f"Sentence {n} of many. " * 5 for n in range(LONG)]
    said[7] = "Here is the **Zygomorphic** flower, and more."
    path = thread(app, tab, "A long talk", *said)
    field(page).fill("zygomorph")
    hit = page.get_by_test_id("found-message")
    expect(hit.locator("mark")).to_have_text("Zygomorph")
    hit.click()
    expect(page.get_by_test_id("title")).to_have_text("A long talk")
    wait_for(page, IS_HIGHLIGHTED, "Zygomorph")
    assert page.url.startswith(tab.url + path)
    expect(page.locator(".row[data-found]")).to_be_visible()
    # It stays there, and a reload leads there again.
    page.reload()
    tab.awake()
    wait_for(page, IS_HIGHLIGHTED, "Zygomorph")


def test_the_keyboard_goes_through_the_hits_and_back(app: RunningApp, tab: Tab) -> None:
    page = tab.page
    thread(app, tab, "Older quokka", "nothing")
    thread(app, tab, "Newer chat", "a quokka", "another quokka")
    page.keyboard.press("Tab")
    field(page).focus()
    page.keyboard.type("quokka")
    expect(page.get_by_test_id("found-chat")).to_have_count(2)
    expect(page.get_by_test_id("thread-link").first).to_be_hidden()
    focused = "document.activeElement.innerText"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "Older quokka"
    page.keyboard.press("End")
    assert page.evaluate(focused) == "a quokka"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == "another quokka"
    page.keyboard.press("Escape")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("")
    expect(page.get_by_test_id("thread-link").first).to_be_visible()
    page.keyboard.type("older quok")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("title")).to_have_text("Older quokka")


def test_nothing_found_is_said_and_no_one_finds_the_chats_of_others(
    app: RunningApp, tab: Tab, new_tab: Callable[..., Tab]
) -> None:
    thread(app, tab, "Secret axolotl", "axolotl")
    field(tab.page).fill("axolotl")
    expect(tab.page.get_by_test_id("found-chat")).to_have_count(1)
    other = new_tab(is_another=True).open()
    field(other.page).fill("axolotl")
    expect(other.page.get_by_test_id("nothing-found")).to_be_visible()
    expect(other.page.get_by_test_id("found-chat")).to_have_count(0)


def test_on_a_phone_the_sheet_closes_at_the_message(
    app: RunningApp, new_tab: Callable[..., Tab]
) -> None:
    tab = new_tab(viewport={"width": 390, "height": 700}, has_touch=True).open()
    page = tab.page
    thread(app, tab, "On a phone", *["filler " * 60] * 30, "narwhal here", "ok")
    page.get_by_test_id("sidebar-button").click()
    field(page).fill("narwhal")
    page.get_by_test_id("found-message").click()
    expect(page.get_by_test_id("found")).to_be_hidden()
    wait_for(page, IS_HIGHLIGHTED, "narwhal")


def test_a_temporary_chat_says_what_it_is_and_is_gone_when_left(app: RunningApp, tab: Tab) -> None:
    page = tab.page
    button = page.get_by_role("button", name="Temporary chat", exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    note = page.locator("header").get_by_test_id("temporary-note")
    expect(note).to_contain_text(text.TEMPORARY_WILL)
    # It is a line of its own below the buttons.
    box, above = note.bounding_box(), button.bounding_box()
    assert box
    assert above
    assert box["y"] >= above["y"] + above["height"]
    tab.ask("Hello")
    expect(note).to_contain_text(text.TEMPORARY_IS)
    page.wait_for_url("**/t/*")
    expect(button).to_be_hidden()
    path = page.url.removeprefix(tab.url)
    expect(page.get_by_test_id("thread-link").and_(page.locator(f"[href='{path}']"))).to_have_count(
        0
    )
    page.reload()
    tab.awake()
    expect(note).to_be_visible()
    tab.composer.fill("never sent")
    page.get_by_test_id("new-chat").click()
    expect(button).to_have_attribute("aria-pressed", "false")
    with app.agent().client() as server:
        soon(lambda: server.get(f"/threads{path[2:]}").status_code == 404)
    assert "never sent" not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_a_temporary_chat_is_gone_when_its_page_is_closed(app: RunningApp, tab: Tab) -> None:
    page = tab.page
    page.get_by_role("button", name="Temporary chat", exact=True).click()
    tab.ask("Hello")
    page.wait_for_url("**/t/*")
    path = page.url.removeprefix(tab.url)
    page.goto("about:blank")
    with app.agent().client() as server:
        soon(lambda: server.get(f"/threads{path[2:]}").status_code == 404, patience=60)


def test_each_chat_has_a_draft_that_is_there_again(
    app: RunningApp, tab: Tab, new_tab: Callable[..., Tab]
) -> None:
    page = tab.page
    one = thread(app, tab, "Chat one", "hi")
    thread(app, tab, "Chat two", "hi")
    row = page.get_by_test_id("thread-link")
    tab.composer.fill("for the new chat")
    tab.page.reload()
    tab.awake()
    expect(tab.composer).to_have_value("for the new chat")
    row.filter(has_text="Chat one").click()
    expect(tab.composer).to_have_value("")
    tab.composer.fill("for one")
    row.filter(has_text="Chat two").click()
    expect(tab.composer).to_have_value("")
    mark = page.get_by_test_id("draft-mark")
    expect(mark).to_have_text("Draft")
    expect(row.filter(has=mark)).to_contain_text("Chat one")
    page.reload()
    tab.awake()
    row.filter(has_text="Chat one").click()
    expect(tab.composer).to_have_value("for one")
    # Another tab of the browser goes on with it, and what is sent there ends it here.
    other = page.context.new_page()
    other.goto(tab.url + one)
    box = other.get_by_test_id("composer")
    expect(box).to_have_value("for one")
    row.filter(has_text="Chat two").click()
    expect(mark).to_be_visible()
    box.press("Enter")
    expect(mark).to_have_count(0)
    other.close()
    page.get_by_test_id("new-chat").click()
    expect(tab.composer).to_have_value("for the new chat")


def test_where_all_of_a_chat_is_seen_a_hit_offers_no_way_to_its_end(
    app: RunningApp, tab: Tab
) -> None:
    page = tab.page
    thread(app, tab, "A short talk", "a question", "the pangolin")
    field(page).fill("pangolin")
    page.get_by_test_id("found-message").click()
    wait_for(page, IS_HIGHLIGHTED, "pangolin")
    expect(page.get_by_test_id("jump")).to_have_count(0)
