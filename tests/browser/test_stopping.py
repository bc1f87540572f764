"""Ending a run, by hand and by accident."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.helpers.played import record, until_over
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab


def runs_going(app: RunningApp, thread_id: str) -> list[str]:
    with app.agent().client() as agent:
        runs = agent.get(f"/threads/{thread_id}/runs").json()
    return [run["run_id"] for run in runs if run["status"] in {"pending", "running"}]


def start_long_answer(tab: Tab, app: RunningApp) -> str:
    tab.ask("write 10000 tokens")
    expect(tab.rows("text").first).to_be_visible()
    thread_id = tab.thread_id()
    assert runs_going(app, thread_id)
    return thread_id


def test_stop_ends_the_run_at_the_server_and_the_next_message_works(
    tab: Tab, app: RunningApp
) -> None:
    thread_id = start_long_answer(tab, app)
    tab.stop.click()
    soon(lambda: not runs_going(app, thread_id))
    expect(tab.stop).to_have_count(0)
    expect(tab.rows("text").first).to_be_visible()
    expect(tab.rows("error")).to_have_count(0)

    tab.ask("what is 6 * 7")
    expect(tab.rows("tool", name="calculator", status="done")).to_have_count(1)
    tab.answered()
    assert "42" in tab.answer()


def test_what_was_written_before_a_stop_is_there_after_a_reload(tab: Tab, app: RunningApp) -> None:
    start_long_answer(tab, app)
    tab.stop.click()
    expect(tab.stop).to_have_count(0)
    first = tab.rows("text").first.inner_text()
    tab.page.reload()
    expect(tab.questions).to_have_count(1)
    expect(tab.rows("text").first).to_have_text(first, use_inner_text=True)


def test_a_run_goes_on_while_no_tab_is_open(tab: Tab, app: RunningApp) -> None:
    thread_id = start_long_answer(tab, app)
    tab.page.get_by_test_id("new-chat").click()
    expect(tab.page.get_by_test_id("starter").first).to_be_visible()
    expect(tab.stop).to_have_count(0)
    assert runs_going(app, thread_id)
    tab.open(f"/t/{thread_id}")
    expect(tab.stop).to_be_visible()
    expect(tab.rows("text").first).to_be_visible()
    tab.stop.click()
    soon(lambda: not runs_going(app, thread_id))


def test_a_failing_run_keeps_what_was_written_says_why_and_offers_to_try_again(tab: Tab) -> None:
    tab.ask("please fail")
    error = tab.rows("error")
    expect(error).to_be_visible()
    expect(error).to_contain_text("failed on purpose")
    expect(tab.rows("text")).to_contain_text("the beginning of an answer")
    expect(tab.questions).to_have_count(1)
    assert "Traceback" not in error.inner_text()

    record(tab)
    tab.page.get_by_test_id("retry").click()
    until_over(tab)
    expect(tab.page.get_by_test_id("retry")).to_be_visible()
    expect(tab.questions).to_have_count(1)

    tab.ask("hello")
    expect(tab.rows("text").filter(has_text="No language model is connected")).to_be_visible()
    expect(tab.questions).to_have_count(2)


def test_a_failed_thread_is_readable_after_a_reload(tab: Tab) -> None:
    tab.ask("please fail")
    expect(tab.rows("error")).to_be_visible()
    tab.thread_id()
    tab.page.reload()
    expect(tab.questions).to_have_text("please fail")
    expect(tab.composer).to_be_editable()
    expect(tab.page.get_by_text(re.compile("failed on purpose"))).to_have_count(1)
