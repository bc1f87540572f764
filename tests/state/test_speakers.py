"""Who speaks: names above answers, folded instructions, and whose bubble it is."""

from __future__ import annotations

from typing import Any

from chat_app.runs.timings import Timings
from chat_app.state.painter import Painter
from chat_app.transcript.load import conversation
from chat_app.transcript.message import Role, Transcript
from tests.helpers import events as ev
from tests.helpers.painting import Page
from tests.helpers.row_words import words_of

NAMED = [
    ev.human("Write a book."),
    ev.ai("Three sources.", "a1", name="researcher"),
    ev.ai("A page.", "a2", name="writer"),
    ev.ai("And another.", "a3", name="writer"),
    {"type": "human", "content": "Go on.", "id": "h2", "name": "coordinator"},
    ev.ai("Done.", "a4", name="writer"),
]


def rows(*messages: Any) -> list[tuple[str, str]]:
    painted = Painter(Timings()).paint(Transcript(conversation(list(messages)))).rows
    return [(row.kind, words_of(row)) for row in painted if row.kind != "end"]


def test_names_are_shown_where_more_than_one_agent_speaks():
    assert rows(*NAMED) == [
        ("human", "Write a book."),
        ("speaker", "researcher"),
        ("text", "Three sources."),
        ("speaker", "writer"),
        ("text", "A page."),
        ("text", "And another."),
        ("speaker", "coordinator"),
        ("text", "Go on."),
        ("speaker", "writer"),
        ("text", "Done."),
    ]


def test_the_only_agent_needs_no_name():
    assert ("speaker", "writer") not in rows(ev.human("?"), ev.ai("A.", "a1", name="writer"))


def test_a_tools_result_and_a_call_are_no_speakers():
    shown = rows(
        ev.human("?"),
        ev.ai("", "a1", name="worker", tool_calls=[ev.call()]),
        ev.tool("42"),
        ev.ai("A.", "a2"),
    )
    assert "speaker" not in {kind for kind, _ in shown}


def test_an_agent_without_a_name_is_told_from_one_that_has_one():
    shown = rows(ev.human("?"), ev.ai("A.", "a1", name="writer"), ev.ai("B.", "a2"))
    assert [name for kind, name in shown if kind == "speaker"] == ["writer", "Agent"]


def test_names_come_above_what_was_said_before_the_second_one_spoke():
    page, messages = Page(), conversation(NAMED)
    for count in range(1, len(messages) + 1):
        page.show(Transcript(messages[:count], running=True))
        page.show(Transcript(messages[:count]))
    assert [(row.kind, words_of(row)) for row in page.rows if row.kind != "end"] == rows(*NAMED)
    page.show(Transcript(messages[:2]))
    assert "speaker" not in {row.kind for row in page.rows}


def test_a_message_in_the_persons_role_is_the_persons_unless_it_has_an_agents_name():
    names = {"": Role.HUMAN, "user": Role.HUMAN, "Human": Role.HUMAN, "planner": Role.ASSISTANT}
    for name, role in names.items():
        (message,) = conversation([{**ev.human("hi"), "name": name}])
        assert message.role is role


def test_instructions_are_folded_and_other_roles_are_named():
    shown = rows(
        ev.human("?"),
        {"type": "system", "content": "Keep to the rules.", "id": "s1"},
        {"type": "chat", "role": "developer", "content": "Be short.", "id": "s2"},
        {"type": "chat", "role": "critic", "content": "Too long.", "id": "c1"},
        ev.ai("Forty-two."),
    )
    assert shown[1:3] == [("system", "Keep to the rules."), ("system", "Be short.")]
    assert shown[3:5] == [("speaker", "critic"), ("text", "Too long.")]
    painted = Painter(Timings(), steps=False).paint(
        Transcript(conversation([{"type": "system", "content": "Keep to the rules."}]))
    )
    assert painted.rows == []
