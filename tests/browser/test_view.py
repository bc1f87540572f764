"""The look that a person chose: text size, presentation, a hidden sidebar; kept by the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.helpers.browser import wait_for
from tests.helpers.threads import conversation

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

WAS_SEEN = """
    window.seen = [];
    const look = () => {
        const sidebar = document.querySelector(".sidebar");
        if (!sidebar) return requestAnimationFrame(look);
        const { fontSize } = getComputedStyle(document.documentElement);
        window.seen.push([fontSize, sidebar.checkVisibility()]);
    };
    look();
"""
"""Notes how the page looks when its sidebar is first there."""


def button(tab: Tab, name: str) -> Locator:
    return tab.page.get_by_role("button", name=name, exact=True)


def sidebar(tab: Tab) -> Locator:
    return tab.page.get_by_role("navigation", name="Chats")


def pixels(tab: Tab) -> float:
    """The root's font size."""
    return tab.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")


def test_the_text_size_is_chosen_by_keyboard_scales_the_page_and_is_there_at_the_first_paint(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab().open()
    heights = """[...document.querySelectorAll(".send, .new-chat, .composer svg")]
        .map(element => element.getBoundingClientRect().height)"""
    usual = tab.page.evaluate(heights)
    button(tab, "Text size").press("Enter")
    expect(tab.page.get_by_role("radio", name="100%")).to_be_focused()
    tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("ArrowRight")
    assert pixels(tab) == 24
    for small, large in zip(usual, tab.page.evaluate(heights), strict=True):
        assert large >= 1.4 * small
    tab.page.keyboard.press("Escape")
    expect(button(tab, "Text size")).to_be_focused()
    expect(tab.page.get_by_role("radiogroup")).to_have_count(0)
    button(tab, "Hide sidebar").click()
    expect(button(tab, "Show sidebar")).to_be_focused()

    tab.page.add_init_script(WAS_SEEN)
    tab.open()
    assert tab.page.evaluate("window.seen") == [["24px", False]]
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_sidebar_is_hidden_and_shown_by_button_and_key_and_the_focus_is_never_lost(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab().open()
    button(tab, "Hide sidebar").press("Enter")
    expect(sidebar(tab)).to_be_hidden()
    expect(button(tab, "Show sidebar")).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(button(tab, "Hide sidebar")).to_be_focused()
    tab.page.keyboard.press("Control+b")
    expect(sidebar(tab)).to_be_hidden()
    expect(button(tab, "Show sidebar")).to_be_focused()
    tab.composer.fill("a draft")
    tab.composer.press("Control+b")
    expect(sidebar(tab)).to_be_visible()
    expect(tab.composer).to_be_focused()
    expect(tab.composer).to_have_value("a draft")

    tab.page.set_viewport_size({"width": 390, "height": 844})
    expect(sidebar(tab)).to_be_hidden()
    expect(button(tab, "Hide sidebar")).to_be_hidden()
    tab.page.keyboard.press("Control+b")
    expect(sidebar(tab)).to_be_visible()
    tab.page.keyboard.press("Control+b")
    expect(sidebar(tab)).to_be_hidden()


def test_a_presentation_is_larger_shows_no_titles_and_ends_by_button_or_escape(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab().open()
    tab.ask("what is 12 * 12")
    tab.answered()
    title = tab.page.get_by_test_id("title")
    expect(tab.page).to_have_title("what is 12 * 12 · Agent chat")
    before, width = pixels(tab), tab.page.locator(".composer").bounding_box()["width"]  # type: ignore[index]

    presentation = button(tab, "Presentation")
    presentation.click()
    expect(presentation).to_have_attribute("aria-pressed", "true")
    expect(tab.page).to_have_title("Agent chat")
    expect(title).to_be_hidden()
    expect(sidebar(tab)).to_be_hidden()
    expect(button(tab, "Show sidebar")).to_be_hidden()
    assert pixels(tab) > 1.2 * before
    assert tab.page.locator(".composer").bounding_box()["width"] > width  # type: ignore[index]
    tab.page.keyboard.press("Control+b")
    expect(sidebar(tab)).to_be_hidden()

    tab.page.reload()
    tab.awake()
    expect(tab.rows("text").last).to_be_visible()
    expect(tab.page).to_have_title("Agent chat")
    expect(title).to_be_hidden()

    button(tab, "Text size").click()
    tab.page.keyboard.press("Escape")
    expect(presentation).to_have_attribute("aria-pressed", "true")
    tab.page.keyboard.press("Escape")
    expect(presentation).to_have_attribute("aria-pressed", "false")
    expect(sidebar(tab)).to_be_visible()
    expect(title).to_be_visible()
    expect(tab.page).to_have_title("what is 12 * 12 · Agent chat")
    assert pixels(tab) == before


def test_tokens_and_model_are_shown_permanently_on_request_in_all_tabs(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab().open()
    tab.ask("what is 12 * 12")
    tab.answered()
    facts = tab.rows("end").locator(".facts").first
    tab.page.mouse.move(0, 0)
    expect(facts).to_have_css("opacity", "0")
    expect(tab.rows("end").locator(".model")).to_be_hidden()
    other = tab.page.context.new_page()
    other.goto(tab.page.url)
    other.get_by_role("button", name="Tokens and model").click()
    other.close()
    expect(button(tab, "Tokens and model")).to_have_attribute("aria-pressed", "true")
    expect(facts).to_have_css("opacity", "1")
    expect(tab.rows("end").locator(".model")).to_have_text("scripted")


def test_what_another_program_left_in_the_storage_changes_nothing(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab()
    for left in ('{"size": "9999", "sidebar": 1, "presentation": "x"}', "}{", "null", "[1]"):
        tab.page.add_init_script(f"localStorage.setItem('chat_look', {left!r})")
        tab.open()
        assert pixels(tab) == 16
        expect(sidebar(tab)).to_be_visible()


DIFF = """--- a/app.py
+++ b/app.py
@@ -98,3 +98,4 @@
 def total(items):
-    for item in items:
+    for item in sorted(items):
+        log(item)
     return 1"""
LONG = "\n\n".join(
    "A paragraph that is long enough to fill more than a line. " * 4 for _ in range(20)
)


def covers_text(tab: Tab) -> bool:
    """Whether the button that jumps to the latest message lies over any text of the log."""
    return tab.page.evaluate(
        """() => {
            const jump = document.querySelector(".jump").getBoundingClientRect();
            const bottom = document.querySelector(".scroll").getBoundingClientRect().bottom;
            return [...document.querySelectorAll(".log .row")].some(row => {
                const { left, right, top, bottom: end } = row.getBoundingClientRect();
                const isBeside = left >= jump.right || right <= jump.left;
                const isAbove = Math.min(end, bottom) <= jump.top || top >= jump.bottom;
                return !isBeside && !isAbove;
            });
        }"""
    )


def test_a_diff_has_line_numbers_and_marked_words_and_nothing_covers_the_text(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    answer = f"```diff\n{DIFF}\n```\n\n{LONG}"
    tab = new_tab().open(conversation(app, answer))
    lines = tab.page.locator(".diff-line")
    expect(lines).to_have_count(8)
    numbers = lines.evaluate_all("all => all.map(({ dataset: d }) => [d.kind, d.old, d.new])")
    assert numbers[3:] == [
        ["same", "98", "98"],
        ["removed", "99", None],
        ["added", None, "99"],
        ["added", None, "100"],
        ["same", "100", "101"],
    ]
    assert lines.locator("mark").all_inner_texts() == ["sorted(", ")"]
    assert tab.page.locator("code.diff").text_content() == DIFF + "\n"

    tab.page.get_by_test_id("scroll").hover()
    tab.page.mouse.wheel(0, -400)
    jump = tab.page.get_by_test_id("jump")
    expect(jump).to_be_visible()
    assert not covers_text(tab)
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.page.get_by_test_id("scroll").hover()
    tab.page.mouse.wheel(0, -400)
    expect(jump).to_be_visible()
    assert not covers_text(tab)
    tab.page.mouse.wheel(0, -20_000)
    tab.page.mouse.move(0, 0)
    expect(tab.page.locator(".code").get_by_role("button", name="Copy code")).to_have_css(
        "opacity", "1"
    )
    jump.click()
    expect(jump).to_have_count(0)
    wait_for(
        tab.page,
        """() => {
            const box = document.querySelector(".scroll");
            return box.scrollHeight - box.scrollTop - box.clientHeight < 2;
        }""",
    )
