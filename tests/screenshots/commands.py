"""The command palette, the help of the keyboard shortcuts, and the list of `/` commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.screenshots.start_pages import started, with_threads
from tests.screenshots.state import LAPTOP, PHONE, SMALL, States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()


def opened(visit: Visit) -> None:
    """Open the palette with its key, or on a phone with its button."""
    if visit.device is PHONE:
        visit.test_id("sidebar-button").click()
        visit.test_id("palette-button").click()
    else:
        visit.tab.page.keyboard.press("Control+k")
    expect(visit.test_id("palette")).to_be_visible()


def typed(visit: Visit, text: str) -> None:
    visit.test_id("palette").get_by_role("combobox").fill(text)


@states("demo")
def command_palette(visit: Visit) -> None:
    with_threads(visit)
    opened(visit)


@states("demo")
def command_palette_with_matches(visit: Visit) -> None:
    with_threads(visit)
    opened(visit)
    typed(visit, "chp 1")
    expect(visit.test_id("palette").locator("mark").first).to_be_visible()


@states("demo")
def command_palette_without_a_result(visit: Visit) -> None:
    started(visit)
    opened(visit)
    typed(visit, "zzzz")
    expect(visit.test_id("palette").get_by_role("option")).to_have_count(0)


@states("demo", text_size=200)
def command_palette_at_twice_the_text_size(visit: Visit) -> None:
    with_threads(visit)
    opened(visit)


@states("demo", devices=(SMALL,))
def command_palette_at_400_percent(visit: Visit) -> None:
    started(visit)
    opened(visit)


def helped(visit: Visit) -> None:
    started(visit)
    visit.tab.page.keyboard.press("Control+/")
    expect(visit.test_id("help")).to_be_visible()


def slashed(visit: Visit) -> None:
    started(visit)
    visit.tab.composer.press("/")
    expect(visit.test_id("slash")).to_be_visible()


@states("demo")
def keyboard_shortcuts(visit: Visit) -> None:
    helped(visit)


@states("demo", text_size=200)
def keyboard_shortcuts_at_twice_the_text_size(visit: Visit) -> None:
    helped(visit)


@states("demo")
def slash_commands(visit: Visit) -> None:
    slashed(visit)


@states("demo", devices=(SMALL,))
def slash_commands_at_400_percent(visit: Visit) -> None:
    slashed(visit)


@states("demo", devices=(LAPTOP,))
def slash_command_with_choices(visit: Visit) -> None:
    started(visit)
    visit.tab.composer.press_sequentially("/theme ")
    expect(visit.test_id("slash").get_by_role("option")).to_have_count(3)
