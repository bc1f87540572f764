"""While the agent asks, the composer belongs to the question: the focus and Enter for each card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chat_app.text import ASK_ELSE, DECIDE_FIRST, PLACEHOLDER
from tests.helpers.app import RunningApp, running_app
from tests.helpers.cards import asked, cards
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator

    from tests.helpers.browser import Tab


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, langgraph_server: str) -> Iterator[RunningApp]:
    """An app in front of the graphs that ask."""
    with running_app(
        tmp_path_factory.mktemp("asking"), LANGGRAPH_API_URL=langgraph_server
    ) as running:
        yield running


def line(tab: Tab) -> Locator:
    """What the composer says below its text."""
    return tab.page.get_by_test_id("composer-line")


def button(scope: Locator, name: str) -> Locator:
    return scope.get_by_role("button", name=name)


def named(tab: Tab, name: str) -> Locator:
    return tab.page.get_by_role("textbox", name=name)


def shown_keys(scope: Locator) -> list[str]:
    """The keys that are to be seen on buttons."""
    return scope.locator("kbd").evaluate_all(
        """all => all
            .filter(key => key.checkVisibility({ visibilityProperty: true }))
            .map(key => key.innerText)"""
    )


def test_one_action_has_the_focus_and_a_text_is_a_reply(tab: Tab) -> None:
    card = asked(tab, "approves", "one")
    expect(card).to_be_focused()
    assert shown_keys(card) == ["A", "E", "R", "T"]
    tab.page.keyboard.press("Tab")
    expect(button(card, "Approve")).to_be_focused()
    tab.page.reload()
    expect(card).to_be_focused()
    expect(named(tab, "Reply: Send email?")).to_be_visible()
    tab.composer.fill("Never mind")
    assert shown_keys(card) == []
    expect(line(tab)).to_have_text("This replies to the agent, and send_email does not run.")
    tab.composer.press("Enter")
    expect(cards(tab)).to_have_count(0)
    expect(tab.rows("decision")).to_contain_text("Replied instead of send_email: Never mind")
    tab.answered()
    expect(named(tab, PLACEHOLDER)).to_be_focused()


def test_a_text_is_the_reason_of_a_rejection_where_no_reply_is_allowed(tab: Tab) -> None:
    asked(tab, "approves_each", "two")
    button(cards(tab).first, "Approve").click()
    expect(cards(tab)).to_have_count(1)
    expect(cards(tab)).to_be_focused()
    expect(named(tab, "Reject with a reason: Delete file?")).to_be_visible()
    tab.composer.fill("keep it")
    expect(line(tab)).to_have_text("This rejects delete_file, with your text as the reason.")
    tab.composer.press("Enter")
    expect(cards(tab)).to_have_count(0)
    rejected = tab.rows("decision").filter(has_text="Rejected delete_file: keep it")
    expect(rejected).to_have_count(1)


def test_several_actions_are_decided_above_first(tab: Tab) -> None:
    card = asked(tab, "approves", "two")
    email, file = (card.get_by_test_id("ask-action").nth(place) for place in (0, 1))
    expect(email).to_be_focused()
    assert shown_keys(email) == ["A", "E", "R", "T"]
    assert shown_keys(file) == []
    tab.page.keyboard.press("a")
    expect(file).to_be_focused()
    tab.composer.fill("Go on")
    tab.composer.press("Enter")
    expect(line(tab)).to_have_text(DECIDE_FIRST)
    expect(file).to_be_focused()
    expect(tab.composer).to_have_value("Go on")
    expect(tab.questions).to_have_count(1)
    tab.page.keyboard.press("a")
    button(card, "Send decisions").click()
    tab.answered()
    expect(tab.composer).to_have_value("Go on")


@pytest.mark.parametrize(
    ("assistant", "message", "role"),
    [("consults", "schema", "textbox"), ("pauses", "x", "button")],
)
def test_a_form_and_a_pause_have_the_focus_and_come_first(
    tab: Tab, assistant: str, message: str, role: str
) -> None:
    card = asked(tab, assistant, message)
    first = card.get_by_role(role).first  # type: ignore[arg-type]
    expect(first).to_be_focused()
    tab.composer.fill("Go on")
    tab.composer.press("Enter")
    expect(line(tab)).to_have_text(DECIDE_FIRST)
    expect(first).to_be_focused()
    tab.page.reload()
    expect(cards(tab)).to_be_visible()
    expect(tab.composer).to_have_value("Go on")
    if message != "schema":  # which no state tells
        expect(first).to_be_focused()


def test_of_several_questions_the_first_is_answered_and_another_can_be_chosen(tab: Tab) -> None:
    asked(tab, "consults", "many")
    expect(cards(tab)).to_have_count(2)
    expect(named(tab, "Answer: A")).to_be_focused()
    button(cards(tab).filter(has_text="B"), "Answer this question").click()
    expect(named(tab, "Answer: B")).to_be_focused()
    tab.page.keyboard.type("two")
    tab.page.keyboard.press("Enter")
    expect(named(tab, "Answer: A")).to_be_focused()
    tab.page.keyboard.type("one")
    tab.page.keyboard.press("Enter")
    expect(cards(tab)).to_have_count(0)
    said = tab.rows("text").filter(has_text='"')
    expect(said).to_have_count(2)
    assert sorted(said.all_inner_texts()) == ['A: "one"', 'B: "two"']


def test_who_types_when_a_card_comes_is_not_moved_and_keeps_the_draft(
    tab: Tab, new_tab: Callable[..., Tab]
) -> None:
    asked(tab, "consults", "slow")
    thread = tab.thread_id()
    other = new_tab().open(f"/t/{thread}")
    expect(cards(other)).to_be_visible()
    tab.ask("slowly")
    expect(tab.stop).to_be_visible()
    tab.composer.press_sequentially("And then")
    tab.stop.click()
    expect(cards(tab)).to_be_visible()
    expect(tab.stop).to_have_count(0)
    expect(tab.composer).to_have_value("slowly\n\nAnd then")


def test_a_typist_is_not_moved_by_a_card_to_decide(tab: Tab) -> None:
    tab.choose("approves")
    announced = tab.recording("announcer")
    tab.ask("one")
    tab.composer.press_sequentially("And then")
    expect(cards(tab)).to_be_visible()
    expect(tab.stop).to_have_count(0)
    soon(lambda: any("Send email?" in said for said in announced()))
    expect(tab.composer).to_be_focused()
    expect(tab.composer).to_have_value("And then")
    assert shown_keys(cards(tab)) == []


def test_on_touch_nothing_takes_the_focus_and_the_card_is_in_view(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 700})
    tab.open()
    tab.choose("approves")
    tab.composer.fill("one")
    tab.page.get_by_test_id("send").tap()
    expect(button(cards(tab), "Approve")).to_be_in_viewport()
    assert not cards(tab).evaluate("card => card.contains(document.activeElement)")
    assert shown_keys(cards(tab)) == []
    tab.composer.fill("No")
    expect(line(tab)).to_have_text("This replies to the agent, and send_email does not run.")
    tab.page.get_by_test_id("send").tap()
    expect(tab.rows("decision")).to_contain_text("Replied instead of send_email: No")


def test_a_question_answered_in_another_tab_gives_the_focus_back(
    tab: Tab, new_tab: Callable[..., Tab]
) -> None:
    asked(tab, "approves", "one")
    other = new_tab().open(f"/t/{tab.thread_id()}")
    expect(cards(other)).to_be_focused()
    expect(cards(tab)).to_be_focused()
    other.page.keyboard.press("a")
    for each in (tab, other):
        expect(cards(each)).to_have_count(0)
        each.answered()
        expect(named(each, PLACEHOLDER)).to_be_focused()


def test_a_question_is_left_explicitly_and_the_composer_is_plain_again(
    tab: Tab, new_tab: Callable[..., Tab]
) -> None:
    card = asked(tab, "approves", "one")
    other = new_tab().open(f"/t/{tab.thread_id()}")
    expect(cards(other)).to_be_focused()
    tab.composer.fill("Lisbon")
    button(card, ASK_ELSE).click()
    expect(cards(tab)).to_have_count(0)
    expect(cards(other)).to_have_count(0)
    expect(named(other, PLACEHOLDER)).to_be_focused()
    expect(tab.rows("decision")).to_contain_text(ASK_ELSE.removeprefix("Ask "))
    expect(named(tab, PLACEHOLDER)).to_be_focused()
    expect(tab.composer).to_have_value("Lisbon")
    tab.page.reload()
    expect(tab.rows("decision")).to_be_visible()
    expect(cards(tab)).to_have_count(0)
    expect(tab.composer).to_have_value("Lisbon")
    tab.composer.fill("one")
    tab.composer.press("Enter")
    expect(cards(tab)).to_be_visible()
    expect(tab.questions).to_have_text(["one", "one"])
