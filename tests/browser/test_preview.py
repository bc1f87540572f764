"""A page that a model wrote runs only when it is told to, and reaches no network at all."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chat_app import text
from tests.helpers import ways_out
from tests.helpers.listener import Listener, listener
from tests.helpers.threads import thread_of
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, FrameLocator, Locator, Route

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

SAID = [{"type": "human", "content": "Write.", "id": "h"}, {"type": "ai", "content": "Done."}]
COUNTER = """<!doctype html><h1 id="top">Counter</h1>
<p id="count">not counted</p><noscript>no scripts here</noscript>
<button onclick="count.textContent = ++counted">Count</button>
<a href="#end">To the end</a><p style="height: 200vh"></p><p id="end">The end</p>
<script>let counted = 0; count.textContent = "counted";</script>
<script type="module">document.querySelector("h1").append(" with a module");</script>"""
BLOCKED = re.compile(
    "Content Security Policy|sandbox|Blocked script|Unsafe attempt|WebSocket|Failed to|ERR_FAILED"
    "|[Pp]ermissions policy|Fetch API cannot load|Not in a preview"
)


@pytest.fixture
def listening() -> Iterator[Listener]:
    with listener() as started:
        yield started


def panel_of(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("panel")


def shown_in(tab: Tab) -> FrameLocator:
    """The page itself, in the frame that keeps it from the network."""
    return panel_of(tab).frame_locator("iframe").frame_locator("iframe")


def open_file(tab: Tab, name: str) -> None:
    tab.page.locator(f'[data-testid="file"][title="{name}"]').click()
    expect(panel_of(tab).get_by_role("heading", name=name)).to_be_visible()


def press(tab: Tab, name: str) -> None:
    panel_of(tab).get_by_role("button", name=name, exact=True).click()


def says(tab: Tab, sentence: str) -> None:
    expect(panel_of(tab).locator(".preview-bar")).to_contain_text(sentence)


def forget_blocked(tab: Tab) -> None:
    """What the browser said about what it did not let happen is no fault of the page."""
    tab.faults = [fault for fault in tab.faults if not BLOCKED.search(fault)]


def test_scripts_run_only_after_run_and_until_stop(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    tab = new_tab().open(thread_of(app, SAID, files={"counter.html": COUNTER}))
    open_file(tab, "counter.html")
    page = shown_in(tab)
    expect(page.locator("#count")).to_have_text("not counted")
    expect(page.locator("noscript")).to_be_visible()
    says(tab, text.PREVIEW_IDLE)
    press(tab, "Run")
    expect(page.locator("#count")).to_have_text("counted")
    expect(page.get_by_role("heading")).to_have_text("Counter with a module")
    expect(page.locator("noscript")).to_have_count(0)
    says(tab, text.PREVIEW_RUNNING)
    page.get_by_role("button", name="Count").click()
    expect(page.locator("#count")).to_have_text("1")
    page.get_by_role("link", name="To the end").click()
    expect(page.locator("#end")).to_be_in_viewport()
    press(tab, "Stop")
    expect(page.locator("#count")).to_have_text("not counted")
    says(tab, text.PREVIEW_IDLE)

    press(tab, "Run")
    expect(page.locator("#count")).to_have_text("counted")
    tab.page.reload()
    tab.awake()
    open_file(tab, "counter.html")
    expect(page.locator("#count")).to_have_text("not counted")
    forget_blocked(tab)


def test_no_way_out_of_a_preview_leads_to_the_network(
    new_tab: Callable[..., Tab], app: RunningApp, listening: Listener, browser: Browser
) -> None:
    files = {
        "markup.html": ways_out.markup_page(listening),
        "scripts.html": ways_out.script_page(listening),
        **{f"{way}.html": ways_out.leaving_page(listening, way) for way in ways_out.LEAVING},
    }
    tab = new_tab().open(thread_of(app, SAID, files=files))
    for name in files:
        open_file(tab, name)
        expect(shown_in(tab).locator("body")).to_be_attached()
        press(tab, "Run")
        expect(panel_of(tab).get_by_role("button", name="Stop")).to_be_visible()
        if name == "scripts.html":
            expect(shown_in(tab).locator(f"#{ways_out.DONE}")).to_be_attached()
    for way in ("location", "open-self"):
        open_file(tab, f"{way}.html")
        press(tab, "Run")
        says(tab, text.PREVIEW_LEFT)
    forget_blocked(tab)

    in_preview = set(listening.heard)
    listening.heard.clear()
    everything = {*ways_out.MARKUP, *ways_out.SCRIPTS, *ways_out.LEAVING} - ways_out.SILENT
    visit_without_precautions(browser, listening)
    assert in_preview == set()
    assert everything - listening.heard == set(), "the listener cannot hear these"


def visit_without_precautions(browser: Browser, listening: Listener) -> None:
    """Open the same pages as any page of the web, until all that can be heard was."""
    context = browser.new_context()
    pages = {
        "markup": ways_out.markup_page(listening),
        "scripts": ways_out.script_page(listening),
        **{
            way: ways_out.in_frame(ways_out.leaving_page(listening, way))
            for way in ways_out.LEAVING
        },
    }
    for name, html in pages.items():
        address = f"http://{name}.localhost/"
        context.route(address, partial(_answer, html))
        context.new_page().goto(address, wait_until="commit")
    expected = {*ways_out.MARKUP, *ways_out.SCRIPTS, *ways_out.LEAVING} - ways_out.SILENT
    soon(lambda: expected <= listening.heard, patience=20)
    context.close()


def _answer(html: str, route: Route) -> None:
    route.fulfill(body=html, content_type="text/html")


FAILING = """<!doctype html><h1>Draws nothing</h1><script src="https://cdn.invalid/react.js"></script>
<script>setTimeout(() => React.createElement("p"))</script>"""


def test_a_page_that_fails_or_lacks_something_says_so(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    asking = "<!doctype html><script>fetch('https://api.invalid/').catch(() => 0)</script>"
    files = {"counter.html": COUNTER, "failing.html": FAILING, "asking.html": asking}
    tab = new_tab().open(thread_of(app, SAID, files=files))
    bar = panel_of(tab).locator(".preview-bar p")
    open_file(tab, "failing.html")
    expect(bar).to_have_text(f"{text.PREVIEW_IDLE} {text.PREVIEW_BLOCKED}")
    press(tab, "Run")
    expect(bar).to_have_text(f"{text.PREVIEW_RUNNING} {text.PREVIEW_FAILED} {text.PREVIEW_BLOCKED}")
    open_file(tab, "asking.html")
    expect(bar).to_have_text(text.PREVIEW_IDLE)
    press(tab, "Run")
    expect(bar).to_have_text(f"{text.PREVIEW_RUNNING} {text.PREVIEW_BLOCKED}")
    open_file(tab, "counter.html")
    press(tab, "Run")
    expect(shown_in(tab).locator("#count")).to_have_text("counted")
    expect(bar).to_have_text(text.PREVIEW_RUNNING)
    tab.faults = [fault for fault in tab.faults if "React is not defined" not in fault]
    forget_blocked(tab)
