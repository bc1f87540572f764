"""No input ends the page or makes it unresponsive: what cannot be drawn is shown as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.browser import wait_for
from tests.helpers.main_thread import no_task_over
from tests.helpers.pathological import SHAPES, UNITS, repeated
from tests.helpers.threads import conversation

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

LONGEST_TASK = 2_000
"""Milliseconds of processor time; at rest it is 300."""
LATER = "After it."
MANY_BLOCKS = {
    *("headings", "underlined", "rules", "paragraphs", "displays"),
    *("open fences", "tilde fences", "footnote definitions"),
}
"""Units that are blocks by themselves: 20 KB are thousands, which take a slow machine minutes."""
INPUTS = {name: text for name, text in SHAPES.items() if name != "diagram"} | {
    name: repeated(name, 1_000 if name in MANY_BLOCKS else 20_000) for name in UNITS
}
GROUPS = [sorted(INPUTS)[start::20] for start in range(20)]


def show_all(tab: Tab) -> None:
    """Show the earlier messages, too: of a long thread only the end is there at first."""
    wait_for(
        tab.page,
        """() => {
            const earlier = document.querySelector("[data-testid=earlier]");
            earlier?.click();
            return !earlier;
        }""",
        within=60,
        every=1,
    )


def is_well(tab: Tab, count: int) -> None:
    """Everything is there, and the page takes input."""
    expect(tab.page.get_by_text(LATER).last).to_be_visible()
    show_all(tab)
    expect(tab.rows("human")).to_have_count(count)
    expect(tab.page.get_by_text(LATER).last).to_be_visible()
    tab.composer.fill("Still here")
    expect(tab.composer).to_have_value("Still here")
    expect(tab.page.locator("[data-pending]")).to_have_count(0, timeout=90_000)


@pytest.mark.parametrize("names", GROUPS, ids=range(len(GROUPS)))
def test_pathological_answers_are_readable_and_the_page_works(
    new_tab: Callable[..., Tab], app: RunningApp, browser: Browser, names: list[str]
) -> None:
    path, tab = conversation(app, *(f"{INPUTS[name]}\n\n{LATER}" for name in names)), new_tab()
    with no_task_over(LONGEST_TASK, browser, tab.page):
        tab.open(path)
        is_well(tab, len(names))
        tab.page.reload()
        tab.awake()
        is_well(tab, len(names))


@pytest.mark.parametrize("name", ["one letter", "quotes"])
def test_a_megabyte_is_readable(
    new_tab: Callable[..., Tab], app: RunningApp, browser: Browser, name: str
) -> None:
    text, tab = repeated(name, 1_000_000), new_tab()
    with no_task_over(LONGEST_TASK, browser, tab.page):
        tab.open(conversation(app, f"{text}\n\n{LATER}"))
        is_well(tab, 1)
    is_there = "length => document.querySelector('.log').textContent.length >= length"
    wait_for(tab.page, is_there, arg=len(text.strip()))
    told = tab.page.get_by_text("Shown as plain text")
    expect(told).to_have_count(0 if name == "one letter" else 1)


def test_a_large_diagram_is_shown_as_its_source(
    new_tab: Callable[..., Tab], app: RunningApp, browser: Browser
) -> None:
    tab = new_tab()
    with no_task_over(LONGEST_TASK, browser, tab.page):
        tab.open(conversation(app, f"{SHAPES['diagram']}\n\n{LATER}"))
        expect(tab.page.get_by_text("This diagram is too large to be drawn.")).to_be_visible()
        expect(tab.page.get_by_text("a498 --> a86")).to_be_visible()
        is_well(tab, 1)


def test_a_diagram_that_takes_too_long_is_given_up_and_the_next_one_is_drawn(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    drawn = "```mermaid\nflowchart LR\n  A-->B\n```\n\n"
    slow = "```mermaid\nflowchart TD\n  never-->ends\n```\n\n"
    tab = new_tab()
    # The sandbox answers everything but this one diagram.
    tab.page.add_init_script(
        """if (window.origin === "null") {
            const { postMessage } = MessagePort.prototype;
            MessagePort.prototype.postMessage = function (answer) {
                if (!answer?.svg?.includes("never")) postMessage.call(this, answer);
            };
        }"""
    )
    tab.open(conversation(app, f"{slow}{drawn}{LATER}"))
    expect(tab.page.get_by_text("This diagram took too long to draw.")).to_be_visible()
    expect(tab.page.locator(".drawing img")).to_have_count(1)


def test_a_block_that_fails_shows_its_source_and_the_rest_of_the_page_stands(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    tab = new_tab()
    # Stands for any error in drawing: comparing a link's text with its address fails for one link.
    tab.page.add_init_script(
        """const { normalize } = String.prototype;
        String.prototype.normalize = function (...form) {
            if (this.includes("fails")) throw Error("Cannot be drawn");
            return normalize.apply(this, form);
        };"""
    )
    tab.open(conversation(app, f"Before.\n\n**A** [link that fails](http://a.b/)\n\n{LATER}"))
    expect(tab.page.get_by_text("This could not be drawn, so its source is shown.")).to_be_visible()
    expect(tab.page.get_by_text("**A** [link that fails](http://a.b/)")).to_be_visible()
    for words in ("Before.", LATER):
        expect(tab.page.get_by_text(words, exact=True)).to_be_visible()
    tab.composer.fill("Still here")
    assert tab.faults
    assert all("Cannot be drawn" in fault for fault in tab.faults)
    tab.faults.clear()
