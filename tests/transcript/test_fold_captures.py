"""What a real server sent: folded in any dialect, in any cut, it is what the state says later."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache, reduce
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import Event, Outcome, RunError, Updates, Values
from chat_app.transcript.fold import Fold, fold, load, start
from chat_app.transcript.message import (
    Message,
    Role,
    Text,
    ToolCall,
    ToolResult,
    Transcript,
)
from tests.helpers import captures
from tests.helpers import events as ev
from tests.helpers.examples import examples
from tests.helpers.folding import of_the_state

if TYPE_CHECKING:
    from chat_app.client.events import Json

CANCELLED = {
    "cancel_interrupt_wait_true_stream",
    "cancel_rollback_wait_true_stream",
    "multitask_interrupt_first",
}
QUESTION = Message("h1", Role.HUMAN, (Text("weather?"),))


@cache
def events(name: str) -> tuple[Event, ...]:
    return (*captures.events(name), ev.end(outcome(name)))


def outcome(name: str) -> Outcome:
    seen = captures.events(name)
    if any(isinstance(event, RunError) for event in seen):
        return Outcome.FAILED
    paused = any("__interrupt__" in root(event) for event in seen)
    return Outcome.INTERRUPTED if paused or name in CANCELLED else Outcome.FINISHED


def root(event: Event) -> Json:
    if event.namespace or not isinstance(event, Values | Updates):
        return {}
    return event.data


def folded(told: tuple[Event, ...]) -> Transcript:
    return reduce(fold, told, start(Transcript())).transcript


def last_values(name: str) -> Json | None:
    seen = [root(event) for event in events(name) if isinstance(event, Values)]
    return next((state for state in reversed(seen) if "messages" in state), None)


def anonymous(message: Message) -> Message:
    """Without what differs from run to run: ids, and tokens counted from another question."""
    parts = tuple(
        replace(part, id="", result=part.result and replace(part.result, message_id=""))
        if isinstance(part, ToolCall)
        else part
        for part in message.parts
    )
    return replace(message, id="", parts=parts, usage=None)


def test_the_captured_agent_gave_the_same_answer_in_every_dialect():
    def answers(name: str) -> list[Message]:
        shown = reduce(fold, events(name), start(Transcript(), pending=QUESTION)).transcript
        return [anonymous(m) for m in of_the_state(shown).messages if m.role is not Role.HUMAN]

    expected = answers("agent_multi")
    assert [len(message.parts) for message in expected] == [4, 1]
    assert all(
        isinstance(p.result, ToolResult) for p in expected[0].parts if isinstance(p, ToolCall)
    )
    for mode in ("messages", "messages-tuple", "values", "updates", "multi_subgraphs"):
        assert answers(f"agent_{mode}") == expected, mode
    assert answers("resumable_full") == expected


@pytest.mark.parametrize(
    "name", [n for n in captures.names() if n not in CANCELLED and last_values(n)]
)
def test_a_run_folded_live_is_what_its_last_values_say(name: str):
    state = last_values(name) or {}
    breakpoints = [e for e in events(name) if root(e).get("__interrupt__") == []]
    loaded = load(
        {
            "values": state,
            "interrupts": state.get("__interrupt__"),
            "next": ["tools"] if breakpoints else [],
        }
    )
    live = folded(events(name))
    if outcome(name) is Outcome.FAILED:
        assert live.messages[: len(loaded.messages)] == loaded.messages
        assert live.failure
    else:
        assert of_the_state(replace(live, run_id="")) == of_the_state(loaded)


@pytest.mark.parametrize(
    ("name", "state"), [("hitl_1", "hitl_state"), ("interrupt_1", "interrupt_state")]
)
def test_a_paused_run_folded_live_is_what_its_state_says(name: str, state: str):
    loaded = load(captures.document(state))
    assert loaded.interrupts
    live = folded(events(name))
    assert [anonymous(m) for m in live.messages] == [anonymous(m) for m in loaded.messages]
    assert [i.value for i in live.interrupts] == [i.value for i in loaded.interrupts]


@pytest.mark.parametrize("name", sorted(CANCELLED))
def test_the_partial_answer_of_a_cancelled_run_stays(name: str):
    human, partial = folded(events(name)).messages
    assert human.role is Role.HUMAN
    text = partial.parts[0]
    assert isinstance(text, Text)
    assert text.text.startswith("word0 word1 ")


@given(st.sampled_from(captures.names()), st.data())
@examples(80)
def test_any_cut_of_the_bytes_ends_in_the_same_transcript(name: str, data: st.DataObject):
    body = captures.body(name)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=30), label="cuts"))
    chunks = [body[a:b] for a, b in pairwise([0, *cuts, len(body)])]
    cut = captures.parse(chunks, requested=captures.requested(name))
    assert folded((*cut, ev.end(outcome(name)))) == folded(events(name))


@pytest.mark.parametrize(
    "name", ["input_multimodal", "hitl_b2_resume_edit_by_id", "subgraph_on_values"]
)
def test_a_body_that_arrives_byte_by_byte_ends_in_the_same_transcript(name: str):
    body = captures.body(name)
    cut = captures.parse([body[at : at + 1] for at in range(len(body))])
    assert folded((*cut, ev.end(outcome(name)))) == folded(events(name))


@pytest.mark.parametrize("name", captures.names())
def test_no_step_touches_its_input_and_what_is_equal_stays_the_same_object(name: str):
    told = events(name)
    untouched = copy.deepcopy(told)
    states = list(accumulate(told, fold, initial=start(Transcript())))
    again = list(accumulate(untouched, fold, initial=start(Transcript())))
    assert told == untouched
    assert states == again
    for before, after in pairwise(states):
        steady(before, after)


def steady(before: Fold, after: Fold) -> None:
    if before.transcript == after.transcript:
        assert before.transcript is after.transcript
    known = {message.id: message for message in before.transcript.messages}
    for message in after.transcript.messages:
        if message == known.get(message.id):
            assert message is known[message.id]


@pytest.mark.parametrize("name", captures.names())
def test_earlier_states_do_not_change_while_later_events_are_folded(name: str):
    state = start(Transcript())
    kept = []
    for event in events(name):
        kept.append((state, copy.deepcopy(state)))
        state = fold(state, event)
    assert all(live == frozen for live, frozen in kept)
