"""The composer: what sends, what does not, and what it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.helpers.browser import Tab

COMPOSING_ENTER = """(box, more) => {
  const enter = {key: "Enter", bubbles: true, cancelable: true, ...more};
  box.dispatchEvent(new KeyboardEvent("keydown", enter));
}"""


def test_enter_sends_and_empties_the_box(tab: Tab) -> None:
    tab.ask("hello")
    expect(tab.questions).to_have_text("hello")
    expect(tab.composer).to_have_value("")
    tab.answered()


def test_the_send_button_sends(tab: Tab) -> None:
    tab.composer.fill("hello")
    tab.page.get_by_test_id("send").click()
    expect(tab.questions).to_have_text("hello")


def test_shift_enter_breaks_the_line(tab: Tab) -> None:
    tab.composer.press_sequentially("one")
    tab.composer.press("Shift+Enter")
    tab.composer.press_sequentially("two")
    expect(tab.composer).to_have_value("one\ntwo")
    tab.composer.press("Enter")
    expect(tab.questions).to_have_text("one\ntwo", use_inner_text=True)


@pytest.mark.parametrize("more", [{"isComposing": True}, {"keyCode": 229}])
def test_enter_that_ends_a_composition_does_not_send(tab: Tab, more: dict[str, object]) -> None:
    tab.composer.fill("こんにちは")
    tab.composer.evaluate(COMPOSING_ENTER, more)
    expect(tab.composer).to_have_value("こんにちは")
    tab.composer.evaluate(COMPOSING_ENTER, {})  # the same key without a composition does send
    expect(tab.questions).to_have_text("こんにちは")


@pytest.mark.parametrize("nothing", ["", "   ", " \n\t\n "])
def test_a_message_without_a_word_is_not_sent(tab: Tab, nothing: str) -> None:
    tab.ask(nothing)
    tab.ask("hello")
    expect(tab.questions).to_have_text(["hello"])


def test_two_megabytes_are_refused_in_words_and_the_draft_stays(tab: Tab) -> None:
    pasted = "0123456789 " * 200_000
    tab.paste(pasted)
    tab.composer.press("Enter")
    expect(tab.page.get_by_text(re.compile("too long to send"))).to_be_visible()
    assert tab.composer.input_value() == pasted
    expect(tab.questions).to_have_count(0)

    tab.composer.press("Control+A")
    tab.paste("hello")
    tab.composer.press("Enter")
    expect(tab.questions).to_have_text("hello")
    tab.answered()


def test_ten_thousand_newlines_are_a_message_like_any_other(tab: Tab) -> None:
    tab.paste("a" + "\n" * 10_000 + "b")
    tab.composer.press("Enter")
    expect(tab.questions).to_have_count(1)
    tab.answered()
    box = tab.composer.bounding_box()
    assert box
    assert box["height"] < 200


def test_right_to_left_text_and_emoji_arrive_unharmed(tab: Tab) -> None:
    message = "مرحبا بالعالم 👩‍👩‍👧‍👦 שלום 🏳️‍🌈"
    tab.composer.fill(message)
    expect(tab.composer).to_have_css("direction", "rtl")
    tab.composer.press("Enter")
    expect(tab.composer).to_have_css("direction", "ltr")
    bubble = tab.questions
    expect(bubble).to_have_text(message)
    direction = bubble.get_by_text(message).evaluate("node => getComputedStyle(node).direction")
    assert direction == "rtl"
    tab.answered()
    tab.thread_id()
    tab.page.reload()
    expect(bubble).to_have_text(message)


def test_a_draft_outlasts_a_reload(tab: Tab) -> None:
    tab.composer.fill("half a thought")
    tab.page.reload()
    expect(tab.composer).to_have_value("half a thought")


def test_what_a_person_writes_is_never_markup(tab: Tab) -> None:
    message = "<img src=x onerror=\"document.title='owned'\"> **bold** <script>1</script>"
    tab.ask(message)
    expect(tab.questions).to_have_text(message)
    expect(tab.questions.locator("img, script, strong")).to_have_count(0)
    tab.answered()
    assert tab.page.title() != "owned"
