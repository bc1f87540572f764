"""Folding many events in one go: the same transcript, at a lower price."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from time import process_time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat_app.client.events import Event, decode
from chat_app.transcript.fold import fold, fold_all, start
from chat_app.transcript.message import ToolStatus, Transcript
from tests.helpers import captures
from tests.helpers import events as ev
from tests.helpers.examples import examples
from tests.helpers.folding import HELLO, calls, texts
from tests.transcript.test_fold_robust import EVENT

IDS = st.sampled_from(["a1", "a2", None])
BLOCKS = st.sampled_from(
    [
        {"type": "text", "text": "x", "index": 0},
        {"type": "text", "text": "y"},
        {"type": "thinking", "thinking": "hm", "index": 1},
        {"type": "tool_use", "id": "c1", "name": "weather", "input": {}, "index": 2},
        {"type": "input_json_delta", "partial_json": "{}", "index": 2},
    ]
)
CONTENT = st.text("ab ", max_size=3) | st.lists(BLOCKS, max_size=2)
CALLS = st.lists(
    st.builds(
        ev.call_chunk,
        st.sampled_from(["", '{"city"', ': "la"}']),
        id=st.sampled_from([None, "c1", "c2"]),
        name=st.sampled_from([None, "weather"]),
        index=st.sampled_from([0, 1, None]),
    ),
    max_size=2,
)
PIECE = st.builds(
    ev.chunk,
    CONTENT,
    IDS,
    tags=st.sampled_from([(), (), ("nostream",)]),
    tool_call_chunks=CALLS,
    last=st.sampled_from([False, False, False, True]),
    usage_metadata=st.none() | st.just({"input_tokens": 2, "output_tokens": 1}),
    response_metadata=st.sampled_from([{}, {"finish_reason": "stop"}]),
    additional_kwargs=st.sampled_from([{}, {"reasoning_content": "hm "}]),
)
OTHER = st.sampled_from(
    [
        ev.values(ev.human("hello"), ev.ai("ab", "a1")),
        ev.updates(ev.ai("aba", "a1", tool_calls=[ev.call("c1")])),
        ev.message(ev.tool("18", "c1")),
        ev.message(ev.remove("a1")),
        ev.metadata(attempt=2),
        ev.reconnected(),
        ev.custom(1),
        decode("messages|child:1", [{"type": "AIMessageChunk", "id": "a1", "content": "no"}, {}]),
        ev.error(),
    ]
)


def one_by_one(events: list[Event], on: Transcript) -> Transcript:
    return reduce(fold, events, start(on)).transcript


EARLY = [
    ev.message(ev.tool("18", "c1")),
    ev.chunk("", "a1", tool_call_chunks=[ev.call_chunk(id="c1"), ev.call_chunk(id="c2", index=1)]),
    ev.chunk("", "a1"),
]
"""A result before its call, and a piece of the message after that."""


@examples(400)
@example(EARLY, [])
@given(st.lists(st.one_of(PIECE, PIECE, PIECE, OTHER), max_size=14), st.lists(st.integers(0, 14)))
def test_batches_of_any_size_come_to_what_single_events_come_to(
    events: list[Event], cuts: list[int]
):
    history = Transcript((HELLO,))
    state, edges = start(history), [0, *sorted(cuts), len(events)]
    for begin, end in pairwise(edges):
        state = fold_all(state, events[begin:end])
    assert state == reduce(fold, events, start(history))
    assert fold(state, ev.end()).transcript == one_by_one([*events, ev.end()], history)


@examples(200)
@given(st.lists(EVENT, max_size=8))
def test_whatever_the_payloads_a_batch_comes_to_what_single_events_come_to(
    told: list[tuple[str, Any]],
):
    events = [decode(name, data) for name, data in told]
    assert fold_all(start(Transcript()), events).transcript == one_by_one(events, Transcript())


@pytest.mark.parametrize("name", captures.names())
def test_a_captured_run_folds_in_one_go(name: str):
    events = captures.events(name)
    assert fold_all(start(Transcript()), events).transcript == one_by_one(events, Transcript())


def test_a_batch_that_changes_nothing_leaves_the_very_same_transcript():
    state = start(Transcript((HELLO,)))
    assert fold_all(state, []) is state
    unknown = Event(event="heartbeat")
    assert fold_all(state, [unknown, ev.chunk("x", tags=("nostream",))]) is state


def test_what_did_not_change_is_the_very_same_object():
    before = fold_all(start(Transcript((HELLO,))), [ev.chunk("a"), ev.chunk("b")])
    after = fold_all(before, [ev.chunk("c"), ev.chunk("d")])
    assert texts(after.transcript) == ["hello", "abcd"]
    assert after.transcript.messages[0] is HELLO


def test_pieces_of_two_messages_may_take_turns():
    events = [ev.chunk("a", "a1"), ev.chunk("1", "a2"), ev.chunk("b", "a1"), ev.chunk("2", "a2")]
    assert texts(fold_all(start(Transcript()), events).transcript) == ["ab", "12"]


def test_pieces_after_the_last_one_of_their_message_are_a_replay():
    events = [ev.chunk("a"), ev.chunk("b", last=True), ev.chunk("a"), ev.chunk("b")]
    assert texts(fold_all(start(Transcript()), events).transcript) == ["ab"]


def test_a_call_and_its_result_in_one_batch_are_joined():
    begun = ev.call_chunk('{"city":', id="c1", name="weather")
    events = [
        ev.chunk(tool_call_chunks=[begun]),
        ev.chunk(tool_call_chunks=[ev.call_chunk(' "la"}')]),
        ev.message(ev.tool("18")),
    ]
    (call,) = calls(fold_all(start(Transcript()), events).transcript)
    assert (call.args, call.status) == ('{"city": "la"}', ToolStatus.DONE)


def test_a_batch_costs_less_than_its_pieces():
    pieces = [ev.chunk("word ") for _ in range(2_000)]

    def seconds(size: int) -> float:
        state, begun = start(Transcript((HELLO,))), process_time()
        for place in range(0, len(pieces), size):
            state = fold_all(state, pieces[place : place + size])
        return process_time() - begun

    assert min(seconds(20) for _ in range(3)) < min(seconds(1) for _ in range(3)) / 2
