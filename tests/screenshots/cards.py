"""What the agent asks a person: every kind of card, open, edited and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.screenshots.state import SMALL, States

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.screenshots.state import Visit

states = States()


def asked(visit: Visit, graph: str, message: str, count: int = 1) -> Locator:
    """Let the agent ask; returns the cards."""
    visit.ask(message, graph)
    cards = visit.test_id("ask")
    expect(cards).to_have_count(count)
    expect(visit.tab.stop).to_have_count(0)
    return cards


def _card(name: str, graph: str, message: str, count: int = 1) -> None:
    def reach(visit: Visit) -> None:
        asked(visit, graph, message, count)

    reach.__name__ = f"card_{name}"
    states("several")(reach)


_card("with_a_question_in_words", "consults", "words")
_card("with_one_action", "approves", "one")
_card("with_several_actions", "approves", "two")
_card("of_several_agents", "approves_each", "two", 2)
_card("with_two_questions", "consults", "many", 2)
_card("with_options", "consults", "json")
_card("with_any_json", "consults", "malformed")
_card("with_a_form", "consults", "schema")
_card("with_a_long_form", "consults", "trip")
_card("of_a_human_interrupt", "consults", "legacy")
_card("of_a_breakpoint", "pauses", "x")


@states("several", whole=True)
def card_being_edited(visit: Visit) -> None:
    card = asked(visit, "approves", "one")
    card.get_by_role("button", name="Edit").click()
    card.locator('[data-name="subject"]').get_by_role("textbox").fill("Launch on Monday")


@states("several")
def card_being_rejected(visit: Visit) -> None:
    card = asked(visit, "approves", "one")
    card.get_by_role("button", name="Reject").click()
    card.get_by_role("textbox").fill("Not before Monday")


@states("several", whole=True)
def card_with_errors(visit: Visit) -> None:
    card = asked(visit, "consults", "schema")
    card.locator('[data-name="name"]').get_by_role("textbox").fill("B")
    card.locator('[data-name="age"]').get_by_role("spinbutton").fill("-3")
    card.get_by_role("button", name="Send answer").click()
    expect(card.get_by_role("alert").first).to_be_visible()


@states("several")
def card_answered(visit: Visit) -> None:
    asked(visit, "approves", "one").get_by_role("button", name="Approve").click()
    expect(visit.test_id("decided")).to_be_visible()
    visit.finished()


@states("several", text_size=200)
def card_at_twice_the_text_size(visit: Visit) -> None:
    asked(visit, "approves", "one")


@states("several", devices=(SMALL,))
def card_at_400_percent(visit: Visit) -> None:
    asked(visit, "approves", "one")
