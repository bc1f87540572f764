from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.load import conversation
from chat_app.transcript.message import Text, ToolCall
from chat_app.transcript.terminal import in_answer, plain
from tests.helpers import events as ev

ESC = "\x1b"


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        (f"{ESC}[32m3 passed{ESC}[0m, {ESC}[1;31m1 failed{ESC}[0m", "3 passed, 1 failed"),
        (f"{ESC}[38;5;208ma{ESC}[38:2::1:2:3mb{ESC}[m", "ab"),
        (f"{ESC}]8;;https://e.com{ESC}\\link{ESC}]8;;{ESC}\\ it", "link it"),
        (f"{ESC}]8;;https://e.com\x07link{ESC}]8;;\x07", "link"),
        (f"{ESC}]0;a title\x07words", "words"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("10%\r50%\r100%", "100%"),
        ("10% of it\r20%", "20% of it"),
        ("a long line\rdone       \n", "done\n"),
        (f"a long line\r{ESC}[Kdone", "done"),
        (f"a long line{ESC}[2K\rdone", "done"),
        (f"abc{ESC}[1Dd", "abd"),
        ("abcd\b\b\bX", "aXcd"),
        ("a\bb\bc", "c"),
        (f"one\ntwo\n{ESC}[2Aupd", "upd\ntwo\n"),
        (f"one\ntwo{ESC}[1A\rX\n\nthree", "Xne\ntwo\nthree"),
        (f"old{ESC}[2J{ESC}[Hnew", "new"),
        (f"a{ESC}[3Gb", "a b"),
        (f"a{ESC}[2Cb", "a  b"),
        (f"kept\n{ESC}[Hkept too", "kept\nkept too"),
        ("be\x07ll \x00nul", "bell nul"),
        (f"cut {ESC}[3", "cut "),
        (f"cut {ESC}]8;;https://e", "cut "),
        (f"cut {ESC}", "cut "),
        (f"{ESC}(B{ESC}[?25lhidden{ESC}[?25h{ESC}=", "hidden"),
        (f"{ESC}[999999999Ba", "a"),
        (f"{ESC}[2J{ESC}[3;3Ha", "\n\n  a"),
    ],
)
def test_text_stands_as_on_a_terminal(sent: str, seen: str):
    assert plain(sent) == seen


def test_an_answer_quotes_a_terminal_in_code_and_keeps_its_lines_elsewhere():
    log = f"It says:\n\n```\n{ESC}[32m10%\r100%{ESC}[0m\n```\n\nSo{ESC}[1m it{ESC}[0m\ris."
    assert in_answer(log) == "It says:\n\n```\n100%\n```\n\nSo it\nis."


def test_what_tools_and_models_write_is_cleaned_and_what_a_person_pastes_is_not():
    red = f"{ESC}[31mred{ESC}[0m"
    person, answer = conversation(
        [ev.human(red), ev.ai(red, tool_calls=[ev.call()]), ev.tool(f"1\r2 {red}")]
    )
    text, call = answer.parts
    assert person.parts == (Text(red),)
    assert text == Text("red")
    assert isinstance(call, ToolCall)
    assert call.result
    assert call.result.content == "2 red"


PIECES = st.sampled_from(
    [
        "a",
        "b\n",
        "\r",
        "\b",
        f"{ESC}[",
        "3",
        "m",
        "K",
        "A",
        "J",
        "H",
        f"{ESC}]",
        "\x07",
        "```\n",
        ESC,
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_control_character_is_left(text: str):
    for seen in (plain(text), in_answer(text)):
        assert all(sign >= " " or sign == "\n" for sign in seen)
        assert plain(seen) == seen


@given(st.text(st.characters(min_codepoint=32), max_size=40))
def test_other_text_is_untouched(text: str):
    assert plain(text) == in_answer(text) == text


@pytest.mark.parametrize(
    "piece",
    ["\r", "a\r", f"{ESC}[A", f"{ESC}[999B", f"{ESC}[999C", "a\b", f"{ESC}]", f"{ESC}[", ESC],
)
def test_nothing_takes_long(piece: str):
    began = time.process_time()
    plain(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 3
