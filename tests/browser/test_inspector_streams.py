"""The Streams tab of the inspector: events as they arrive, by mode, found, kept and quick."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.app import RunningApp, running_app
from tests.helpers.browser import Tab, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.helpers.long_answer import LongAnswer

MODES = ["values", "updates", "messages", "custom", "tasks", "checkpoints", "debug", "events"]
MANY = 8_000
_SLOWEST = """() => new Promise(done => {
  const list = document.querySelector(".streams-list");
  const times = [];
  const step = (n) => {
    if (n === 20) return done(Math.max(...times));
    const begun = performance.now();
    list.scrollTop = (n % 2 ? 0.1 : 0.9) * list.scrollHeight * (1 - n / 50);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      times.push(performance.now() - begun);
      step(n + 1);
    }));
  };
  step(0);
})"""
"""The longest of twenty leaps through the list until it is painted, in ms."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, langgraph_server: str) -> Iterator[RunningApp]:
    settings = {"LANGGRAPH_API_URL": langgraph_server, "CHAT_ASSISTANT": "slow"}
    with running_app(tmp_path_factory.mktemp("streams"), **settings) as running:
        yield running


def inspector(page: Page) -> Locator:
    return page.get_by_role("region", name="Inspector")


def open_streams(tab: Tab) -> Locator:
    tab.page.get_by_role("button", name="Inspector", exact=True).click()
    panel = inspector(tab.page)
    panel.get_by_role("tab", name="Streams").click()
    expect(panel.get_by_role("tab", name="values")).to_be_visible()
    return panel


def rows_of(panel: Locator) -> Locator:
    return panel.get_by_role("listbox", name="Events").get_by_role("option")


def choose(panel: Locator, mode: str) -> None:
    panel.get_by_role("tab", name=mode, exact=True).click()


def numbers(panel: Locator) -> list[int]:
    return [
        int(number or 0)
        for number in rows_of(panel).evaluate_all("rows => rows.map(row => row.dataset.number)")
    ]


def test_events_are_listed_as_they_arrive_and_can_be_found_opened_and_kept(
    new_tab: Callable[..., Tab], long_answer: LongAnswer, tmp_path: Path
) -> None:
    tab = new_tab(viewport={"width": 1280, "height": 800}).open()
    panel = open_streams(tab)
    tab.ask(long_answer.question)
    expect(rows_of(panel).nth(10)).to_be_visible()

    # More of them come by themselves, and the newest is in view.
    newest = numbers(panel)[-1]
    wait_for(
        tab.page,
        "n => Number([...document.querySelectorAll('.streams-row')].at(-1)?.dataset.number) > n",
        newest + 20,
    )

    # Paused, nothing moves; then what came meanwhile is there.
    panel.get_by_role("button", name="Pause").click()
    tab.page.wait_for_timeout(600)
    stopped = numbers(panel)
    tab.page.wait_for_timeout(900)
    assert numbers(panel) == stopped
    panel.get_by_role("button", name="Go on").click()
    wait_for(
        tab.page,
        "n => Number([...document.querySelectorAll('.streams-row')].at(-1)?.dataset.number) > n",
        stopped[-1] + 20,
    )
    long_answer.end()
    tab.answered()

    # Each mode has its own, and the last tab has all of them.
    found = {}
    for mode in MODES:
        choose(panel, mode)
        expect(panel.locator("[role=option], .inspector-note").first).to_be_visible()
        found[mode] = rows_of(panel).evaluate_all(
            "rows => [...new Set(rows.map(row => row.dataset.mode))]"
        )
    assert [found[mode] for mode in MODES[:3]] == [["values"], ["updates"], ["messages"]]
    assert found["tasks"] == ["tasks"]
    assert found["checkpoints"] == found["debug"] == []
    expect(panel.locator(".streams-row .name").last).to_have_text("end")

    # A search goes through all of the data.
    panel.get_by_role("searchbox", name="Search events").fill('"step":')
    expect(rows_of(panel).first).to_be_visible()
    panel.get_by_role("searchbox").fill("in no event")
    expect(panel.get_by_text("No event is like that.")).to_be_visible()
    panel.get_by_role("searchbox").fill("")

    # One is opened by keyboard, read as a tree, and copied as it came.
    choose(panel, "values")
    rows = panel.get_by_role("listbox", name="Events")
    rows.focus()
    rows.press("End")
    rows.press("Enter")
    event = panel.get_by_role("region", name=re.compile("^values "))
    expect(event.locator(".value")).to_contain_text("messages")
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    event.get_by_role("button", name="Copy as JSON").click()
    expect(event.get_by_text("Copied")).to_be_attached()
    copied = json.loads(tab.page.evaluate("navigator.clipboard.readText()"))
    assert copied["messages"][-1]["type"] == "ai"
    event.locator(".streams-data").press("Escape")
    expect(event).to_be_hidden()
    expect(inspector(tab.page)).to_be_visible()
    rows.press("Enter")
    event.get_by_role("button", name="Close").press("Enter")
    expect(event).to_be_hidden()
    expect(rows).to_be_focused()

    # The file has the same ones.
    with tab.page.expect_download() as download:
        panel.get_by_role("link", name="Download as .jsonl").click()
    download.value.save_as(tmp_path / "events.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert {line["mode"] for line in lines} == {"values"}
    assert lines[-1]["data"] == copied


def test_eight_thousand_events_are_as_quick_as_ten(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(viewport={"width": 1280, "height": 800}).open()
    panel = open_streams(tab)
    tab.ask(f"{MANY} every 0")
    count = panel.get_by_role("tab", name="messages", exact=True).locator(".count")
    expect(count).to_have_text(re.compile(r"^8,\d{3}$"), timeout=120_000)
    tab.answered()
    expect(panel.locator(".streams-row .name").last).to_have_text("end")
    assert len(numbers(panel)) < 100
    assert tab.page.evaluate(_SLOWEST) < 500
    rows = panel.get_by_role("listbox", name="Events")
    rows.focus()
    rows.press("Home")
    expect(panel.locator("[data-active]")).to_have_attribute("data-number", "1")
    panel.get_by_role("searchbox").fill("metadata")
    rows.press("End")
    expect(rows_of(panel).first).to_be_visible()


def test_a_mode_is_chosen_for_the_chat_and_stays_chosen(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(viewport={"width": 390, "height": 844}, color_scheme="dark").open()
    panel = open_streams(tab)
    panel.get_by_text("Modes: As the chat needs").click()
    for mode in ("updates", "messages", "custom"):
        panel.get_by_role("checkbox", name=mode, exact=True).uncheck()
    expect(panel.get_by_text("Modes: values")).to_be_visible()
    panel.get_by_role("button", name="Close the inspector").click()
    tab.ask("3")
    tab.answered()
    tab.page.reload()
    tab.awake()
    panel = open_streams(tab)
    expect(panel.get_by_text("Modes: values")).to_be_visible()
    expect(rows_of(panel).first).to_be_visible()
    names = panel.locator(".streams-row .name").all_inner_texts()
    assert set(names) == {"metadata", "values", "end"}
