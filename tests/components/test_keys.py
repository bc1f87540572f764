"""Which keys are a shortcut: on any layout, and never while an input method or AltGr types."""

from __future__ import annotations

from typing import Any

import pytest

from chat_app import shortcuts
from tests.helpers.node import each

MATCHES = """
    const [pressed, key, isApple] = given;
    const { altGr, ...event } = pressed;
    event.getModifierState = () => Boolean(altGr);
    return module.matches(event, key, { isApple });
"""
NAMES = {"ctrl": "ctrlKey", "meta": "metaKey", "shift": "shiftKey", "alt": "altKey"}


def pressed(key: str, code: str = "", *held: str, **more: Any) -> dict[str, Any]:
    event = dict.fromkeys(NAMES.values(), False) | {"key": key, "code": code}
    return event | {NAMES[one]: True for one in held} | more


def is_shortcut(event: dict[str, Any], key: str, *, apple: bool = False) -> bool:
    (answer,) = each("commands/key_match.js", MATCHES, [[event, key, apple]])
    return answer


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (pressed("k", "KeyK", "ctrl"), "Mod+K"),
        (pressed("K", "KeyK", "ctrl"), "Mod+K"),  # caps lock
        (pressed("k", "KeyV", "ctrl"), "Mod+K"),  # Dvorak
        (pressed("л", "KeyK", "ctrl"), "Mod+K"),  # Russian
        (pressed("κ", "KeyK", "ctrl"), "Mod+K"),  # Greek
        (pressed("ن", "KeyK", "ctrl"), "Mod+K"),  # Arabic
        (pressed("ㅏ", "KeyK", "ctrl"), "Mod+K"),  # Korean
        (pressed("Щ", "KeyO", "ctrl", "shift"), "Mod+Shift+O"),  # Russian
        (pressed("/", "Slash", "ctrl"), "Mod+/"),
        (pressed("/", "Digit7", "ctrl", "shift"), "Mod+/"),  # German
        (pressed("/", "Period", "ctrl", "shift"), "Mod+/"),  # French
        (pressed("ظ", "Slash", "ctrl"), "Mod+/"),  # Arabic
        (pressed("?", "Slash", "shift"), "?"),
        (pressed("?", "Minus", "shift"), "?"),  # German
        (pressed("\uff1f", "Slash", "shift"), "?"),  # Chinese, full width
        (pressed("؟", "Slash", "shift"), "?"),  # Arabic
        (pressed("F6", "F6"), "F6"),
        (pressed("F6", "F6", "shift"), "Shift+F6"),
        (pressed("ArrowDown", "ArrowDown", "alt"), "Alt+ArrowDown"),
        (pressed("Escape", "Escape"), "Escape"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["key"],
)
def test_a_shortcut_is_known_by_what_is_typed_or_by_its_place(
    event: dict[str, Any], key: str
) -> None:
    assert is_shortcut(event, key)


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (pressed("v", "KeyK", "ctrl"), "Mod+K"),  # Dvorak has another letter there
        (pressed("k", "KeyK"), "Mod+K"),
        (pressed("K", "KeyK", "ctrl", "shift"), "Mod+K"),
        (pressed("k", "KeyK", "ctrl", "alt"), "Mod+K"),
        (pressed("k", "KeyK", "ctrl", "meta"), "Mod+K"),
        (pressed("ł", "KeyK", "ctrl", "alt", altGr=True), "Mod+K"),
        (pressed("k", "KeyK", "ctrl", altGr=True), "Mod+K"),
        (pressed("k", "KeyK", "ctrl", isComposing=True), "Mod+K"),
        (pressed("Process", "KeyK", "ctrl", keyCode=229), "Mod+K"),
        (pressed("Dead", "KeyK", "ctrl"), "Mod+K"),
        (pressed("", "KeyK", "ctrl"), "Mod+K"),
        (pressed("Unidentified", "", "ctrl"), "Mod+K"),
        (pressed("o", "KeyO", "ctrl"), "Mod+Shift+O"),
        (pressed("?", "Slash", "ctrl", "shift"), "?"),
        (pressed("/", "Slash"), "Mod+/"),
        (pressed("/", "Slash"), "?"),
        (pressed("F6", "F6", "ctrl"), "F6"),
        (pressed("F6", "F6", "shift"), "F6"),
        (pressed("ArrowDown", "ArrowDown"), "Alt+ArrowDown"),
        (pressed("Escape", "Escape", isComposing=True), "Escape"),
        (pressed("Escape", "Escape", "shift"), "Escape"),
    ],
)
def test_other_keys_are_none(event: dict[str, Any], key: str) -> None:
    assert not is_shortcut(event, key)


def test_on_keyboards_of_apple_it_is_command_and_not_control() -> None:
    assert is_shortcut(pressed("k", "KeyK", "meta"), "Mod+K", apple=True)
    assert not is_shortcut(pressed("k", "KeyK", "ctrl"), "Mod+K", apple=True)
    assert not is_shortcut(pressed("k", "KeyK", "ctrl", "meta"), "Mod+K", apple=True)


def test_an_event_without_a_key_is_passed_over() -> None:
    # Browsers send such ones when they fill in a form.
    event = pressed("", "")
    del event["key"]
    keys = [key for row in shortcuts.COMMANDS for key in row.keys]
    answers = each("commands/key_match.js", MATCHES, [[event, key, False] for key in keys])
    assert not any(answers)


@pytest.mark.parametrize(
    ("navigator", "expected"),
    [
        ({"platform": "MacIntel", "userAgent": "Mozilla/5.0"}, True),
        ({"platform": "iPhone", "userAgent": ""}, True),
        ({"userAgentData": {"platform": "macOS"}, "platform": "", "userAgent": ""}, True),
        ({"platform": "Win32", "userAgent": "Mozilla/5.0 (Windows NT 10.0)"}, False),
        ({"platform": "Linux x86_64", "userAgent": "X11; Linux"}, False),
        ({}, False),
    ],
)
def test_the_kind_of_keyboard_is_known(navigator: dict[str, Any], *, expected: bool) -> None:
    body = "return module.isApple(given);"
    assert each("commands/platform.js", body, [navigator]) == [expected]
