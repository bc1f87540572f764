"""Versions of messages and answers: edited in place, "2 / 3", side by side, rated with a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chat_app import text
from tests.screenshots.state import LAPTOP, PHONE, SMALL, States

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.screenshots.state import Visit

states = States()

_SCREENS = (LAPTOP, PHONE, SMALL)


def press(row: Locator, name: str) -> None:
    """Press an action below a message or an answer."""
    row.hover()
    row.get_by_role("button", name=name, exact=True).click()


@states("demo", devices=_SCREENS)
def versions_of_an_answer(visit: Visit) -> None:
    visit.ask("what is 12 * 7")
    visit.tab.answered()
    end = visit.tab.rows("end")
    for number in (2, 3):
        press(end, text.REGENERATE)
        expect(end.get_by_text(f"{number} / {number}")).to_be_visible()
        visit.tab.answered()
    press(end, text.PREVIOUS_VERSION)
    expect(end.get_by_text("2 / 3")).to_be_visible()


@states("demo", devices=_SCREENS, after=versions_of_an_answer)
def answer_rated_with_a_note(visit: Visit) -> None:
    press(visit.tab.rows("end"), "Good answer")
    note = visit.test_id("feedback-note")
    note.get_by_role("textbox").fill("Right, and short")
    expect(note).to_be_visible()


@states("demo", devices=_SCREENS, after=answer_rated_with_a_note)
def message_being_edited(visit: Visit) -> None:
    visit.tab.page.keyboard.press("Escape")
    press(visit.tab.rows("human"), "Edit")
    visit.test_id("edit-box").fill("what is 12 * 7, and what is half of it?")


@states("demo", devices=_SCREENS, after=message_being_edited)
def versions_compared(visit: Visit) -> None:
    visit.tab.page.get_by_role("button", name="Send", exact=True).first.click()
    human = visit.tab.rows("human")
    expect(human.get_by_text("2 / 2")).to_be_visible()
    visit.tab.answered()
    if human.get_by_role("button", name=text.COMPARE).is_visible():
        press(human, text.COMPARE)
    else:
        press(human, text.OTHER_ACTIONS)
        visit.tab.page.get_by_role("menuitem", name=text.COMPARE).click()
    expect(visit.test_id("compare-right").locator(".bubble")).to_be_visible()
    expect(visit.tab.page.get_by_role("dialog")).to_contain_text(text.COMPARE_MARKED)
