"""The `/` commands: which text asks for one, and which is a message like any other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app import shortcuts
from tests.helpers.examples import examples
from tests.helpers.node import each

ABLE = ["new-chat", "help", "assistant", "theme"]
OFFERED = """
    const { text, table, able } = given;
    const choices = { assistant: ["Research", "Writer"], theme: ["Light", "Dark"] };
    return module.offered(text, table, {
        canDo: (id) => able.includes(id),
        choicesOf: (id) => choices[id].map((label) => ({ value: label.toLowerCase(), label })),
    });
"""


def offered(*texts: str, able: list[str] | None = None) -> list[list[dict[str, Any]]]:
    given = {"table": shortcuts.table(), "able": [*ABLE, "rename"] if able is None else able}
    return each("composer/slash.js", OFFERED, [{**given, "text": text} for text in texts])


def ids(text: str) -> list[str]:
    (options,) = offered(text)
    return [option["id"] for option in options]


def test_a_slash_alone_offers_what_can_be_done() -> None:
    assert ids("/") == ["new-chat", "assistant", "theme", "rename"] or set(ids("/")) == {
        *ABLE,
        "rename",
    }


def test_the_name_is_found_by_its_beginning_and_by_a_word_of_the_label() -> None:
    assert ids("/ne")[0] == ids("/NEW")[0] == "new-chat"
    assert ids("/keyb") == ["help"]


def test_a_command_that_cannot_be_done_is_told_and_is_no_message() -> None:
    (options,) = offered("/stop")
    assert [(option["id"], option["isPossible"]) for option in options] == [("stop", False)]


@pytest.mark.parametrize(
    "text",
    [
        "/etc/hosts",
        "/usr/bin/env",
        "/opt",
        "//",
        "/ new",
        "/new idea for lunch",
        "/newspaper",
        "/help me with this",
        "/theme of the party is pirates",
        "/unknown",
        "/1",
        "/new\nline",
        "new",
        " /new",
        "",
        "/assistant\nResearch",
    ],
)
def test_a_text_that_is_no_command_is_a_message(text: str) -> None:
    assert ids(text) == []


def test_choices_follow_the_name_and_are_found_by_any_part() -> None:
    (named, begun, some, none) = offered("/assistant", "/assistant ", "/Assistant wri", "/theme x")
    assert [(option["command"], option["completed"]) for option in named] == [("", "/assistant ")]
    assert [option["argument"] for option in begun] == ["research", "writer"]
    assert [(option["command"], option["argument"]) for option in some] == [("assistant", "writer")]
    assert none == []


def test_a_command_that_takes_text_gets_the_rest() -> None:
    (alone, with_text) = offered("/rename", "/rename  A better name ")
    assert [option["command"] for option in alone] == ["rename"]
    assert [option["argument"] for option in with_text] == ["A better name"]


@given(st.lists(st.text(st.sampled_from("/newhlp themassi\n\t.x1é"), max_size=14), min_size=20))
@examples(30)
def test_only_a_line_that_begins_with_a_slash_asks_for_a_command(texts: list[str]) -> None:
    for text, options in zip(texts, offered(*texts), strict=True):
        if options:
            assert text.startswith("/")
            assert "\n" not in text
            assert all(option["completed"].startswith("/") for option in options)


@pytest.mark.parametrize(
    ("before", "text", "kind", "expected"),
    [
        ("", "/", "insertText", True),
        ("", "/", "insertCompositionText", True),
        ("", "/new", None, True),
        ("", "/new", "insertFromPaste", False),
        ("", "/new", "insertFromDrop", False),
        ("", "/new", "historyUndo", False),
        ("a", "/", "insertText", False),
        ("", "a/", "insertText", False),
    ],
)
def test_the_list_opens_when_a_slash_is_typed_into_an_empty_box(
    before: str, text: str, kind: str | None, *, expected: bool
) -> None:
    body = "return module.begins(given[0], given[1], given[2] ?? undefined);"
    assert each("composer/slash.js", body, [[before, text, kind]]) == [expected]
