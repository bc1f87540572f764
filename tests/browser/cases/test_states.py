"""Graphs whose state is no conversation: the input is a form, the answer is what a run wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.helpers.played import Played, read, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.browser import Tab

FIGS = [
    ("human", "Question\nfigs"),
    ("output", "Answer"),
    ("text", "Worked on 'figs' until it was done."),
]
DATES = [
    ("human", "Question\ndates"),
    ("output", "Answer"),
    ("text", "Worked on 'dates' until it was done."),
]


def fill(tab: Tab, question: str) -> None:
    """Fill in the form of the graph `form` with the keyboard, and run it to its end."""
    tab.page.get_by_label("Question").fill(question)
    tab.page.get_by_label("Question").press("Enter")
    answer = tab.page.locator(".log").get_by_text(f"Worked on '{question}' until it was done.")
    expect(answer).to_be_visible()
    expect(tab.stop).to_have_count(0)


def test_a_graph_without_messages_is_a_form_and_its_answer_the_state(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab().open()
    tab.choose("form")
    moments = record(tab)
    fill(tab, "figs")
    assert read(tab) == FIGS
    expect(tab.page.get_by_label("Question")).to_have_value("")
    fill(tab, "dates")
    played = Played(tab, moments)
    assert played.end == FIGS + DATES
    # No answer of an earlier turn stands below a later question.
    stale = [*FIGS, DATES[0], ("output", "Answer"), FIGS[2]]
    assert stale not in played.moments
    tab.thread_id()
    tab.page.reload()
    expect(tab.page.get_by_test_id("input-form")).to_be_visible()
    expect(tab.page.locator('.turn > [data-kind="text"]')).to_have_count(2)
    assert read(tab) == played.end
    expect(tab.page.get_by_label("Question")).to_be_visible()


def test_what_was_filled_in_is_edited_in_its_form(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab().open()
    tab.choose("form")
    fill(tab, "figs")
    fill(tab, "dates")
    first = tab.rows("human").first
    first.hover()
    first.get_by_role("button", name="Edit").click()
    form = tab.page.get_by_test_id("edit-message")
    expect(form.get_by_label("Question")).to_have_value("figs")
    form.get_by_label("Question").fill("nuts")
    form.get_by_role("button", name="Send").click()
    expect(first.get_by_text("2 / 2")).to_be_visible()
    expect(tab.page.locator(".log").get_by_text("Worked on 'nuts'")).to_be_visible()
    expect(tab.rows("human")).to_have_count(1)
    first.get_by_role("button", name="Previous version").click()
    expect(tab.page.locator(".log").get_by_text("Worked on 'dates'")).to_be_visible()
    assert read(tab) == FIGS + DATES


def test_an_answer_is_regenerated_with_another_assistant(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab().open()
    tab.choose("shapes")
    tab.ask("named")
    tab.answered()
    end = tab.rows("end")
    said = tab.answer()
    end.get_by_role("button", name="Regenerate with …").click()
    tab.page.get_by_role("menuitemcheckbox", name="Nodes").click()
    expect(end.get_by_text("2 / 2")).to_be_visible()
    assert tab.answer() != said
    end.get_by_role("button", name="Previous version").click()
    expect(end.get_by_text("1 / 2")).to_be_visible()
    assert tab.answer() == said


def test_a_string_that_an_entrypoint_returns_stays_with_its_question(
    play: Callable[..., Played],
) -> None:
    played = play("words", "hello")
    assert played.end[0] == ("human", "hello")
    assert played.end[-1][1].startswith("A string comes back for: ")
    assert played.reload()[-1] == played.end[-1]
    assert read(played.tab)[0] == ("human", "hello")
