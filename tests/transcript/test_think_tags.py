"""Thoughts between tags in a model's text: whole, unclosed, half, several, and none in code."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.fold import fold, start
from chat_app.transcript.load import conversation
from chat_app.transcript.message import Part, Reasoning, Text, Transcript
from chat_app.transcript.think_tags import split
from tests.helpers import events as ev

WHOLE = [
    ("<think>hm</think>\n\nYes.", [Reasoning("hm"), Text("Yes.")]),
    ("<think>\nhm\nhm\n</think>Yes.", [Reasoning("hm\nhm"), Text("Yes.")]),
    ("  <THINK>hm</Think> Yes.", [Reasoning("hm"), Text("Yes.")]),
    ("<thinking>hm</thinking>Yes.", [Reasoning("hm"), Text("Yes.")]),
    ("<seed:think>hm</seed:think>Yes.", [Reasoning("hm"), Text("Yes.")]),
    ("[THINK]hm[/THINK]Yes.", [Reasoning("hm"), Text("Yes.")]),
    ("<think></think>Yes.", [Text("Yes.")]),
    ("<think>\n\n</think>\n\nYes.", [Text("Yes.")]),
    ("hm\n</think>\n\nYes.", [Reasoning("hm"), Text("Yes.")]),
    ("</think>Yes.", [Text("Yes.")]),
    ("<think>hm", [Reasoning("hm")]),
    ("Well.\n<think>hm", [Text("Well."), Reasoning("hm")]),
    (
        "<think>a</think>One.\n\n<think>b</think>\n\nTwo.",
        [Reasoning("a"), Text("One."), Reasoning("b"), Text("Two.")],
    ),
    ("One. <think>b</think> Two.", [Text("One."), Reasoning("b"), Text("Two.")]),
    ("<think>a <think> b</think>Yes.", [Reasoning("a <think> b"), Text("Yes.")]),
    ("<think>use `</think>` here</think>Yes.", [Reasoning("use `</think>` here"), Text("Yes.")]),
    ("<think>```\nx = 1</think>Yes.", [Reasoning("```\nx = 1"), Text("Yes.")]),
    ("Write `<think>` first.", [Text("Write `<think>` first.")]),
    ("```\n<think>a</think>\n```\nSo.", [Text("```\n<think>a</think>\n```\nSo.")]),
    ("- ~~~xml\n  <think>\n  ~~~\n", [Text("- ~~~xml\n  <think>\n  ~~~\n")]),
    ("    <think>\n", [Text("    <think>\n")]),
    ("The <think> tag, it is.", [Text("The <think> tag, it is.")]),
    ("<thinker>a</thinker>", [Text("<thinker>a</thinker>")]),
    ("a < b and c > d", [Text("a < b and c > d")]),
    ("", []),
]


@pytest.mark.parametrize(("text", "parts"), WHOLE)
def test_thoughts_are_told_from_the_answer(text: str, parts: list[Part]):
    assert split(text, complete=True) == parts


@pytest.mark.parametrize(("text", "parts"), WHOLE)
def test_no_tag_and_no_half_of_one_is_seen_while_it_is_written(text: str, parts: list[Part]):
    is_answer = all(isinstance(part, Text) for part in parts)
    state = start(Transcript())
    for character in text:
        state = fold(state, ev.chunk(character))
        if is_answer and text != "</think>Yes.":
            continue
        shown = state.transcript.messages
        seen = [p.text for m in shown for p in m.parts if isinstance(p, Text)]
        assert not any(sign in words.lower() for words in seen for sign in ("<", "think", "[t"))
    state = fold(state, ev.chunk("", last=True))
    assert [p for m in state.transcript.messages for p in m.parts] == parts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<think>hm", [Reasoning("hm")]),
        ("<think>hm</thi", [Reasoning("hm")]),
        ("Say <think> like", [Text("Say"), Reasoning("like")]),
        ("Say `<think>", [Text("Say `<think>")]),
        ("a <", [Text("a ")]),
        ("a <b", [Text("a <b")]),
        ("a [", [Text("a ")]),
        ("a <think ", [Text("a ")]),
        ("a <th ", [Text("a <th ")]),
    ],
)
def test_what_may_become_a_tag_waits(text: str, shown: list[Part]):
    assert split(text, complete=False) == shown


def test_blocks_are_read_as_a_string_is():
    (message,) = conversation([ev.ai([{"type": "text", "text": "<think>hm</think>Yes."}])])
    assert message.parts == (Reasoning("hm"), Text("Yes."))


def test_a_persons_words_and_a_tools_are_left_alone():
    person, _, answer = conversation(
        [ev.human("<think>mine</think>"), ev.ai(tool_calls=[ev.call()]), ev.ai("So.", "a2")]
    )
    assert person.parts == (Text("<think>mine</think>"),)
    assert answer.parts == (Text("So."),)


PIECES = st.sampled_from(
    [
        "<think>",
        "</think>",
        "<thin",
        "k>",
        "`",
        "``",
        "```\n",
        "\n",
        "\n\n",
        "a ",
        "b",
        "<",
        "[",
        "- ",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join), st.integers(1, 4))
def test_a_text_streamed_in_any_pieces_ends_as_the_whole_of_it(text: str, size: int):
    state = start(Transcript())
    for at in range(0, len(text), size):
        state = fold(state, ev.chunk(text[at : at + size]))
    state = fold(state, ev.chunk("", last=True))
    assert [p for m in state.transcript.messages for p in m.parts] == split(text, complete=True)


@given(st.lists(PIECES, max_size=14).map("".join), st.booleans())
def test_no_character_but_tags_and_space_is_lost(text: str, complete: bool):
    words = "".join(part.text for part in split(text, complete=complete))
    assert words.count("a") == text.count("a")
    assert words.count("b") == text.count("b")


@pytest.mark.parametrize("piece", ["<think>", "</think>", "`<think>", "a <think> b\n", "<", "`"])
@pytest.mark.parametrize("complete", [True, False])
def test_no_text_takes_long(piece: str, complete: bool):
    began = time.process_time()
    split(piece * (100_000 // len(piece)), complete=complete)
    assert time.process_time() - began < 2
