"""Chunks that only bring more text are joined before they are written: nothing else may differ."""

from __future__ import annotations

from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.merge import appended, joined
from tests.helpers.examples import examples

CONTENT = st.one_of(
    st.sampled_from(["", "a", "b"]),
    st.none(),
    st.just([{"type": "text", "text": "c", "index": 0}]),
    st.just([{"type": "text", "text": "d"}]),
)
CHUNKS = st.fixed_dictionaries(
    {"content": CONTENT, "type": st.just("AIMessageChunk")},
    optional={
        "id": st.sampled_from(["m", ""]),
        "name": st.sampled_from([None, "n"]),
        "chunk_position": st.sampled_from([None, "last"]),
        "usage_metadata": st.sampled_from([None, {"output_tokens": 1}]),
        "additional_kwargs": st.sampled_from([{}, {"reasoning_content": "r"}]),
        "response_metadata": st.sampled_from([{}, {"model": "x"}]),
        "tool_call_chunks": st.sampled_from([[], [{"index": 0, "args": "1", "id": "t"}]]),
    },
)


@examples(300)
@given(st.lists(CHUNKS, max_size=12), CHUNKS)
def test_joined_chunks_come_to_the_same_draft(chunks: list[dict[str, Any]], first: dict[str, Any]):
    draft = appended({}, first)
    assert reduce(appended, joined(chunks), draft) == reduce(appended, chunks, draft)


def test_tokens_become_one_chunk():
    tokens = [{"type": "AIMessageChunk", "id": "m", "content": letter} for letter in "abc"]
    assert joined(tokens) == [{"type": "AIMessageChunk", "id": "m", "content": "abc"}]
