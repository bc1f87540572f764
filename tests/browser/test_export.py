"""A conversation leaves the app as a file, opens from the disk alone, and comes back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from chat_app import text
from chat_app.export.document import Document
from chat_app.export.html.page import html_page
from chat_app.transcript.message import Message, Role, Text, ToolCall, ToolResult, Transcript
from tests.helpers.browser import wait_for
from tests.helpers.elsewhere import elsewhere
from tests.helpers.hostile import DIAGRAMS, HTML, MARKDOWN, MATHS
from tests.helpers.threads import conversation, thread_of
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

MESSAGES: list[dict[str, Any]] = [
    {"type": "human", "id": "h1", "content": "How is the weather?"},
    {
        "type": "ai",
        "id": "a1",
        "content": "",
        "tool_calls": [{"name": "look", "args": {"at": "sky"}, "id": "c1", "type": "tool_call"}],
    },
    {"type": "tool", "id": "t1", "tool_call_id": "c1", "content": "blue"},
    {"type": "ai", "id": "b1", "content": "It is **fine**."},
    {"type": "human", "id": "h2", "content": "Thanks"},
    {"type": "ai", "id": "b2", "content": "You are welcome."},
]


def menu(page: Page, *names: str) -> None:
    page.locator(".header").get_by_role("button", name="More", exact=True).click()
    for name in names:
        page.get_by_role("menuitem", name=name, exact=True).click()


def downloaded(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        menu(page, "Export", name)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def conversation_of(tab: Tab) -> list[tuple[str | None, str]]:
    """What the page shows once it shows the whole of `MESSAGES`."""
    expect(tab.rows("text").last).to_have_text("You are welcome.")
    return tab.conversation()


def shows(tab: Tab, whole: list[tuple[str | None, str]]) -> None:
    """Wait until the page shows this: what it showed before may be there for a moment."""
    soon(lambda: tab.conversation() == whole)


@pytest.fixture
def thread(app: RunningApp, new_tab: Callable[..., Tab]) -> Tab:
    tab = new_tab(accept_downloads=True)
    return tab.open(thread_of(app, MESSAGES))


def test_a_chat_is_downloaded_opened_from_the_disk_and_imported_again(
    thread: Tab, browser: Browser, tmp_path: Path
) -> None:
    page, whole = thread.page, conversation_of(thread)
    markdown = downloaded(page, "Markdown", tmp_path).read_text()
    assert "It is **fine**." in markdown
    exported = downloaded(page, "JSON", tmp_path)
    assert [one["id"] for one in json.loads(exported.read_text())["messages"]] == [
        one["id"] for one in MESSAGES
    ]
    file = downloaded(page, "HTML", tmp_path)
    requests: list[str] = []
    context = browser.new_context(offline=True, java_script_enabled=False)
    opened = context.new_page()
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto(file.as_uri())
    expect(opened.get_by_text("You are welcome.")).to_be_visible()
    opened.get_by_text("Look", exact=True).click()
    expect(opened.get_by_text("blue")).to_be_visible()
    context.close()
    assert requests == [file.as_uri()]

    before = page.url
    page.get_by_test_id("import-file").set_input_files(file)
    preview = page.get_by_role("dialog", name="Import this chat?")
    expect(preview).to_contain_text("How is the weather?")
    preview.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url(lambda url: "/t/" in url and url != before)
    shows(thread, whole)


def test_a_file_dropped_on_the_sidebar_is_looked_at_and_a_wrong_one_refused(thread: Tab) -> None:
    page = thread.page
    drop = """([sidebar, name, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([content], name));
        for (const type of ["dragover", "drop"])
            sidebar.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""  # noqa: E501 - one statement
    sidebar = page.locator("nav.sidebar").element_handle()
    page.evaluate(drop, [sidebar, "notes.json", '{"a": 1}'])
    problem = page.get_by_role("alert").filter(has_text="not an exported chat")
    expect(problem).to_be_visible()
    box, around = problem.bounding_box(), page.locator("#sidebar").bounding_box()
    assert box
    assert around
    assert box["width"] < around["width"]
    page.evaluate(drop, [sidebar, "chat.json", json.dumps({"messages": MESSAGES})])
    expect(page.get_by_role("dialog")).to_contain_text("It is **fine**.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("chips")).to_have_count(0)


def test_a_replay_goes_step_by_step_with_the_space_bar_and_ends_where_it_began(
    thread: Tab,
) -> None:
    page, address = thread.page, thread.page.url
    whole = conversation_of(thread)
    menu(page, "Replay")
    bar = page.get_by_role("region", name="Replay")
    expect(bar).to_be_visible()
    page.wait_for_url(re.compile(r"\?replay"))
    expect(page.get_by_role("button", name=text.INSPECTOR, exact=True)).to_have_count(0)
    expect(thread.composer).not_to_be_visible()
    bar.get_by_text("Step by step").click()
    bar.get_by_role("button", name="Restart").click()
    expect(thread.rows("text").filter(has_text="You are welcome.")).to_have_count(0)
    page.locator("h1").click()  # the keys are the page's where no control has the focus
    for _ in range(20):
        page.keyboard.press(" ")
        page.wait_for_timeout(60)
    expect(thread.rows("text").last).to_have_text("You are welcome.")
    shows(thread, whole)
    bar.get_by_role("button", name="Previous turn").click()
    expect(thread.rows("text").filter(has_text="You are welcome.")).to_have_count(0)
    bar.get_by_role("slider", name="Position").fill("1000")
    expect(thread.rows("text").last).to_have_text("You are welcome.")
    bar.get_by_role("button", name="End replay").click()
    page.wait_for_url(address)
    expect(thread.composer).to_be_visible()
    shows(thread, whole)


def test_a_file_is_replayed_without_becoming_a_chat(
    new_tab: Callable[..., Tab], tmp_path: Path
) -> None:
    file = tmp_path / "chat.json"
    file.write_text(json.dumps({"messages": MESSAGES}))
    tab = new_tab().open()
    page = tab.page
    links = tab.thread_links.count()
    page.get_by_test_id("import-file").set_input_files(file)
    page.get_by_role("button", name="Replay without importing").click()
    bar = page.get_by_role("region", name="Replay")
    expect(bar).to_be_visible()
    bar.get_by_text(text.REPLAY_MODES[1]).click()
    expect(tab.rows("text").last).to_have_text("You are welcome.")
    expect(bar.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert tab.thread_links.count() == links
    bar.get_by_role("button", name="End replay").click()
    expect(tab.composer).to_be_visible()


def test_print_shows_the_whole_chat_with_all_that_is_folded(app: RunningApp, thread: Tab) -> None:
    page = thread.page
    page.evaluate("window.printed = []")
    page.add_init_script("window.print = () => top.printed?.push(document.body.innerText)")
    menu(page, "Print")
    wait_for(page, "window.printed.length === 1")
    assert "You are welcome." in page.evaluate("window.printed[0]")
    page.goto(f"{app.url}/export/{thread.thread_id()}.html?view")
    page.emulate_media(media="print")
    assert page.get_by_text("blue").evaluate("one => one.getBoundingClientRect().height") > 0


def test_nothing_in_a_file_of_hostile_texts_runs_or_is_requested(
    browser: Browser, tmp_path: Path
) -> None:
    with elsewhere() as host:
        texts = [*HTML, *MARKDOWN, *MATHS, *(f"```mermaid\n{one}```" for one in DIAGRAMS)]
        texts = [
            t.replace("HOSTNAME", host.url.split("//")[1]).replace("HOST", host.url) for t in texts
        ]
        messages = [
            Message(
                f"a{number}",
                Role.ASSISTANT,
                (ToolCall(f"c{number}", said, said, result=ToolResult(said)), Text(said)),
                name=said,
            )
            for number, said in enumerate(texts)
        ]
        file = tmp_path / "hostile.html"
        title = HTML[0]
        file.write_text(html_page(Document(Transcript(tuple(messages)), title, title), data=title))
        context = browser.new_context()
        page = context.new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
        assert page.evaluate("window.hacked") is None
        assert page.locator("script, iframe, object, embed, form, svg, link, base").count() == 0
        outside = page.evaluate(
            """() => [...document.querySelectorAll("*")].flatMap(one => one.getAttributeNames())
                .filter(name => name.startsWith("on") || name === "style")"""
        )
        context.close()
        assert outside == []
        assert requests == [file.as_uri()]
        assert host.asked == []


def test_the_file_looks_the_same_in_light_and_dark_and_on_a_phone(
    app: RunningApp, thread: Tab, browser: Browser
) -> None:
    address = f"{app.url}/export/{thread.thread_id()}.html?view"
    cookies: Any = thread.page.context.cookies(app.url)
    papers = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 780})
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(address)
        papers.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        context.close()
    assert len(papers) == 2


def test_a_copy_as_markdown_holds_the_whole_chat(
    app: RunningApp, new_tab: Callable[..., Tab]
) -> None:
    tab = new_tab().open(conversation(app, *(f"Answer number {n}." for n in range(60))))
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu(tab.page, "Export", "Copy as Markdown")
    wait_for(
        tab.page,
        """async () => {
            const text = await navigator.clipboard.readText();
            return text.includes("Answer number 0.") && text.includes("Answer number 59.");
        }""",
    )
