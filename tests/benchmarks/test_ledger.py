"""The soak's judge: it lets a sound thread pass, and sees each way in which one can be wrong."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.ledger import Said, judge, repeated

FIRST = Said("3 every 0.021", 3)
SECOND = Said("2 every 0.022", 2, after=frozenset({FIRST.text}))


def asks(said: Said) -> dict[str, Any]:
    return {"type": "human", "content": said.text}


def answers(text: str, **about: Any) -> dict[str, Any]:
    return {"type": "ai", "content": text, "response_metadata": about}


def faults(said: list[Said], *messages: dict[str, Any], ended: int = 0) -> list[str]:
    return [complaint.fault for complaint in judge(said, messages, ended=ended)]


SOUND = (asks(FIRST), answers("word0 word1 word2 "), asks(SECOND), answers("word0 word1 "))


def test_a_thread_that_holds_all_and_no_more_is_sound():
    assert faults([FIRST, SECOND], *SOUND) == []


def test_a_message_that_is_not_in_the_thread_is_lost():
    assert faults([FIRST, SECOND], *SOUND[:2]) == ["lost"]


def test_a_message_that_was_rolled_back_may_be_gone():
    assert faults([FIRST, Said("1 every 0.02", 1, certain=False)], *SOUND[:2]) == []


def test_a_message_that_stands_twice_is_doubled():
    assert faults([FIRST], *SOUND[:2], *SOUND[:2]) == ["doubled"]


def test_two_answers_to_one_message_are_doubled():
    assert faults([FIRST], *SOUND[:2], SOUND[1]) == ["doubled"]


def test_a_message_that_was_never_sent_is_misplaced():
    assert faults([FIRST], *SOUND) == ["misplaced"]


def test_a_message_before_one_that_was_answered_already_is_misplaced():
    assert faults([FIRST, SECOND], *SOUND[2:], *SOUND[:2]) == ["misplaced"]


def test_half_an_answer_is_sound_only_where_it_is_marked_and_was_stopped():
    half = "word0 word1 "
    assert faults([FIRST], asks(FIRST), answers(half, stopped=True), ended=1) == []
    assert faults([FIRST], asks(FIRST), answers(half), ended=1) == ["broken"]
    assert faults([FIRST], asks(FIRST), answers(half, stopped=True)) == ["broken"]


def test_an_answer_in_other_words_is_broken_even_where_it_was_stopped():
    other = answers("word0 word2 ", stopped=True)
    assert faults([FIRST], asks(FIRST), other, ended=1) == ["broken"]


def test_a_question_without_an_answer_is_sound_only_where_it_was_stopped():
    assert faults([FIRST], asks(FIRST), ended=1) == []
    assert faults([FIRST], asks(FIRST)) == ["broken"]


def test_a_key_that_two_rows_have_is_seen():
    rows = [("0", "human", "a"), ("1", "text", "b"), ("1", "text", "b")]
    assert [complaint.fault for complaint in repeated(rows)] == ["doubled"]
    assert list(repeated(rows[:2])) == []
