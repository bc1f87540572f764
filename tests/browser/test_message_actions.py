"""What can be done with a message, and what is told to those who do not see the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.browser import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.browser import Tab

PHONE = {"width": 390, "height": 780}


def clipboard(tab: Tab) -> str:
    return tab.page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def answered(tab: Tab) -> Tab:
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.ask("whats the weather in la")
    tab.answered()
    expect(tab.rows("end")).to_have_count(1)
    return tab


def test_an_answer_is_copied_as_its_markdown_or_as_plain_text(answered: Tab) -> None:
    end = answered.rows("end")
    end.get_by_role("button", name="Copy as Markdown").click()
    expect(end.get_by_text("Copied")).to_be_attached()
    assert "**Los Angeles, United States**" in clipboard(answered)
    end.get_by_role("button", name="Copy as plain text").click()
    wait_for(answered.page, "async () => !(await navigator.clipboard.readText()).includes('*')")
    assert "In Los Angeles, United States it is" in clipboard(answered)


def test_an_answer_tells_its_time_its_tokens_and_its_speed(tab: Tab) -> None:
    tab.ask("write 300 tokens")
    tab.answered()
    end = tab.rows("end")
    expect(end.locator("time")).to_have_attribute("datetime", re.compile(r"^20\d\d-"))
    facts = r"[\d,]+ tokens in, \d+ out · first token after [\d.]+ s · \d+ tokens/s"
    expect(end).to_contain_text(re.compile(facts))
    tab.page.reload()
    expect(end).to_contain_text(re.compile(facts))


def test_a_question_can_be_copied_and_tells_its_time(answered: Tab) -> None:
    question = answered.rows("human")
    question.hover()
    expect(question.locator("time")).to_be_visible()
    question.get_by_role("button", name="Copy as Markdown").click()
    wait_for(
        answered.page,
        "async () => (await navigator.clipboard.readText()) === 'whats the weather in la'",
    )


def test_on_a_phone_nothing_has_to_be_hovered(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(viewport=PHONE, has_touch=True, is_mobile=True).open()
    tab.ask("whats the weather in la")
    tab.answered()
    for row in (tab.rows("human"), tab.rows("end")):
        opacity = row.locator(".actions").evaluate("e => getComputedStyle(e).opacity")
        assert opacity == "1"


def test_steps_can_be_hidden_and_stay_hidden(answered: Tab) -> None:
    expect(answered.rows("tool")).to_be_visible()
    toggle = answered.page.get_by_test_id("steps-toggle")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    toggle.click()
    expect(answered.rows("tool")).to_be_hidden()
    expect(answered.rows("text").last).to_be_visible()
    answered.page.reload()
    expect(answered.rows("text").last).to_be_visible()
    expect(answered.rows("tool")).to_be_hidden()
    toggle.click()
    expect(answered.rows("tool")).to_be_visible()
