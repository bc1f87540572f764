"""Whatever a server sends: no step raises, and a long answer costs what it weighs."""

from __future__ import annotations

from time import process_time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import decode
from chat_app.transcript.fold import fold, load, start
from chat_app.transcript.message import Text, Transcript
from tests.helpers import events as ev
from tests.helpers.examples import examples

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
TYPES = [
    "ai",
    "AIMessageChunk",
    "ToolMessageChunk",
    "tool",
    "human",
    "remove",
    "constructor",
    "chat",
]
BLOCKS = ["text", "reasoning", "thinking", "tool_use", "tool_call", "input_json_delta", "image"]
BLOCK_KEYS = [
    "text",
    "reasoning",
    "summary",
    "index",
    "id",
    "name",
    "input",
    "args",
    "partial_json",
]
BLOCK = st.fixed_dictionaries(
    {"type": st.sampled_from(BLOCKS) | JSON},
    optional=dict.fromkeys(BLOCK_KEYS, JSON),
)
CALL = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["c1", "c2"]) | JSON,
        "name": JSON,
        "args": JSON,
        "index": JSON,
    },
)
MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(TYPES) | JSON,
        "role": JSON,
        "id": st.sampled_from(["a1", "a2", "__remove_all__"]) | JSON,
        "content": st.lists(BLOCK | JSON, max_size=3) | JSON,
        "tool_calls": st.lists(CALL, max_size=2) | JSON,
        "tool_call_chunks": st.lists(CALL, max_size=2) | JSON,
        "invalid_tool_calls": JSON,
        "tool_call_id": st.sampled_from(["c1", "c2"]) | JSON,
        "usage_metadata": JSON | st.dictionaries(st.just("input_tokens"), JSON),
        "response_metadata": JSON | st.dictionaries(st.sampled_from(["usage", "model"]), JSON),
        "additional_kwargs": JSON | st.dictionaries(st.just("reasoning_content"), JSON),
        "kwargs": JSON,
        "chunk_position": JSON,
    },
)
MESSAGES = st.lists(MESSAGE | JSON, max_size=3) | MESSAGE | JSON
STATE = st.fixed_dictionaries({}, optional={"messages": MESSAGES, "__interrupt__": JSON})
EVENT = st.one_of(
    st.tuples(st.just("values"), STATE | JSON),
    st.tuples(st.just("updates"), st.dictionaries(st.text(max_size=3), STATE | JSON, max_size=2)),
    st.tuples(st.just("messages"), st.tuples(MESSAGE, JSON).map(list) | JSON),
    st.tuples(st.sampled_from(["messages/partial", "messages/complete"]), MESSAGES),
    st.tuples(st.just("messages/metadata"), st.dictionaries(st.just("a1"), JSON) | JSON),
    st.tuples(st.sampled_from(["metadata", "error", "custom", "reconnected", "tasks"]), JSON),
)


@given(st.lists(EVENT, max_size=8))
@examples(250)
def test_no_event_whatever_its_payload_makes_the_fold_raise(told: list[tuple[str, Any]]):
    state = start(Transcript())
    for name, data in told:
        state = fold(state, decode(name, data))
        ids = [message.id for message in state.transcript.messages]
        assert len(ids) == len(set(ids))
    assert not fold(state, ev.end()).transcript.running


@given(st.dictionaries(st.sampled_from(["values", "tasks", "next", "interrupts"]), STATE | JSON))
@examples(100)
def test_no_state_makes_loading_raise(state: dict[str, Any]):
    load(state)
    load(state, running=True)


def seconds(tokens: int) -> float:
    events = [ev.chunk("word ") for _ in range(tokens)]
    state = start(Transcript())
    begun = process_time()
    for event in events:
        state = fold(state, event)
    spent = process_time() - begun
    assert state.transcript.messages[0].parts == (Text("word " * tokens),)
    return spent


def test_a_token_of_a_long_answer_costs_little_more_than_one_of_a_short_answer():
    short = min(seconds(1_000) for _ in range(3))
    long = min(seconds(8_000) for _ in range(2))
    assert long < 3 * 8 * short
