"""Answering what graphs ask, at the page: by keys, by forms, by id, after a reload, in two tabs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from chat_app.text import (
    ADD_ITEM,
    ARGUMENTS_EDITED,
    GOES_AS_JSON,
    GOES_AS_TEXT,
    LOOK_AGAIN,
    NOT_OF_FORMAT,
    PLACEHOLDER,
)
from tests.helpers.app import RunningApp, running_app
from tests.helpers.asking_graphs import EMAIL
from tests.helpers.cards import asked, cards

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


def decided(tab: Tab) -> Locator:
    """What was answered, an element for each action."""
    return tab.rows("decision").get_by_test_id("decided")


def field(card: Locator, name: str) -> Locator:
    return card.locator(f'[data-testid="ask-field"][data-name="{name}"]')


def line(tab: Tab) -> Locator:
    """What the composer says below its text."""
    return tab.page.get_by_test_id("composer-line")


def button(card: Locator, name: str) -> Locator:
    return card.get_by_role("button", name=name)


def told(tab: Tab, about: str) -> Any:
    """What the graph says that it was answered."""
    line = tab.rows("text").filter(has_text=re.compile(rf"^{about}: "))
    expect(line).to_have_count(1)
    tab.answered()
    return json.loads(line.inner_text().partition(": ")[2])


def test_an_action_is_edited_and_approved_with_the_keyboard_alone(tab: Tab) -> None:
    card = asked(tab, "approves", "one")
    expect(tab.thread_links).to_contain_text("needs you")
    expect(card).to_contain_text("bob@example.com")
    expect(card).to_be_focused()
    tab.composer.press("a")
    expect(tab.composer).to_have_value("a")
    tab.composer.fill("")
    card.focus()
    tab.page.keyboard.press("e")
    expect(field(card, "to").get_by_role("textbox")).to_be_focused()
    tab.page.keyboard.type("ar")
    tab.page.keyboard.press("Escape")
    expect(field(card, "to")).to_have_count(0)
    expect(card).to_contain_text("bob@example.com", use_inner_text=True)
    tab.page.keyboard.press("e")
    subject, copies, urgent = (field(card, name) for name in ("subject", "copies", "urgent"))
    subject.get_by_role("textbox").fill("7")
    copies.get_by_role("spinbutton").fill("4")
    urgent.get_by_role("switch").check()
    expect(subject).to_contain_text("was Launch")
    expect(copies).to_contain_text("was 3")
    headers, tags = field(card, "headers"), field(card, "tags")
    tags.get_by_role("textbox").fill("b")
    button(headers, "Edit as JSON").click()
    expect(headers.get_by_role("textbox")).to_have_value('{\n  "tags": ["b"]\n}')
    headers.get_by_role("textbox").fill('{"tags": ["c"]}')
    button(headers, "Back to fields").click()
    expect(tags.get_by_role("textbox")).to_have_value("c")
    button(headers, "Edit as JSON").click()
    headers.get_by_role("textbox").fill('{"tags": ')
    expect(button(headers, "Back to fields")).to_be_disabled()
    expect(button(card, "Approve with changes")).to_be_disabled()
    field(card, "headers").get_by_role("textbox").fill('{"tags": [1, null]}')
    tab.page.keyboard.press("Control+Enter")
    expect(cards(tab)).to_have_count(0)
    decision = "Approved send_email, “subject”, “copies” and 2 more edited"
    expect(decided(tab)).to_have_text(decision)
    tab.answered()
    assert '["bob@example.com", "7", 4, true, null, {"tags": [1, null]}]' in tab.answer()
    expect(tab.thread_links).not_to_contain_text("needs you")
    ran = tab.rows("tool", name="send_email", status="done")
    expect(ran.locator(".gist")).to_contain_text("bob@example.com, 7, 4, true")
    tab.page.reload()
    expect(ran.locator(".gist")).to_contain_text("bob@example.com, 7, 4, true")
    ran.locator("summary").first.click()
    expect(ran.locator(".card header h3").first).to_have_text(ARGUMENTS_EDITED)
    expect(decided(tab)).to_have_text(decision)
    expect(cards(tab)).to_have_count(0)


def test_several_actions_are_decided_one_by_one_after_a_reload(tab: Tab) -> None:
    asked(tab, "approves", "two")
    tab.page.reload()
    email, file = (cards(tab).get_by_test_id("ask-action").nth(place) for place in (0, 1))
    expect(button(cards(tab), "Approve all")).to_be_enabled()
    email.focus()
    tab.page.keyboard.press("t")
    expect(button(email, "Reply instead")).to_be_disabled()
    tab.page.keyboard.type("I did it")
    tab.page.keyboard.press("Control+Enter")
    expect(email).to_contain_text("Replied instead")
    expect(file).to_be_focused()
    tab.page.keyboard.press("r")
    tab.page.keyboard.type("keep it")
    tab.page.keyboard.press("Control+Enter")
    expect(file).to_contain_text("keep it")
    button(file, "Change").click()
    file.get_by_role("textbox").fill("")
    button(file, "Reject").click()
    button(cards(tab), "Send decisions").click()
    replied = "Replied instead of send_email: I did it"
    expect(decided(tab)).to_have_text([replied, "Rejected delete_file"])
    tab.answered()
    expect(tab.rows("tool", name="delete_file", status="rejected")).to_contain_text("rejected")
    assert tab.answer().startswith("Results: I did it | User rejected")


def test_calls_that_ask_by_themselves_are_answered_in_any_order_in_two_tabs(
    tab: Tab, new_tab: Callable[..., Tab]
) -> None:
    expect(asked(tab, "approves_each", "two")).to_have_count(2)
    email, file = (cards(tab).filter(has_text=name) for name in ("send_email", "delete_file"))
    button(email, "Edit").click()
    field(email, "copies").get_by_role("spinbutton").fill("5")
    other = new_tab().open(f"/t/{tab.thread_id()}")
    expect(cards(other)).to_have_count(2)
    button(file, "Approve").click()
    expect(cards(tab)).to_have_count(1)
    expect(field(email, "copies").get_by_role("spinbutton")).to_have_value("5")
    expect(cards(other)).to_have_count(1)
    expect(decided(other)).to_have_text("Approved delete_file")
    expect(button(email, "Approve with changes")).to_be_enabled()
    button(email, "Approve with changes").click()
    for each in (tab, other):
        expect(cards(each)).to_have_count(0)
        expect(each.rows("decision")).to_have_count(2)
        each.answered()


def test_a_human_interrupt_is_ignored_or_accepted(tab: Tab) -> None:
    asked(tab, "consults", "legacy").focus()
    expect(cards(tab).locator("strong")).to_have_text("check")
    tab.page.keyboard.press("i")
    assert told(tab, "legacy") == [{"type": "ignore", "args": None}]
    button(asked(tab, "consults", "single"), "Approve").click()
    action = {"action": "send_email", "args": EMAIL}
    assert told(tab, "single") == {"type": "accept", "args": action}


def test_questions_are_answered_in_words_as_json_by_a_form_or_by_going_on(tab: Tab) -> None:
    card = asked(tab, "consults", "words")
    expect(card.get_by_role("textbox")).to_have_count(0)
    expect(tab.page.get_by_role("textbox", name="Answer: What is your name?")).to_be_focused()
    tab.page.keyboard.type("Bo")
    tab.page.keyboard.press("Enter")
    assert told(tab, "words") == "Bo"
    expect(tab.page.get_by_role("textbox", name=PLACEHOLDER)).to_be_focused()
    for about, text, answered in (("json", "the second", "the second"), ("malformed", "[1]", [1])):
        asked(tab, "consults", about)
        tab.composer.fill("{")
        tab.composer.press("Enter")
        expect(line(tab)).to_contain_text("JSON")
        expect(tab.composer).to_have_value("{")
        tab.composer.fill(text)
        expect(line(tab)).to_have_text(GOES_AS_TEXT if answered == text else GOES_AS_JSON)
        tab.composer.press("Enter")
        assert told(tab, about) == answered
    button(asked(tab, "consults", "json"), "2").click()
    assert told(tab, "json") == 2
    card = asked(tab, "consults", "schema")
    expect(button(card, "Send answer")).to_be_disabled()
    expect(field(card, "name").get_by_role("textbox")).to_be_focused()
    field(card, "name").get_by_role("textbox").fill("B")
    field(card, "age").get_by_role("spinbutton").fill("7")
    field(card, "colour").get_by_role("combobox").select_option(label="green")
    button(card, "Send answer").click()
    expect(tab.page.get_by_test_id("ask-problem")).to_have_text(LOOK_AGAIN)
    expect(field(card, "name").get_by_role("alert")).to_contain_text("shorter than 2")
    expect(field(card, "name").get_by_role("textbox")).to_be_focused()
    field(card, "name").get_by_role("textbox").fill("Bo")
    button(card, "Send answer").click()
    assert told(tab, "schema") == {"name": "Bo", "age": 7, "colour": "green"}
    expect(button(asked(tab, "pauses", "x"), "Continue")).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(tab.rows("text")).to_have_text("Went on.")


def test_lists_choices_objects_and_dates_are_filled_in_without_json(tab: Tab) -> None:
    card, keyboard = asked(tab, "consults", "trip"), tab.page.keyboard
    cities, meals, leaves = (field(card, name) for name in ("cities", "meals", "leaves"))
    cities.get_by_text(ADD_ITEM).click()
    for written in ("Oslo", "Enter", "Enter", "Backspace", "Enter", "X", "Enter", "Rome", "Enter"):
        keyboard.press(written) if written in {"Enter", "Backspace"} else keyboard.type(written)
    expect(cities.get_by_role("textbox")).to_have_count(5)
    field(card, "days").get_by_text(ADD_ITEM).click()
    keyboard.type("1.5")
    button(field(card, "days"), "Remove 1").click()
    expect(field(card, "days").get_by_text(ADD_ITEM)).to_be_focused()
    for meal in ("dinner", "breakfast"):
        meals.get_by_label(meal).check()
    field(card, "email").get_by_role("textbox").fill("bob")
    field(card, "born").locator("[type=date]").fill("2001-02-03")
    leaves.locator("[type=datetime-local]").fill("2026-12-01T08:30")
    keyboard.press("Control+Enter")
    wrong = card.get_by_test_id("ask-item").nth(2)
    expect(wrong.get_by_role("alert")).to_contain_text("shorter than 2")
    expect(field(card, "email").get_by_role("alert")).to_have_text(NOT_OF_FORMAT["email"])
    expect(wrong.get_by_role("textbox")).to_be_focused()
    button(cities, "Remove 3").click()
    expect(card.get_by_test_id("ask-item")).to_have_count(4)
    field(card, "email").get_by_role("textbox").fill("bob@example.com")
    button(card, "Send answer").click()
    answered = told(tab, "trip")
    assert re.fullmatch(r"2026-12-01T08:30:00[+-]\d\d:\d\d", answered.pop("leaves"))
    assert answered == {
        "cities": ["Oslo", "Rome"],
        "meals": ["breakfast", "dinner"],
        "guest": {"email": "bob@example.com", "born": "2001-02-03"},
    }
