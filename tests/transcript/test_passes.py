"""Passes of a supervisor get no row; agents that did something keep theirs."""

from __future__ import annotations

from functools import reduce

import pytest

from chat_app.client.events import Event, decode
from chat_app.transcript.fold import fold, load, start
from chat_app.transcript.message import SubAgent, Transcript
from chat_app.transcript.thread_notes import note_of_run
from tests.helpers import captures
from tests.helpers import events as ev
from tests.helpers.folding import HELLO


def live(name: str) -> Transcript:
    return reduce(
        fold, [*captures.events(name), ev.end()], start(Transcript(), pending=HELLO)
    ).transcript


def rows(transcript: Transcript) -> list[str]:
    """What stands from top to bottom: agents that have a row by name, messages by id."""
    found = []
    for message in transcript.messages:
        alone = [part for part in message.parts if isinstance(part, SubAgent)]
        found += [part.name for part in alone if not part.is_pass] if alone else [message.id]
    return found


def agents(transcript: Transcript) -> list[str]:
    known = {message.id for message in transcript.messages}
    return [row for row in rows(transcript) if row not in known]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("supervisor", ["math", "research"]), ("swarm", ["Bob"]), ("hands_over", ["writer"])],
)
def test_only_agents_that_worked_have_rows(name: str, shown: list[str]):
    assert agents(live(name)) == shown


@pytest.mark.parametrize("name", ["supervisor", "swarm"])
def test_after_a_reload_the_same_rows_stand_in_the_same_order(name: str):
    seen = live(name)
    loaded = load(
        captures.document(f"{name}_state"), metadata=note_of_run(seen.run_id, seen.messages)
    )
    assert rows(loaded) == rows(seen)


def test_a_later_run_notes_only_its_own_agents():
    seen = live("supervisor")
    known = {m.id for m in seen.messages}
    assert note_of_run("r2", seen.messages, known) == {}
    assert note_of_run("", seen.messages) == {}


CALL = ev.call("c1", "transfer_to_worker")
RESULT = ev.tool("Successfully transferred to worker", "c1")


def inside(*messages: ev.Json) -> Event:
    return decode("values|lead:1", {"messages": [ev.human("hello"), *messages]})


def over(*messages: ev.Json) -> Event:
    return ev.updates(*messages, node="lead")


def after(*events: Event) -> list[str]:
    return agents(reduce(fold, events, start(Transcript(), pending=HELLO)).transcript)


def test_a_pass_keeps_its_row_while_it_runs():
    handing = ev.ai("", "i1", tool_calls=[CALL])
    assert after(inside(handing)) == ["lead"]
    assert after(inside(handing), over(handing, RESULT)) == []


def test_what_a_supervisor_said_that_stands_nowhere_else_keeps_its_row():
    handing = ev.ai("I will split this.", "i1", tool_calls=[CALL])
    assert after(inside(handing), over()) == ["lead"]
    assert after(inside(handing), over(handing, RESULT)) == []
    looked = ev.ai("", "i0", tool_calls=[ev.call("c0", "search")])
    assert after(inside(looked, ev.ai("", "i1", tool_calls=[CALL])), over()) == ["lead"]


def test_a_supervisor_without_handoff_messages_has_no_rows_either():
    handing = ev.ai("", "i1", tool_calls=[CALL])
    assert after(inside(handing), over()) == []


def test_an_agent_that_only_answers_has_a_row():
    answer = ev.ai("an answer", "i1")
    assert after(inside(answer), over(answer)) == ["lead"]
