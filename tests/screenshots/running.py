"""A run that goes on: waiting, writing, thinking, using tools and agents, pushing components."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.screenshots.state import States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()


@states("several")
def run_waiting_for_the_first_word(visit: Visit) -> None:
    visit.ask("waiting", "scene")
    expect(visit.tab.stop).to_be_visible()
    visit.tab.thread_id()


@states("several")
def run_writing(visit: Visit) -> None:
    visit.ask("streaming", "scene")
    expect(visit.tab.tail).to_contain_text("it leaves every")


@states("several")
def run_reasoning(visit: Visit) -> None:
    visit.ask("reasoning", "scene")
    expect(visit.log.get_by_text("so the day of the journey matters.")).to_be_visible()


@states("several")
def run_using_tools(visit: Visit) -> None:
    visit.ask("tools", "scene")
    for status in ("running", "done", "error"):
        expect(visit.tab.rows("tool", status=status)).to_have_count(1)


@states("several")
def run_with_agents(visit: Visit) -> None:
    visit.ask("Research two cities.", "delegating")
    agents = visit.test_id("agent")
    expect(agents).to_have_count(2)
    expect(agents.first).to_contain_text("done")


@states("several")
def run_with_a_plan(visit: Visit) -> None:
    visit.ask("plan", "scene")
    expect(visit.test_id("plan")).to_contain_text("1 of 3")
    expect(visit.test_id("file").first).to_be_visible()


@states("several")
def run_with_custom_events(visit: Visit) -> None:
    visit.ask("events", "scene")
    expect(visit.tab.page.get_by_role("progressbar")).to_be_visible()


@states("several", whole=True)
def components_of_the_agent(visit: Visit) -> None:
    visit.ask("widgets", "scene")
    visit.finished()
    expect(visit.tab.page.get_by_role("button", name="Book")).to_be_visible()
    expect(visit.log.get_by_text("Fill in the form")).to_be_visible()
