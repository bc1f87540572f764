"""Messages that wait, a run that was stopped, runs that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.screenshots.state import States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()


def busy(visit: Visit) -> None:
    """Open a thread whose answer is half written."""
    visit.ask("streaming", "scene")
    expect(visit.tab.tail).to_contain_text("it leaves every")
    visit.tab.thread_id()


def queued(visit: Visit) -> None:
    """Let two messages wait for the end of that answer."""
    busy(visit)
    messages = ("And what does the train cost?", "Then make a list of all of it, one line each.")
    for number, message in enumerate(messages, 1):
        visit.tab.ask(message)
        expect(visit.test_id("waiting-message")).to_have_count(number)


@states("several")
def queue_of_messages(visit: Visit) -> None:
    queued(visit)


@states("several")
def queue_with_a_draft(visit: Visit) -> None:
    queued(visit)
    visit.tab.composer.fill("One more thing")
    expect(visit.test_id("send")).to_be_visible()


@states("several")
def queue_paused(visit: Visit) -> None:
    queued(visit)
    visit.tab.page.keyboard.press("Escape")
    expect(visit.tab.stop).to_have_count(0)
    expect(visit.tab.page.get_by_role("region", name="Paused")).to_be_visible()


@states("several")
def run_stopped(visit: Visit) -> None:
    busy(visit)
    visit.tab.stop.click()
    expect(visit.tab.stop).to_have_count(0)
    expect(visit.tab.rows("notice")).to_be_visible()


def _failed(name: str, graph: str, message: str) -> None:
    def reach(visit: Visit) -> None:
        visit.ask(message, graph)
        expect(visit.tab.rows("error").or_(visit.tab.rows("notice")).first).to_be_visible()
        visit.finished()

    reach.__name__ = f"error_{name}"
    states("several")(reach)


_failed("of_the_graph", "fails", "x")
_failed("of_a_model_provider", "limited", "x")
_failed("of_a_tool", "breaks", "x")
_failed("of_too_many_steps", "loops", "x")
_failed("of_an_answer_that_is_cut_off", "shapes", "toolong")
_failed("of_a_filtered_answer", "shapes", "filtered")
_failed("of_a_refusal", "shapes", "refused")
