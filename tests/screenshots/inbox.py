"""The inbox with and without anything that waits, and the schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.screenshots.cards import asked
from tests.screenshots.state import States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()


@states("several")
def inbox(visit: Visit) -> None:
    for graph, message in (("approves", "one"), ("consults", "words"), ("consults", "json")):
        asked(visit, graph, message)
    visit.tab.page.goto(f"{visit.app.url}/inbox")
    expect(visit.test_id("inbox-row")).to_have_count(3)
    visit.test_id("inbox-row").last.click()
    expect(visit.test_id("ask")).to_be_visible()


@states("several")
def inbox_empty(visit: Visit) -> None:
    visit.tab.page.goto(f"{visit.app.url}/inbox")
    expect(visit.test_id("inbox-empty")).to_be_visible()


@states("several")
def schedules(visit: Visit) -> None:
    visit.tab.page.goto(f"{visit.app.url}/schedules")
    new = visit.tab.page.get_by_role("button", name="New schedule")
    new.click()
    visit.tab.page.get_by_label("Message").fill("Sum up the news of the day")
    visit.tab.page.get_by_role("button", name="Create schedule").click()
    expect(visit.test_id("schedule")).to_be_visible()
    expect(visit.test_id("schedule-form")).to_have_count(0)
    new.click()
    expect(visit.test_id("schedule-preview")).to_contain_text("Every day at 09:00")
