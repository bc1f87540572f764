"""What a screen reader is told: one live region, short sentences, an answer once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chat_app import text
from tests.helpers.browser import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.browser import Tab

RECORD = """() => {
    window.heard = [];
    const region = document.querySelector('[data-testid="announcer"]');
    new MutationObserver(changes => {
        for (const { addedNodes } of changes)
            for (const node of addedNodes) window.heard.push(node.textContent);
    }).observe(region, { subtree: true, childList: true });
}"""
LIVE = """() => [...document.querySelectorAll(
    '[aria-live], [role="status"], [role="alert"], [role="log"], output')]
    .filter(element => element.getAttribute("aria-live") !== "off")
    .map(element => element.dataset.testid)"""
MOST = 300


@pytest.fixture
def heard(tab: Tab) -> Callable[[], list[str]]:
    """What was announced from here on."""
    tab.page.evaluate(RECORD)
    return lambda: tab.page.evaluate("window.heard")


def until_heard(tab: Tab, sentence: str) -> None:
    wait_for(tab.page, "wanted => window.heard.includes(wanted)", arg=sentence)


def test_a_run_is_told_in_short_sentences_and_its_answer_once_and_shortened(
    tab: Tab, heard: Callable[[], list[str]]
) -> None:
    tab.ask("whats the weather in la")
    tab.answered()
    until_heard(tab, text.SAID_FINISHED)
    wait_for(tab.page, "window.heard.at(-1).includes('Let me look up')")
    said = heard()
    waiting = text.SAID_WAITING.format(agent=text.DEMO_AGENT)
    started = text.SAID_STARTED.format(names="Weather")
    assert said[:-1] == [text.SAID_SENT, waiting, started, text.SAID_FINISHED]
    assert len(said[-1]) <= MOST + len(text.SAID_CUT)
    assert tab.page.evaluate(LIVE) == ["announcer"]
    expect(tab.page.get_by_role("log")).to_have_attribute("aria-live", "off")

    wait_for(tab.page, "!document.querySelector('[data-testid=announcer]').textContent")
    tab.ask("write 400 words")
    tab.answered()
    wait_for(tab.page, "window.heard.at(-1).endsWith('to read it')")
    answer = heard()[-1]
    assert answer.endswith("… press F6 to read it")
    assert len(answer.removesuffix("… press F6 to read it")) <= MOST
    assert heard().count(text.SAID_FINISHED) == 2

    tab.page.keyboard.press("F6")
    expect(tab.page.get_by_test_id("turn").last).to_be_focused()
    assert answer[:40] in re.sub(r"\s+", " ", tab.page.evaluate("document.activeElement.innerText"))


def test_two_messages_that_come_together_are_both_told(
    tab: Tab, heard: Callable[[], list[str]]
) -> None:
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.ask("whats the weather in la")
    tab.answered()
    until_heard(tab, text.SAID_FINISHED)
    before = heard().count(text.COPIED)
    copying = tab.rows("end").get_by_role("button", name=re.compile("Copy")).all()
    assert len(copying) == 2
    for button in copying:
        button.click()
    wait_for(
        tab.page,
        "([wanted, count]) => window.heard.filter(said => said === wanted).length === count",
        arg=[text.COPIED, before + 2],
    )
    assert tab.page.evaluate(LIVE) == ["announcer"]


def test_a_question_of_the_agent_is_told_once_also_when_the_thread_is_opened(
    tab: Tab, heard: Callable[[], list[str]]
) -> None:
    tab.ask("Email Ada about lunch on Thursday")
    expect(tab.page.get_by_test_id("ask")).to_be_visible()
    wait_for(tab.page, "window.heard.some(said => said.startsWith('The agent needs you'))")
    told = [said for said in heard() if said.startswith("The agent needs you")]
    assert len(told) == 1
    assert text.SAID_FINISHED not in heard()
