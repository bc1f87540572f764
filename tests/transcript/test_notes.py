"""What stands in a thread's metadata beside what this app wrote there."""

from __future__ import annotations

from chat_app.transcript.message import Decision, Message, Role
from chat_app.transcript.notes import DECISION, LONGEST_LINE, MOST_LINES, noted

HELLO = (Message("h", Role.HUMAN),)


def test_a_decision_that_somebody_else_noted_is_shown_at_no_more_than_a_readable_length() -> None:
    note = {"after": "h", "said": ["x" * 100_000, 7, *("y" for _ in range(10_000))]}
    [message] = noted(HELLO, {f"{DECISION}1": note})
    [decision] = message.asides
    assert isinstance(decision, Decision)
    assert decision.said == ("x" * LONGEST_LINE, *("y" for _ in range(MOST_LINES - 1)))
