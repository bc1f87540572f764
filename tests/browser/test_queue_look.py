"""The composer while a run goes: what sending does, and what waits above the box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chat_app.text import STOPPED
from tests.helpers.browser import wait_for
from tests.helpers.threads import end_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

PHONE = {"width": 390, "height": 844}
LONG = "write 10000 tokens"
GAP_AT_THE_END = """() => {
  const scroll = document.querySelector('[data-testid="scroll"]');
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight;
}"""


@pytest.fixture
def busy(tab: Tab, app: RunningApp) -> Iterator[Tab]:
    """A tab in which a long answer is being written."""
    yield with_long_answer(tab)
    end_runs(app, tab.thread_id())


def with_long_answer(tab: Tab) -> Tab:
    tab.ask(LONG)
    expect(tab.rows("text").first).to_be_visible()
    expect(tab.stop).to_be_visible()
    return tab


def send_button(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("send")


def strategy(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("strategy")


def waiting(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("waiting-message")


def queue_up(tab: Tab, *messages: str) -> None:
    for message in messages:
        tab.ask(message)
    expect(waiting(tab).locator("p")).to_have_text(messages)


def test_with_an_empty_box_there_is_only_stop_and_with_words_in_it_send_too(busy: Tab) -> None:
    expect(send_button(busy)).to_be_hidden()
    busy.composer.fill("and then")
    expect(send_button(busy)).to_be_visible()
    expect(busy.stop).to_be_visible()
    busy.composer.fill("")
    expect(send_button(busy)).to_be_hidden()


def test_what_sending_does_is_chosen_said_and_remembered(busy: Tab) -> None:
    busy.composer.fill("and then")
    expect(send_button(busy)).to_have_attribute("title", "Add to the queue")
    strategy(busy).select_option("Interrupt")
    expect(send_button(busy)).to_have_attribute("title", "Stop this answer and send")
    strategy(busy).select_option("Start over")
    expect(send_button(busy)).to_have_attribute("title", "Take back this answer and send")
    busy.thread_id()
    busy.page.reload()
    expect(strategy(busy)).to_have_value("rollback")


def test_there_is_nothing_to_choose_while_no_run_goes(tab: Tab) -> None:
    expect(tab.page.get_by_test_id("starter").first).to_be_visible()
    expect(strategy(tab)).to_have_count(0)
    expect(send_button(tab)).to_have_attribute("title", "Send")
    expect(send_button(tab)).to_be_visible()


@pytest.mark.parametrize("somewhere", ["the box", "the page"])
def test_escape_stops_the_run_and_leaves_the_draft(busy: Tab, somewhere: str) -> None:
    busy.composer.fill("and then")
    if somewhere == "the page":
        busy.composer.blur()
    busy.page.keyboard.press("Escape")
    expect(busy.stop).to_have_count(0)
    expect(busy.page.get_by_text(STOPPED, exact=True)).to_be_visible()
    expect(busy.composer).to_have_value("and then")


def test_escape_first_closes_what_is_open(new_tab: Callable[..., Tab]) -> None:
    tab = with_long_answer(new_tab(viewport=PHONE).open())
    tab.page.get_by_test_id("sidebar-button").click()
    expect(tab.page.get_by_test_id("new-chat")).to_be_visible()
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_test_id("new-chat")).to_be_hidden()
    expect(tab.stop).to_be_enabled()
    tab.page.keyboard.press("Escape")
    expect(tab.stop).to_have_count(0)


def test_waiting_messages_stand_above_the_box_next_one_first(busy: Tab) -> None:
    queue_up(busy, "first", "second", "third")
    expect(busy.page.locator(".queue-place")).to_have_text(["Next", "2", "3"])
    expect(waiting(busy).first.get_by_label("Move up")).to_have_count(0)
    expect(busy.composer).to_have_value("")
    expect(busy.questions).to_have_text([LONG])


def test_the_end_of_the_answer_stays_in_sight_while_the_queue_grows(busy: Tab) -> None:
    expect(busy.page.locator(".log")).to_contain_text("From the server")
    queue_up(busy, "first", "second", "third", "fourth")
    wait_for(busy.page, f"({GAP_AT_THE_END})() < 3")


def test_a_waiting_message_is_taken_back_to_be_edited_in_front_of_what_stands(busy: Tab) -> None:
    queue_up(busy, "first", "second")
    busy.composer.fill("a draft")
    waiting(busy).first.get_by_label("Edit").click()
    expect(busy.composer).to_have_value("first\n\na draft")
    expect(busy.composer).to_be_focused()
    expect(waiting(busy).locator("p")).to_have_text(["second"])
    busy.thread_id()
    busy.page.reload()
    expect(waiting(busy)).to_have_count(1)
    expect(busy.composer).to_have_value("first\n\na draft")


def test_waiting_messages_are_moved_and_removed_by_keyboard(busy: Tab) -> None:
    queue_up(busy, "first", "second", "third")
    waiting(busy).nth(2).get_by_label("Move up").press("Enter")
    expect(waiting(busy).locator("p")).to_have_text(["first", "third", "second"])
    waiting(busy).nth(0).get_by_label("Remove").press("Enter")
    expect(waiting(busy).locator("p")).to_have_text(["third", "second"])


def test_a_waiting_message_is_sent_now(busy: Tab) -> None:
    queue_up(busy, "what is 6 * 7")
    waiting(busy).get_by_label("Stop this answer and send now").click()
    expect(busy.questions).to_have_text([LONG, "what is 6 * 7"])
    busy.answered()
    assert "42" in busy.answer()
    expect(waiting(busy)).to_have_count(0)


def test_a_very_long_waiting_message_takes_two_lines(busy: Tab) -> None:
    busy.paste("a very long message " * 5_000)
    busy.composer.press("Enter")
    expect(waiting(busy)).to_have_count(1)
    box = waiting(busy).bounding_box()
    assert box
    assert box["height"] < 60


def test_on_a_phone_the_queue_is_made_for_thumbs_and_leaves_room(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    phone = new_tab(viewport=PHONE, has_touch=True, is_mobile=True).open()
    with_long_answer(phone)
    queue_up(phone, *(f"message {n}" for n in range(8)))
    for button in waiting(phone).nth(1).get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
    box = phone.page.get_by_test_id("queue").bounding_box()
    assert box
    assert box["height"] <= 0.3 * PHONE["height"] + 1
    expect(waiting(phone).last).to_be_in_viewport()
    expect(waiting(phone).first).not_to_be_in_viewport()
    end_runs(app, phone.thread_id())
