"""The way from the browser to the app: lost, back, asleep; and what was on it meanwhile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.faults import FaultyProxy, faulty_proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

QUESTION = "a question worth keeping"
LOST = re.compile("Connection lost")
NETWORK = re.compile(r"WebSocket connection to|net::ERR_")
REMEMBER_BARS = """
window.bars = 0;
const count = () => { window.bars += document.querySelectorAll(".connection").length };
new MutationObserver(count).observe(document, {childList: true, subtree: true});
"""
BREAK_A_HANDLER = """() => {
  const name = "reflex___state____state.chat_app___state___queue____queue_state.choose";
  window.__reflex["$/utils/context"].addEvents([{name, payload: {}}]);  // its argument is missing
}"""


@pytest.fixture
def way(app: RunningApp) -> Iterator[FaultyProxy]:
    """All that goes between the browser and the app."""
    with faulty_proxy(app.url) as proxy:
        yield proxy


@pytest.fixture
def far_tab(new_tab: Callable[..., Tab], way: FaultyProxy) -> Iterator[Tab]:
    """A tab at `/`, at the other end of the way. A network that fails is no fault of the page."""
    tab = new_tab()
    tab.url = way.url
    tab.open()
    expect(tab.page.get_by_text("Your chats appear here")).to_be_visible()
    yield tab
    tab.page.goto("about:blank")
    tab.faults[:] = [fault for fault in tab.faults if not NETWORK.search(fault)]


def bar(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("connection")


def lose(way: FaultyProxy, tab: Tab) -> None:
    """Press Enter at the moment in which the connection dies, unseen by the page."""
    way.stall()
    tab.ask(QUESTION)
    expect(tab.composer).to_have_value("")
    way.refuse()
    way.flow()


def test_a_lost_connection_is_said_after_a_moment_and_no_longer_once_it_is_back(
    far_tab: Tab, way: FaultyProxy
) -> None:
    expect(bar(far_tab)).to_have_count(0)
    way.refuse()
    expect(bar(far_tab)).to_have_text(LOST)
    way.accept()
    expect(bar(far_tab)).to_have_count(0)
    far_tab.ask("hello")
    far_tab.answered()


def open_with_a_clock(tab: Tab) -> None:
    """Open the page with a clock that can be moved: in one that is open it begins at 1970."""
    tab.page.goto("about:blank")
    tab.page.clock.install()
    tab.open()
    expect(tab.page.get_by_text("Your chats appear here")).to_be_visible()


def stop_the_clock_and_the_connection(tab: Tab, way: FaultyProxy) -> None:
    with tab.page.expect_websocket() as opened:
        open_with_a_clock(tab)
    # It is too late for a time that has passed meanwhile.
    tab.page.clock.pause_at(tab.page.evaluate("Date.now() / 1000 + 10"))
    with opened.value.expect_event("close"):
        way.refuse()


def test_only_a_connection_that_stays_away_is_news(far_tab: Tab, way: FaultyProxy) -> None:
    stop_the_clock_and_the_connection(far_tab, way)
    far_tab.page.clock.run_for(900)
    expect(bar(far_tab)).to_have_count(0)
    far_tab.page.clock.run_for(1000)
    expect(bar(far_tab)).to_have_count(1)


def test_enter_during_a_moment_without_connection_is_not_in_vain(
    far_tab: Tab, way: FaultyProxy
) -> None:
    stop_the_clock_and_the_connection(far_tab, way)
    far_tab.ask(QUESTION)
    expect(far_tab.composer).to_have_value(QUESTION)
    way.accept()
    far_tab.page.clock.run_for(800)  # the next try is among these
    expect(far_tab.questions).to_have_text([QUESTION])
    expect(far_tab.composer).to_have_value("")


def test_loading_and_moving_around_show_no_bar(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab()
    tab.page.add_init_script(REMEMBER_BARS)
    tab.open()
    tab.ask("hello")
    tab.answered()
    tab.thread_id()
    tab.page.get_by_test_id("new-chat").click()
    expect(tab.page.get_by_test_id("starter").first).to_be_visible()
    assert tab.page.evaluate("window.bars") == 0
    tab.page.reload()
    expect(tab.page.get_by_test_id("starter").first).to_be_visible()
    tab.thread_links.first.click()
    expect(tab.questions).to_have_text("hello")
    assert tab.page.evaluate("window.bars") == 0


def held(tab: Tab) -> Locator:
    """The messages that wait for the connection."""
    return tab.page.get_by_test_id("held-message")


def test_messages_without_a_connection_wait_in_their_order_and_are_sent_once_it_is_back(
    far_tab: Tab, way: FaultyProxy
) -> None:
    # With its clock stopped the page does not connect by itself before "Retry now" is pressed.
    stop_the_clock_and_the_connection(far_tab, way)
    far_tab.page.clock.run_for(1900)
    expect(bar(far_tab)).to_be_visible()
    for message in ("2 times", "taken back", "3 times"):
        far_tab.ask(message)
        expect(far_tab.composer).to_have_value("")
    expect(held(far_tab)).to_have_text(["2 times", "taken back", "3 times"])
    waits = far_tab.page.get_by_text("Will be sent when the connection is back", exact=True)
    expect(waits).to_have_count(1)
    expect(far_tab.questions).to_have_count(0)
    back = held(far_tab).nth(1).get_by_role("button", name="Take back into the message box")
    back.click()
    expect(far_tab.composer).to_have_value("taken back")
    expect(far_tab.composer).to_be_focused()
    way.accept()
    bar(far_tab).get_by_role("button", name="Retry now").click()
    far_tab.page.clock.resume()
    expect(held(far_tab)).to_have_count(0)
    far_tab.answered()
    expect(far_tab.questions).to_have_text(["2 times", "3 times"])
    expect(far_tab.composer).to_have_value("taken back")
    far_tab.page.reload()
    far_tab.answered()
    expect(far_tab.questions).to_have_text(["2 times", "3 times"])


def test_a_message_without_a_connection_outlasts_a_reload_but_does_not_follow_into_another_chat(
    far_tab: Tab, way: FaultyProxy
) -> None:
    far_tab.ask("hello")
    far_tab.answered()
    thread_id = far_tab.thread_id()
    way.refuse()
    expect(bar(far_tab)).to_be_visible()
    far_tab.ask("of the thread")
    expect(held(far_tab)).to_have_text("of the thread")
    far_tab.page.goto("about:blank")
    way.accept()
    far_tab.open(f"/t/{thread_id}")
    expect(far_tab.questions).to_have_text(["hello", "of the thread"])
    far_tab.answered()
    way.refuse()
    expect(bar(far_tab)).to_be_visible()
    far_tab.ask("left behind")
    expect(held(far_tab)).to_have_text("left behind")
    far_tab.page.goto("about:blank")
    way.accept()
    far_tab.open("/")
    expect(far_tab.thread_links).to_have_count(1)
    expect(far_tab.composer).to_have_value("")
    far_tab.thread_links.click()
    expect(far_tab.composer).to_have_value("left behind")
    expect(far_tab.questions).to_have_text(["hello", "of the thread"])


def test_a_message_into_a_dead_connection_comes_back_in_front_of_what_was_written_since(
    far_tab: Tab, way: FaultyProxy
) -> None:
    lose(way, far_tab)
    far_tab.composer.fill("and another thought")
    way.accept()
    expect(far_tab.composer).to_have_value(f"{QUESTION}\n\nand another thought")
    expect(far_tab.questions).to_have_count(0)
    far_tab.composer.fill(QUESTION)
    far_tab.composer.press("Enter")
    far_tab.answered()
    expect(far_tab.questions).to_have_text([QUESTION])


def test_a_message_into_a_dead_connection_outlasts_the_page(far_tab: Tab, way: FaultyProxy) -> None:
    way.stall()
    far_tab.ask(QUESTION)
    expect(far_tab.composer).to_have_value("")
    far_tab.page.goto("about:blank")
    way.cut()
    way.flow()
    far_tab.open()
    expect(far_tab.composer).to_have_value(QUESTION)
    expect(far_tab.questions).to_have_count(0)
    far_tab.page.reload()
    far_tab.awake()
    expect(far_tab.composer).to_have_value(QUESTION)


def test_a_message_in_a_thread_waits_there_for_the_page_to_come_back_to_it(
    far_tab: Tab, way: FaultyProxy
) -> None:
    far_tab.ask("hello")
    far_tab.answered()
    thread_id = far_tab.thread_id()
    way.stall()
    far_tab.ask(QUESTION)
    far_tab.page.goto("about:blank")
    way.cut()
    way.flow()
    far_tab.open("/")
    expect(far_tab.thread_links).to_have_count(1)
    expect(far_tab.composer).to_have_value("")
    far_tab.thread_links.click()
    expect(far_tab.composer).to_have_value(QUESTION)
    assert far_tab.thread_id() == thread_id
    expect(far_tab.questions).to_have_text(["hello"])


def test_a_message_that_is_not_accepted_comes_back_after_ten_seconds(
    far_tab: Tab, way: FaultyProxy
) -> None:
    open_with_a_clock(far_tab)
    way.stall()
    asked = far_tab.page.evaluate("Date.now()")
    far_tab.ask(QUESTION)
    expect(far_tab.composer).to_have_value("")
    far_tab.page.clock.fast_forward(5_000)
    # The clock runs on beside this, and a busy machine is slow.
    value, now = far_tab.composer.evaluate("box => [box.value, Date.now()]")
    assert value == "" or now >= asked + 10_000
    far_tab.page.clock.fast_forward(6_000)
    expect(far_tab.composer).to_have_value(QUESTION)


def test_a_message_that_was_taken_does_not_come_back(tab: Tab) -> None:
    tab.ask("hello")
    tab.thread_id()
    tab.page.reload()
    expect(tab.questions).to_have_count(1)
    tab.answered()
    expect(tab.composer).to_have_value("")


def test_a_message_that_is_on_its_way_while_a_chat_opens_does_not_come_back(
    far_tab: Tab, way: FaultyProxy
) -> None:
    way.delay(0.3)
    far_tab.page.get_by_test_id("new-chat").click()
    far_tab.ask(QUESTION)
    expect(far_tab.questions).to_have_text([QUESTION])
    far_tab.answered()
    expect(far_tab.composer).to_have_value("")


def test_enter_that_is_faster_than_the_page_sends_once_that_is_there(
    new_tab: Callable[..., Tab],
) -> None:
    tab, opened = new_tab(), []
    hold = lambda way: opened.append(way)  # noqa: E731, PLW0108 - Playwright marks what it calls
    tab.page.route_web_socket(re.compile("_event"), hold)
    tab.page.goto(tab.url)
    tab.awake()
    tab.ask(QUESTION)
    expect(tab.composer).to_have_value(QUESTION)
    opened[-1].connect_to_server()
    expect(tab.questions).to_have_text([QUESTION])
    expect(tab.composer).to_have_value("")


def test_a_browser_without_a_network_says_so_at_once(far_tab: Tab, way: FaultyProxy) -> None:
    way.refuse()
    far_tab.page.context.set_offline(True)
    expect(bar(far_tab)).to_contain_text("You are offline")
    far_tab.page.context.set_offline(False)
    expect(bar(far_tab)).to_have_text(LOST)
    way.accept()
    expect(bar(far_tab)).to_have_count(0)


def test_a_page_that_slept_connects_anew(far_tab: Tab) -> None:
    open_with_a_clock(far_tab)
    far_tab.page.clock.fast_forward(30_000)
    far_tab.ask("hello")
    far_tab.answered()
    with far_tab.page.expect_websocket():
        far_tab.page.clock.fast_forward(300_000)
    far_tab.composer.fill("hello again")
    for _ in range(100):  # Enter waits for a new connection, but only for a moment
        far_tab.composer.press("Enter")
        far_tab.page.wait_for_timeout(100)
        if not far_tab.composer.input_value():
            break
    expect(far_tab.questions).to_have_count(2)
    expect(bar(far_tab)).to_have_count(0)


def test_a_failure_of_the_app_itself_is_said(tab: Tab) -> None:
    tab.page.evaluate(BREAK_A_HANDLER)
    expect(bar(tab)).to_contain_text("Something went wrong in the app")
    bar(tab).get_by_role("button", name="Reload").click()
    expect(bar(tab)).to_have_count(0)
    tab.awake()
