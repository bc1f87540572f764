"""The table of commands is what the page does, and the only place that says so."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from chat_app import shortcuts, text
from chat_app.shortcuts import BROWSER_KEYS, COMMANDS, Place

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {
    path: path.read_text()
    for ending in ("*.py", "*.js", "*.jsx")
    for path in (ROOT / "chat_app").rglob(ending)
    if path.name != "shortcuts.py"
}
DOERS = (
    r'useCommand\("([\w-]+)"',
    r'data[-_]command"?[=:] ?"([\w-]+)"',
    r'\bdoes\("([\w-]+)"',
    r'Action\.create\(\s*command="([\w-]+)"',
)
LISTENERS = {
    "keyboard.js": "the table",
    "scroll.jsx": "Page Up and Page Down in a text box: the row `pages`",
}
LOCAL = {
    "list": ("thread_list.jsx", "ArrowDown"),
    "list-select": ("thread_list.jsx", "shiftKey"),
    "list-rename": ("thread_list.jsx", '"F2"'),
    "list-delete": ("thread_list.jsx", '"Delete"'),
    "list-undo": ("thread_list.jsx", '"z"'),
    "send": ("draft.jsx", '"Enter"'),
    "line-break": ("draft.jsx", "event.shiftKey"),
    "pages": ("scroll.jsx", "PageUp"),
    "decide": ("review.jsx", "by="),
    "send-form": ("keys.jsx", '"submit"'),
}
"""Where the keys are handled that a part of the page handles itself."""


def doers() -> set[str]:
    return {
        name for source in SOURCES.values() for form in DOERS for name in re.findall(form, source)
    }


def test_ids_names_and_labels_are_unique() -> None:
    for values in (
        [row.id for row in COMMANDS],
        [row.slash for row in COMMANDS if row.slash],
        [row.label for row in COMMANDS],
    ):
        assert [value for value, times in Counter(values).items() if times > 1] == []


def test_no_key_has_two_meanings_in_one_place() -> None:
    bound = Counter((row.place, key) for row in COMMANDS for key in row.keys)
    assert [where for where, times in bound.items() if times > 1] == []


def test_a_key_of_the_page_means_the_same_in_all_its_parts_but_for_escape() -> None:
    of_page = {key for row in COMMANDS if row.place is Place.PAGE for key in row.keys}
    elsewhere = {key for row in COMMANDS if row.place is not Place.PAGE for key in row.keys}
    assert of_page & elsewhere <= {"Escape"}


def test_no_key_is_one_that_browsers_keep() -> None:
    used = {key for row in COMMANDS if not row.local for key in row.keys}
    assert used
    assert used & BROWSER_KEYS == set()


@pytest.mark.parametrize("key", sorted({key for row in COMMANDS for key in row.keys}))
def test_keys_are_written_as_browsers_name_them(key: str) -> None:
    *held, last = key.split("+") if len(key) > 1 else [key]
    assert held == [one for one in ("Mod", "Alt", "Shift") if one in held]
    assert re.fullmatch(r"[A-Z]|[?/]|F\d+|Escape|Enter| |Delete|Arrow\w+|Page\w+", last)


def test_a_letter_alone_is_only_a_key_of_the_part_that_has_the_focus() -> None:
    letters = [row for row in COMMANDS if any(re.fullmatch("[A-Z]", key) for key in row.keys)]
    assert {row.place for row in letters} <= {Place.CARD, Place.INBOX}


def test_every_row_is_done_by_something_and_nothing_is_done_without_a_row() -> None:
    assert doers() == {row.id for row in COMMANDS if not row.local}


def test_only_the_table_listens_for_keys_of_the_page() -> None:
    listens = re.compile(
        r"(?:document|window|\baddEventListener)\S*\(?[^\n]*[\"']key(?:down|up|press)"
    )
    assert {path.name for path, source in SOURCES.items() if listens.search(source)} == set(
        LISTENERS
    )


def test_every_key_that_a_part_handles_is_handled_there() -> None:
    assert {row.id for row in COMMANDS if row.local} == set(LOCAL)
    for name, sign in LOCAL.values():
        assert [path for path, source in SOURCES.items() if path.name == name and sign in source]


def test_every_tooltip_with_keys_is_of_a_row() -> None:
    used = {
        name
        for source in SOURCES.values()
        for name in re.findall(r'\b(?:hint|does|useHint)\("([\w-]+)"', source)
    }
    assert used
    assert used <= {row.id for row in COMMANDS}


def test_keys_are_shown_as_they_are_printed() -> None:
    assert shortcuts.shown("Mod+Shift+O") == ["Ctrl", "Shift", "O"]
    assert shortcuts.written("Mod+Shift+O", apple=True) == "⌘⇧O"
    assert shortcuts.written("Alt+ArrowUp") == "Alt+↑"
    assert shortcuts.written("?") == shortcuts.written("?", apple=True) == "?"
    assert shortcuts.spoken(("Mod+/", "?")) == "Control+/ Meta+/ ?"
    assert shortcuts.spoken(("F6",)) == "F6"


def test_a_button_of_a_command_has_its_keys_in_tooltip_and_attribute() -> None:
    assert shortcuts.does("stop") == {
        "data_hint": "stop",
        "data_command": "stop",
        "title": "Stop (Esc)",
        "aria_keyshortcuts": "Escape",
    }
    assert shortcuts.hint("sidebar", "Hide sidebar")["title"] == "Hide sidebar (Ctrl+B)"
    assert shortcuts.hint("steps") == {"data_hint": "steps", "title": "Tool calls and thinking"}


def test_an_unknown_command_is_an_error() -> None:
    with pytest.raises(KeyError):
        shortcuts.hint("no such thing")


def test_the_sentence_about_the_parts_of_the_page_names_their_key() -> None:
    assert text.PANE_KEYS.startswith(shortcuts.written(shortcuts.command("next-pane").keys[0]))


def test_the_readme_lists_the_keys_and_names_of_the_table() -> None:
    rows = [
        f"| {_keys_of(row)} | {f'`/{row.slash}`' if row.slash else ''} | {row.label} |"
        for row in COMMANDS
        if row.keys or row.slash
    ]
    readme = (ROOT / "README.md").read_text()
    missing = [row for row in rows if row not in readme]
    assert missing == [], "\n".join(rows)


def _keys_of(row: shortcuts.Command) -> str:
    return ", ".join(shortcuts.written(key) for key in row.keys)
