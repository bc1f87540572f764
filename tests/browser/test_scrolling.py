"""The view goes where the reader means it to be, whatever grows around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chat_app.state.painter import PAGE
from tests.helpers.browser import wait_for
from tests.helpers.threads import thread_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

LONG = 400
GAP = "scroll => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight"
AS_PAINTED = """rows => new Promise(then => {
    // Rows that came a moment ago are put in their place only just before the paint.
    const painted = new IntersectionObserver(all => { painted.disconnect(); then(all); });
    rows.forEach(row => painted.observe(row));
})"""
LOOK_AT = f"""async () => {{
    const {{top}} = document.querySelector(".scroll").getBoundingClientRect();
    document.querySelector("[data-seen]")?.removeAttribute("data-seen");
    const rows = await ({AS_PAINTED})([...document.querySelectorAll('[data-testid="row"]')]);
    const seen = rows.find(row => row.boundingClientRect.top > top + 5);
    seen.target.dataset.seen = "";
    return seen.boundingClientRect.top;
}}"""
WHERE = f"""async () => {{
    const [seen] = await ({AS_PAINTED})([document.querySelector("[data-seen]")]);
    return seen.boundingClientRect.top;
}}"""


def scroll_of(tab: Tab) -> Any:
    return tab.page.get_by_test_id("scroll")


def gap(tab: Tab) -> float:
    return scroll_of(tab).evaluate(GAP)


def at_end(tab: Tab) -> None:
    wait_for(tab.page, f"() => ({GAP})(document.querySelector('.scroll')) < 2")


def turn_the_wheel(tab: Tab, by: float) -> None:
    scroll_of(tab).hover()
    tab.page.mouse.wheel(0, by)


def turn_the_wheel_to_its_end(tab: Tab, by: float) -> None:
    """Turn the wheel and wait until the page has scrolled: that takes a frame after the event."""
    scroll = scroll_of(tab)
    scroll.evaluate(
        "scroll => { window.isTurned = false; scroll.addEventListener('wheel',"
        "() => requestAnimationFrame(() => requestAnimationFrame(() => (window.isTurned = true))),"
        "{ once: true, passive: true }); }"
    )
    turn_the_wheel(tab, by)
    wait_for(tab.page, "() => window.isTurned")


@pytest.fixture
def long_thread(app: RunningApp) -> str:
    """A thread of 400 messages on the real server."""
    messages = [
        {"type": kind, "id": f"{kind}{n}", "content": f"{kind} number {n}, a message\n\nof two."}
        for n in range(LONG // 2)
        for kind in ("human", "ai")
    ]
    return thread_of(app, messages)


@pytest.fixture
def reading(new_tab: Callable[..., Tab], long_thread: str) -> Tab:
    tab = new_tab().open(long_thread)
    expect(tab.page.get_by_text(f"ai number {LONG // 2 - 1}, a message")).to_be_in_viewport()
    return tab


def test_a_long_thread_opens_at_its_end_with_few_of_its_messages(reading: Tab) -> None:
    at_end(reading)
    rows = reading.page.get_by_test_id("row").count()
    assert PAGE <= rows <= PAGE + 5
    expect(reading.page.get_by_test_id("earlier")).to_contain_text("Show earlier messages (")


def test_earlier_messages_come_without_a_jump_until_the_first_one(reading: Tab) -> None:
    page = reading.page
    first = page.get_by_text("human number 0, a message")
    for _ in range(400):
        turn_the_wheel_to_its_end(reading, -1500)
        before, rows = page.evaluate(LOOK_AT), page.get_by_test_id("row").count()
        page.wait_for_timeout(120)
        moved = page.evaluate(WHERE) - before
        assert abs(moved) <= 1, f"{moved} px with {page.get_by_test_id('row').count() - rows} rows"
        if first.count():
            break
    expect(first).to_be_attached()
    expect(page.get_by_test_id("earlier")).to_have_count(0)
    assert page.get_by_test_id("row").count() >= LONG


def test_earlier_messages_can_be_asked_for_by_keyboard(reading: Tab) -> None:
    earlier = reading.page.get_by_test_id("earlier")
    rows = reading.page.get_by_test_id("row").count()
    earlier.focus()
    earlier.press("Enter")
    expect(reading.page.get_by_test_id("row").nth(rows + 20)).to_be_attached()


def test_a_message_of_ones_own_goes_to_the_end_and_lets_old_rows_go(reading: Tab) -> None:
    reading.page.get_by_test_id("earlier").click()
    expect(reading.page.get_by_test_id("row").nth(60)).to_be_attached()
    turn_the_wheel_to_its_end(reading, -800)
    reading.ask("what time is it in Paris")
    reading.answered()
    at_end(reading)
    assert reading.page.get_by_test_id("row").count() < 100


def test_content_that_shrinks_and_grows_again_in_one_frame_is_no_scroll_up(reading: Tab) -> None:
    at_end(reading)
    scroll_of(reading).evaluate(
        """async scroll => {
            const frame = () => new Promise(then => requestAnimationFrame(() => setTimeout(then)));
            const row = document.createElement("div");
            row.style.height = "3000px";
            scroll.firstElementChild.append(row);
            await frame();
            row.style.height = "500px";
            scroll.getBoundingClientRect(); // the browser lowers the scroll position here
            row.style.height = "2000px";
            await frame();
            await frame();
        }"""
    )
    at_end(reading)
    expect(reading.page.get_by_test_id("jump")).to_have_count(0)


def test_the_smallest_scroll_up_ends_following_and_the_view_stays_put(tab: Tab) -> None:
    tab.ask("write 1500 tokens")
    expect(tab.rows("text").nth(3)).to_be_visible()
    wait_for(
        tab.page,
        "() => { const s = document.querySelector('[data-testid=scroll]');"
        "return s.scrollHeight > s.clientHeight + 200 }",
    )
    at_end(tab)
    turn_the_wheel(tab, -40)
    expect(tab.page.get_by_test_id("jump")).to_be_visible()
    at = scroll_of(tab).evaluate("scroll => scroll.scrollTop")
    tab.answered()
    assert abs(scroll_of(tab).evaluate("scroll => scroll.scrollTop") - at) <= 1
    assert gap(tab) > 40
    tab.page.get_by_test_id("jump").click()
    expect(tab.page.get_by_test_id("jump")).to_have_count(0)
    at_end(tab)


def test_the_way_back_counts_the_messages_that_came_meanwhile(reading: Tab) -> None:
    reading.ask("wait 5 seconds")
    expect(reading.rows("human").last).to_contain_text("wait 5")
    turn_the_wheel(reading, -300)
    jump = reading.page.get_by_test_id("jump")
    expect(jump).to_be_visible()
    expect(reading.stop).to_have_count(0)
    # The call is one of them, unless it came before the wheel turned.
    expect(reading.page.get_by_test_id("fresh")).to_have_text(re.compile("^[12]$"))
    count = reading.page.get_by_test_id("fresh").inner_text()
    expect(jump).to_have_attribute("aria-label", f"Jump to latest ({count})")


def test_what_loads_late_above_does_not_push_the_view(reading: Tab) -> None:
    turn_the_wheel(reading, -900)
    wait_for(reading.page, f"() => ({GAP})(document.querySelector('.scroll')) > 850")
    reading.page.wait_for_timeout(200)
    seen = reading.page.evaluate(LOOK_AT)
    reading.page.evaluate("document.querySelector('[data-testid=row]').style.paddingTop = '333px'")
    reading.page.wait_for_timeout(100)
    assert abs(reading.page.evaluate(WHERE) - seen) <= 1


def test_a_window_that_grows_with_what_it_shows_stays_at_the_end(reading: Tab) -> None:
    foot = reading.page.locator(".foot")
    foot.evaluate("foot => { foot.style.paddingTop = '60px' }")
    at_end(reading)
    foot.evaluate(f"""foot => {{
        foot.style.paddingTop = "";
        ({GAP})(document.querySelector(".scroll"));  // as React asks for sizes between two changes
        document.querySelector(".log").style.paddingBottom = "90px";
    }}""")
    at_end(reading)
    expect(reading.page.get_by_test_id("jump")).to_have_count(0)


def test_the_page_keys_leaf_through_the_chat_while_one_writes(reading: Tab) -> None:
    reading.composer.fill("half a question")
    reading.composer.press("PageUp")
    expect(reading.page.get_by_test_id("jump")).to_be_visible()
    reading.composer.press("PageDown")
    reading.composer.press("PageDown")
    at_end(reading)
    expect(reading.composer).to_have_value("half a question")
