"""What the palette lists: groups, order, what was used, and how many."""

from __future__ import annotations

from typing import Any

from chat_app import shortcuts
from tests.helpers.node import each

LISTED = """
    const [entries, query, recent] = given;
    const groups = module.listed(entries, query, recent);
    return groups.map(({ name, entries, more }) => [name, entries.map(({ id }) => id), more]);
"""


def listed(entries: list[dict[str, Any]], query: str = "", recent: list[str] | None = None) -> Any:
    (groups,) = each("palette/entries.js", LISTED, [[entries, query, recent or []]])
    return groups


def chat(number: int, title: str) -> dict[str, Any]:
    name = f"thread:{number}"
    return {"id": name, "group": "chats", "label": title, "search": "", "thread": {"id": name}}


def action(id: str, label: str, search: str = "", group: str = "actions") -> dict[str, Any]:
    return {"id": id, "group": group, "label": label, "search": search, "command": id}


ALL = [
    *(chat(number, f"Notes on chapter {number}") for number in range(100)),
    action("new", "New chat"),
    action("stop", "Stop", "cancel"),
    action("theme:dark", "Theme: Dark", "night", group="preferences"),
]


def test_without_a_query_there_are_the_newest_chats_and_all_commands() -> None:
    assert listed(ALL) == [
        ["chats", [f"thread:{number}" for number in range(6)], 0],
        ["actions", ["new", "stop"], 0],
        ["preferences", ["theme:dark"], 0],
    ]


def test_what_was_used_comes_first_and_only_once() -> None:
    groups = listed(ALL, "", ["theme:dark", "gone", "thread:40", "thread:1"])
    assert groups == [
        ["recent", ["theme:dark", "thread:40", "thread:1"], 0],
        ["chats", [f"thread:{number}" for number in (0, 2, 3, 4, 5, 6)], 0],
        ["actions", ["new", "stop"], 0],
    ]


def test_the_group_with_the_best_entry_comes_first() -> None:
    assert [name for name, *_ in listed(ALL, "new chat")] == ["actions"]
    assert [name for name, *_ in listed(ALL, "chat")] == ["actions", "chats"]
    assert [name for name, *_ in listed(ALL, "chapter 7")] == ["chats"]
    assert listed(ALL, "night") == [["preferences", ["theme:dark"], 0]]
    assert listed(ALL, "cancel") == [["actions", ["stop"], 0]]
    assert listed(ALL, "zzz") == []


def test_of_many_that_fit_some_are_shown_and_the_rest_is_counted() -> None:
    ((name, ids, more),) = listed(ALL, "notes")
    assert name == "chats"
    assert len(ids) == 40
    assert more == 60


def test_of_two_that_fit_alike_the_one_that_was_used_comes_first() -> None:
    ((_, ids, _),) = listed(ALL, "chapter", ["thread:77"])
    assert ids[0] == "thread:77"


def test_only_commands_that_can_be_done_are_listed_and_choices_one_by_one() -> None:
    body = """
        const [table, able] = given;
        const doer = {
            canDo: (id) => able.includes(id),
            isOn: (id) => id === "steps",
            choicesOf: () => [{ value: "a", label: "A" }, { value: "b", label: "B", chosen: true }],
        };
        const choiceOf = (one, other) => `${one}: ${other}`;
        const texts = { assistants: "Assistants", preferences: "Preferences", choiceOf };
        const entries = module.commandEntries(table, doer, texts);
        return entries.map(({ id, group, label, chosen }) => [id, group, label, Boolean(chosen)]);
    """
    able = ["stop", "steps", "theme", "assistant", "palette"]
    (entries,) = each("palette/entries.js", body, [[shortcuts.table(), able]])
    assert entries == [
        ["stop", "actions", "Stop", False],
        ["assistant:a", "assistants", "A", False],
        ["assistant:b", "assistants", "B", True],
        ["theme:a", "preferences", "Theme: A", False],
        ["theme:b", "preferences", "Theme: B", True],
        ["steps", "preferences", "Tool calls and thinking", True],
    ]


def test_what_is_used_is_remembered_once_and_within_bounds() -> None:
    body = "return given.reduce((recent, id) => module.used(recent, id), []);"
    (recent,) = each("palette/entries.js", body, [["a", "b", "a", *map(str, range(30)), "a"]])
    assert recent[:3] == ["a", "29", "28"]
    assert len(recent) == len(set(recent)) == 20
