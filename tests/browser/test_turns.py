"""Turns: articles with headings, whose steps fold to one line once they are done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.helpers.threads import thread_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

WORKED = re.compile(r"^Worked for [\d.]+ s, \d+ steps$")


def line_of(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("steps")


def call(number: int) -> dict[str, Any]:
    return {"id": f"c{number}", "name": "lookup", "args": {"n": number}, "type": "tool_call"}


def worked(turn: int, steps: int) -> list[dict[str, Any]]:
    """A question, an answer in steps with text between them, and its end."""
    numbers = [turn * 100 + n for n in range(steps)]
    return [
        {"type": "human", "content": f"Question {turn}.", "id": f"h{turn}"},
        *(
            message
            for n in numbers
            for message in (
                {"type": "ai", "content": f"Now {n}.", "id": f"a{n}", "tool_calls": [call(n)]},
                {"type": "tool", "tool_call_id": f"c{n}", "name": "lookup", "content": "found"},
            )
        ),
        {"type": "ai", "content": f"## Result {turn}\n\nAll found.", "id": f"e{turn}"},
    ]


@pytest.fixture
def folded(new_tab: Callable[..., Tab], app: RunningApp) -> Tab:
    """A tab in which a thread of two finished turns is open."""
    tab = new_tab().open(thread_of(app, [*worked(1, 3), *worked(2, 2)]))
    expect(line_of(tab)).to_have_count(2)
    return tab


def test_each_turn_is_an_article_with_a_heading_above_those_of_the_answer(folded: Tab) -> None:
    articles = folded.page.get_by_role("article")
    expect(articles).to_have_count(4)
    names = [article.get_by_role("heading").first.inner_text() for article in articles.all()]
    assert names[0] == names[2] == "You"
    assert names[1] == names[3] != "You"
    expect(folded.page.get_by_role("article", name="You")).to_have_count(2)
    heading = articles.nth(1).locator(".prose :is(h1, h2, h3)")
    expect(heading).to_have_text("Result 1")
    expect(heading).to_have_attribute("aria-level", "3")


def test_steps_are_folded_after_a_load_and_open_for_as_long_as_the_page_lives(folded: Tab) -> None:
    first = folded.page.get_by_role("button", name="3 steps", exact=True)
    expect(first).to_have_attribute("aria-expanded", "false")
    expect(folded.rows("tool")).to_have_count(5)
    assert [row.is_visible() for row in folded.rows("tool").all()] == [False] * 5
    expect(folded.page.get_by_text("Now 101.")).to_be_visible()
    first.focus()
    folded.page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-expanded", "true")
    expect(first).to_be_focused()
    assert [row.is_visible() for row in folded.rows("tool").all()] == [True] * 3 + [False] * 2
    shown = [kind for kind, _ in folded.conversation()]
    assert shown[:6] == ["human", "text", "steps", "tool", "text", "tool"]
    folded.page.get_by_test_id("steps-toggle").click()
    expect(first).to_be_hidden()
    expect(folded.rows("tool").first).to_be_hidden()
    folded.page.get_by_test_id("steps-toggle").click()
    expect(folded.rows("tool").first).to_be_visible()
    expect(folded.rows("tool").last).to_be_hidden()
    folded.page.reload()
    expect(first).to_have_attribute("aria-expanded", "false")


def test_steps_are_lines_while_they_run_and_fold_to_one_that_a_reload_shows_too(tab: Tab) -> None:
    tab.ask("Research Lisbon and Tokyo")
    expect(tab.rows("agent").or_(tab.rows("tool")).last).to_be_visible()
    expect(line_of(tab)).to_have_count(0)
    tab.answered()
    expect(line_of(tab)).to_have_text(WORKED)
    said = line_of(tab).inner_text()
    expect(tab.rows("tool").first).to_be_hidden()
    expect(tab.page.get_by_role("article")).to_have_count(2)
    tab.thread_id()
    tab.page.reload()
    expect(line_of(tab)).to_have_text(said)


def test_steps_that_a_reader_is_at_do_not_fold_under_them(tab: Tab) -> None:
    tab.ask("Research Lisbon and Tokyo")
    summary = tab.rows("tool").first.locator("summary").first
    summary.focus()
    tab.answered()
    expect(line_of(tab)).to_have_attribute("aria-expanded", "true")
    expect(summary).to_be_focused()
    expect(summary).to_be_visible()
    line_of(tab).click()
    expect(summary).to_be_hidden()


TOP = "row => row.getBoundingClientRect().top"


def test_folding_and_opening_move_nothing_that_a_reader_looks_at(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    turns = [message for turn in range(1, 8) for message in worked(turn, 3)]
    tab = new_tab(viewport={"width": 1000, "height": 600}).open(thread_of(app, turns))
    tab.ask("Research Lisbon and Tokyo")
    expect(tab.rows("tool", name="write_todos")).to_be_visible()
    tab.page.get_by_test_id("scroll").hover()
    tab.page.mouse.wheel(0, -600)
    expect(tab.page.get_by_test_id("jump")).to_be_visible()
    looked_at = tab.page.get_by_text("All found.").last
    before = looked_at.evaluate(TOP)
    tab.answered()
    expect(line_of(tab)).to_have_count(8)
    assert abs(looked_at.evaluate(TOP) - before) <= 1

    tab.page.get_by_test_id("jump").click()
    expect(tab.page.get_by_test_id("jump")).to_have_count(0)
    line = line_of(tab).last
    line.scroll_into_view_if_needed()
    before = line.evaluate(TOP)
    line.click()
    expect(tab.rows("tool", name="write_todos").last).to_be_visible()
    assert abs(line.evaluate(TOP) - before) <= 1


def test_an_old_plan_does_not_float_and_names_of_files_open_them(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    args = {"path": "docs/report.md", "content": "# Report"}
    plan = [{"content": "Write the report", "status": "completed"}]
    calls = [
        {"id": "w", "name": "write_file", "args": args, "type": "tool_call"},
        {"id": "t", "name": "write_todos", "args": {"todos": plan}, "type": "tool_call"},
    ]
    told = "See `report.md`, [it](docs/report.md), `other.md`, [no](secret.md), `a/report.md`."
    messages = [
        {"type": "human", "content": "Write.", "id": "h1"},
        {"type": "ai", "content": "", "id": "a1", "tool_calls": calls},
        *(
            {"type": "tool", "tool_call_id": call["id"], "name": call["name"], "content": "ok"}
            for call in calls
        ),
        {"type": "ai", "content": told, "id": "a2"},
        {"type": "human", "content": "Thanks.", "id": "h2"},
        {"type": "ai", "content": "You are welcome.", "id": "a3"},
    ]
    files = {"docs/report.md": "# Report\n\nfound"}
    tab = new_tab().open(thread_of(app, messages, files=files, todos=plan))
    answers = tab.page.locator(".turn:not([data-asked])")
    card = answers.first.get_by_test_id("plan")
    expect(card).to_contain_text("1 of 1")
    expect(tab.page.get_by_test_id("plan")).to_have_count(1)
    expect(tab.page.get_by_test_id("file")).to_have_count(1)
    expect(answers.first.get_by_test_id("file")).to_have_text(re.compile("report.md"))
    expect(tab.page.get_by_test_id("workspace")).to_have_count(0)
    card.locator("summary").click()
    expect(card.get_by_role("listitem")).to_contain_text("Write the report")

    names = tab.page.get_by_test_id("file-name")
    expect(names).to_have_text(["report.md", "it"])
    names.first.focus()
    tab.page.keyboard.press("Enter")
    panel = tab.page.get_by_test_id("panel")
    expect(panel.get_by_role("heading", name="Report", exact=True)).to_be_visible()
    tab.page.keyboard.press("Escape")
    expect(names.first).to_be_focused()
    names.last.click()
    expect(panel).to_contain_text("found")
