"""A message that was sent is kept in the browser until the process that got it has confirmed it."""

from __future__ import annotations

from typing import Any

from tests.helpers.node import each

COUNT = "composer/outbox_count.js"


def unconfirmed(messages: list[dict[str, Any]], taken: int, taker: str) -> list[dict[str, Any]]:
    return each(COUNT, "return module.unconfirmed(...given)", [[messages, taken, taker]])[0]


def next_due(messages: list[dict[str, Any]], taken: int, taker: str) -> int:
    return each(COUNT, "return module.nextDue(...given)", [[messages, taken, taker]])[0]


def message(due: int | None, taker: str = "a") -> dict[str, Any]:
    return {"due": due, "taker": taker}


def test_a_process_confirms_what_it_has_counted() -> None:
    assert unconfirmed([message(4), message(5), message(6)], 5, "a") == [message(6)]


def test_a_message_that_got_lost_is_never_confirmed() -> None:
    assert unconfirmed([message(None)], 5, "a") == [message(None)]


def test_a_process_confirms_nothing_that_was_sent_to_another_one() -> None:
    # A page comes back to a process that had counted five, and has sent one to another, which died.
    assert unconfirmed([message(1, "b")], 5, "a") == [message(1, "b")]


def test_the_next_message_is_counted_after_those_that_wait_for_the_same_process() -> None:
    assert next_due([], 5, "a") == 6
    assert next_due([message(6), message(7), message(None)], 5, "a") == 8
    assert next_due([message(9, "b")], 0, "a") == 1
