"""The command palette, the keyboard shortcuts and the `/` commands, as a person uses them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chat_app import shortcuts, text
from tests.helpers.browser import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.browser import Tab

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
APPLE = "Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' })"
OPENS_AT_ONCE = """() => {
    const key = { key: "k", code: "KeyK", ctrlKey: true, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", key));
    const isOpen = () => document.querySelector("dialog[open] [role=option]") !== null;
    return new Promise((resolve) => requestAnimationFrame(() => resolve(isOpen())));
}"""
PRESSED = """keys => keys.map(({ held, ...key }) => {
    const event = new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true });
    if (held) event.getModifierState = (name) => name === held;
    document.activeElement.dispatchEvent(event);
    return event.defaultPrevented;
})"""
"""Whether the page has taken each of the keys."""


def palette(tab: Tab) -> Locator:
    return tab.page.get_by_role("dialog", name=text.PALETTE)


def field(tab: Tab) -> Locator:
    return palette(tab).get_by_role("combobox")


def options(tab: Tab) -> Locator:
    return palette(tab).get_by_role("option")


def chosen(tab: Tab) -> Locator:
    """The option that Enter would take, as a screen reader is told."""
    active = field(tab).get_attribute("aria-activedescendant")
    return tab.page.locator(f'[id="{active}"][aria-selected="true"]')


def answered(tab: Tab, question: str) -> str:
    """A new chat in which this was answered."""
    tab.open()
    tab.ask(question)
    tab.answered()
    return tab.thread_id()


def event(key: str) -> dict[str, object]:
    *held, name = key.split("+") if len(key) > 1 else [key]
    code = f"Key{name}" if re.fullmatch("[A-Z]", name) else name
    return {
        "key": name.lower() if code != name and "Shift" not in held else name,
        "code": code,
        "ctrlKey": "Mod" in held,
        "altKey": "Alt" in held,
        "shiftKey": "Shift" in held,
    }


def test_the_palette_is_a_combobox_that_gives_the_focus_back(tab: Tab) -> None:
    page = tab.page
    tab.composer.fill("a draft")
    assert page.evaluate(OPENS_AT_ONCE), "before the next frame is painted"
    expect(field(tab)).to_be_focused()
    expect(chosen(tab)).to_contain_text(text.NEW_CHAT)
    page.keyboard.press("ArrowUp")
    expect(chosen(tab)).to_have_text(re.compile(re.escape(options(tab).last.inner_text())))
    expect(chosen(tab)).to_be_in_viewport()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(chosen(tab)).to_have_id(options(tab).nth(1).get_attribute("id") or "")

    page.keyboard.type("zzzz")
    expect(options(tab)).to_have_count(0)
    expect(field(tab)).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_test_id("dialog-announcer")).to_contain_text(text.PALETTE_EMPTY)
    field(tab).fill("sidebr")
    expect(options(tab)).to_have_count(1)
    expect(page.get_by_test_id("dialog-announcer")).to_contain_text("1 result")

    page.keyboard.press("Escape")
    page.keyboard.type(" and more")  # at once: the caret has to be back, too
    expect(palette(tab)).to_have_count(0)
    expect(tab.composer).to_have_value("a draft and more")

    page.keyboard.press("Control+k")
    page.mouse.click(5, 5)
    expect(palette(tab)).to_have_count(0)
    expect(tab.composer).to_be_focused()


def test_a_chat_is_found_by_some_letters_and_what_was_used_comes_first(tab: Tab) -> None:
    page = tab.page
    first = answered(tab, "what is 12 * 12")
    answered(tab, "whats the weather in la")
    page.keyboard.press("Control+k")
    expect(options(tab).first).to_contain_text(text.PALETTE_OPEN)
    field(tab).press_sequentially("wh12")
    expect(chosen(tab)).to_contain_text("what is 12 * 12")
    expect(chosen(tab).locator("mark").first).to_have_text("wh")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{tab.url}/t/{first}")
    expect(tab.composer).to_be_focused()

    page.keyboard.press("Control+k")
    expect(palette(tab).get_by_role("group", name=text.RECENT).get_by_role("option")).to_have_count(
        1
    )
    field(tab).fill("dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_class(re.compile(r"\bdark\b"))
    expect(tab.composer).to_be_focused()

    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_test_id("title")).to_have_text("whats the weather in la")
    expect(tab.composer).to_be_focused()
    page.keyboard.press("Control+Shift+O")
    expect(page).to_have_url(f"{tab.url}/")
    expect(tab.composer).to_be_focused()
    page.get_by_test_id("new-chat").click()
    expect(tab.composer).to_be_focused()


def test_each_key_of_the_table_is_taken_and_others_are_not(tab: Tab) -> None:
    answered(tab, "what is 12 * 12")
    of_page = [row for row in shortcuts.COMMANDS if row.place == "page" and not row.local]
    for row in of_page:
        if row.id in ("next-chat", "previous-chat", "stop"):
            continue  # there is no other chat, and no run
        for key in row.keys:
            tab.page.evaluate("document.activeElement.blur()")
            assert tab.page.evaluate(PRESSED, [event(key)]) == [True], key
            tab.page.keyboard.press("Escape")
            expect(tab.page.get_by_role("dialog")).to_have_count(0)
    typing = [
        {**event("Mod+K"), "isComposing": True},
        {**event("Mod+K"), "keyCode": 229},
        {**event("Mod+K"), "altKey": True},
        {**event("Mod+K"), "held": "AltGraph"},
        event("K"),
        {"key": "F7", "code": "F7"},
    ]
    assert tab.page.evaluate(PRESSED, typing) == [False] * len(typing)
    tab.composer.focus()
    assert tab.page.evaluate(PRESSED, [event("?")]) == [False]
    assert tab.page.evaluate(PRESSED, [{**event("Mod+K"), "key": "л"}]) == [True]


def test_the_help_lists_the_shortcuts_and_turns_single_keys_off(tab: Tab) -> None:
    page = tab.page
    dialog = page.get_by_role("dialog", name=text.SHORTCUTS)
    tab.composer.press("?")
    expect(tab.composer).to_have_value("?")
    tab.composer.fill("")
    page.keyboard.press("Control+/")
    expect(dialog).to_contain_text(text.TOGGLE_SIDEBAR)
    expect(dialog.locator("kbd").filter(has_text="Ctrl").first).to_be_visible()
    expect(dialog.locator("code").filter(has_text="/new")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(dialog).to_have_count(0)
    expect(palette(tab)).to_be_visible()
    page.keyboard.press("Control+/")
    expect(palette(tab)).to_have_count(0)
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(tab.composer).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate(PRESSED, [event("?")]) == [False]
    page.keyboard.press("Control+/")
    dialog.get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    expect(tab.composer).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(dialog).to_be_visible()


def test_on_a_mac_the_keys_are_those_of_a_mac(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab()
    tab.page.add_init_script(APPLE)
    tab.open()
    button = tab.page.get_by_test_id("palette-button")
    expect(button).to_have_attribute("aria-keyshortcuts", "Control+K Meta+K")
    button.hover()
    expect(button).to_have_attribute("title", f"{text.PALETTE} (⌘K)")
    tab.page.keyboard.press("Control+k")
    expect(palette(tab)).to_have_count(0)
    tab.page.keyboard.press("Meta+/")
    expect(
        tab.page.get_by_test_id("help").locator("kbd").filter(has_text="⌘").first
    ).to_be_visible()
    expect(tab.page.get_by_test_id("help").locator("kbd").filter(has_text="Ctrl")).to_have_count(0)


def test_a_slash_lists_commands_and_a_path_is_a_message(tab: Tab) -> None:
    page = tab.page
    listed = page.get_by_role("listbox", name=text.SLASH_COMMANDS)
    tab.composer.press_sequentially("/them")
    expect(listed.get_by_role("option")).to_have_count(1)
    expect(tab.composer).to_have_attribute("aria-controls", listed.get_attribute("id") or "")
    page.keyboard.press("Tab")
    expect(tab.composer).to_have_value("/theme ")
    page.keyboard.type("da")
    expect(listed.get_by_role("option")).to_have_text(text.DARK)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_class(re.compile(r"\bdark\b"))
    expect(tab.composer).to_have_value("")
    expect(tab.composer).to_be_focused()

    page.keyboard.type("/he")
    page.keyboard.press("Escape")
    expect(listed).to_have_count(0)
    expect(tab.composer).to_have_value("/he")
    page.keyboard.type("lp")
    expect(listed).to_have_count(0)
    tab.composer.fill("")
    tab.paste("/new")
    expect(tab.composer).to_have_value("/new")
    expect(listed).to_have_count(0)
    tab.composer.fill("")

    page.keyboard.type("/stop")
    expect(listed).to_contain_text(text.IMPOSSIBLE_NOW)
    page.keyboard.press("Enter")
    expect(tab.composer).to_have_value("/stop")
    tab.composer.fill("")
    page.keyboard.type("/etc/hosts: what is it?")
    expect(listed).to_have_count(0)
    page.keyboard.press("Enter")
    expect(tab.questions.last).to_have_text("/etc/hosts: what is it?")
    tab.answered()
    page.keyboard.type("/new")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{tab.url}/")
    expect(tab.composer).to_have_value("")
    expect(tab.composer).to_be_focused()


def test_up_edits_the_last_message_and_escape_closes_before_it_stops(tab: Tab) -> None:
    page = tab.page
    tab.ask("write 10000 tokens")
    expect(tab.rows("text").first).to_be_visible()
    tab.ask("and one more")
    expect(page.get_by_test_id("waiting-message")).to_have_count(1)
    tab.composer.press("ArrowUp")
    expect(tab.composer).to_have_value("and one more")
    expect(tab.composer).to_be_focused()
    expect(page.get_by_test_id("waiting-message")).to_have_count(0)
    tab.composer.press("ArrowUp")
    expect(tab.composer).to_have_value("and one more")
    tab.composer.fill("")

    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(palette(tab)).to_have_count(0)
    page.get_by_role("button", name=text.TEXT_SIZE).click()
    page.keyboard.press("Escape")
    tab.composer.press_sequentially("/")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("slash")).to_have_count(0)
    expect(tab.stop).to_be_visible()
    tab.composer.fill("")
    page.keyboard.press("Escape")
    expect(tab.stop).to_have_count(0)
    expect(tab.composer).to_be_focused()

    tab.composer.press("ArrowUp")
    box = page.get_by_test_id("edit-box")
    expect(box).to_have_value("write 10000 tokens")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(tab.composer).to_be_focused()


def test_on_a_phone_the_palette_has_a_button(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(**PHONE)
    answered(tab, "what is 12 * 12")
    tab.page.get_by_test_id("sidebar-button").tap()
    tab.page.get_by_role("button", name=text.PALETTE).tap()
    expect(field(tab)).to_be_focused()
    expect(palette(tab)).to_have_css("width", "390px")
    palette(tab).get_by_role("option", name=text.NEW_CHAT, exact=True).tap()
    expect(tab.page).to_have_url(f"{tab.url}/")
    expect(palette(tab)).to_have_count(0)
    expect(tab.page.locator(".sidebar")).to_be_hidden()
    wait_for(tab.page, "document.activeElement.tagName !== 'TEXTAREA'")


@pytest.mark.parametrize("opener", ["palette", "help"])
def test_a_dialog_of_commands_keeps_the_focus_inside(tab: Tab, opener: str) -> None:
    tab.page.keyboard.press({"palette": "Control+k", "help": "Control+/"}[opener])
    inside = (
        f"document.activeElement.matches('body, [data-testid={opener}], [data-testid={opener}] *')"
    )
    for _ in range(6):
        tab.page.keyboard.press("Tab")
        assert tab.page.evaluate(inside)
