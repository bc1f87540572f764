"""What providers send beside plain text: each shape whole, and streamed in pieces."""

from __future__ import annotations

import base64
import io
import wave
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.fold import fold, start
from chat_app.transcript.load import conversation
from chat_app.transcript.message import (
    Media,
    Message,
    Part,
    Raw,
    Reasoning,
    Text,
    Transcript,
)
from tests.helpers import events as ev

WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="
PNG = "iVBORw0KGgo="


def parts(content: Any = "", **fields: Any) -> list[Part]:
    (shown,) = conversation([ev.ai(content, **fields)])
    return list(shown.parts)


def beside(**kwargs: Any) -> list[Part]:
    return parts(additional_kwargs=kwargs)


def streamed(*chunks: Any) -> Message:
    state = start(Transcript())
    for chunk in chunks:
        state = fold(state, chunk)
    (shown,) = state.transcript.messages
    return shown


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([{"type": "refusal", "refusal": "No."}], [Text("No.", refused=True)]),
        (
            [{"type": "text", "text": "Well. "}, {"type": "refusal", "refusal": "No."}],
            [Text("Well. "), Text("No.", refused=True)],
        ),
        (
            [{"type": "thinking", "thinking": "a"}, {"type": "redacted_thinking", "data": "x"}],
            [Reasoning("a", redacted=True)],
        ),
        (
            [{"type": "thinking", "thinking": [{"type": "text", "text": "a"}, {"text": "b"}]}],
            [Reasoning("ab")],
        ),
        (
            [{"type": "reasoning", "content": [{"type": "reasoning_text", "text": "a"}]}],
            [Reasoning("a")],
        ),
        ([{"text": "hm", "thought": True}, {"text": "So."}], [Reasoning("hm"), Text("So.")]),
        (
            [{"type": "non_standard", "value": {"type": "refusal", "refusal": "No."}}],
            [Text("No.", refused=True)],
        ),
        (
            [{"type": "image_generation_call", "output_format": "webp", "result": PNG}],
            [Media("image", "image/webp", data=PNG)],
        ),
        (
            [{"inline_data": {"mime_type": "image/png", "data": PNG}}],
            [Media("image", "image/png", data=PNG)],
        ),
        (
            [{"inlineData": {"mimeType": "image/png", "data": PNG}}],
            [Media("image", "image/png", data=PNG)],
        ),
        (
            [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}],
            [Media("image", "image/png", data=PNG)],
        ),
        (
            [{"type": "output_audio", "data": WAV, "transcript": "Hello.", "format": "wav"}],
            [Text("Hello."), Media("audio", "audio/wav", data=WAV)],
        ),
        (
            [{"type": "input_audio", "input_audio": {"data": WAV, "format": "wav"}}],
            [Media("audio", "audio/wav", data=WAV)],
        ),
        (
            [
                {
                    "type": "resource",
                    "resource": {"uri": "a://b", "mimeType": "image/png", "blob": PNG},
                }
            ],
            [Media("image", "image/png", data=PNG)],
        ),
    ],
)
def test_a_block_is_read_for_what_it_is(content: Any, expected: list[Part]):
    assert parts(content) == expected


@pytest.mark.parametrize(
    ("kwargs", "expected"),
    [
        ({"refusal": "No."}, [Text("No.", refused=True)]),
        ({"refusal": None}, []),
        (
            {"audio": {"id": "a", "data": WAV, "transcript": "Hi."}},
            [Text("Hi."), Media("audio", "", data=WAV)],
        ),
        ({"audio": WAV}, [Media("audio", "", data=WAV)]),
        ({"audio": {"id": "a"}}, []),
        ({"audio": 7}, []),
        ({"reasoning": {"summary": [{"text": "a"}, {"text": "b"}]}}, [Reasoning("a\n\nb")]),
        ({"reasoning": "a"}, [Reasoning("a")]),
        ({"reasoning": {"effort": "high", "summary": "auto"}}, []),
        ({"reasoning_content": "a"}, [Reasoning("a")]),
        ({"thinking": "a"}, [Reasoning("a")]),
        (
            {
                "reasoning_details": [
                    {"type": "reasoning.summary", "summary": "a"},
                    {"type": "reasoning.text", "text": "b"},
                    {"type": "reasoning.encrypted", "data": "x"},
                ]
            },
            [Reasoning("a\n\nb", redacted=True)],
        ),
        ({"thinking_blocks": [{"type": "thinking", "thinking": "a"}]}, [Reasoning("a")]),
        (
            {
                "images": [
                    {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}
                ]
            },
            [Media("image", "image/png", data=PNG)],
        ),
        (
            {"tool_outputs": [{"type": "image_generation_call", "result": PNG}]},
            [Media("image", "", data=PNG)],
        ),
    ],
)
def test_what_is_beside_the_content_is_read_too(kwargs: dict[str, Any], expected: list[Part]):
    assert beside(**kwargs) == expected


def test_a_thought_in_the_metadata_is_read():
    about = {"message": {"thinking": "a"}, "done_reason": "stop"}
    assert parts("So.", response_metadata=about) == [Reasoning("a"), Text("So.")]


def test_a_transcript_that_the_content_says_already_is_not_doubled():
    audio = {"data": WAV, "transcript": "Hi."}
    assert parts("Hi.", additional_kwargs={"audio": audio}) == [
        Text("Hi."),
        Media("audio", "", data=WAV),
    ]


def test_streamed_samples_become_a_file_that_browsers_play():
    samples = bytes(range(200))
    cut = [samples[:50], samples[50:100], samples[100:]]
    audio = [{"data": base64.b64encode(piece).decode()} for piece in cut]
    message = streamed(
        ev.chunk(additional_kwargs={"audio": {"id": "a", "transcript": "Good "}}),
        *(ev.chunk(additional_kwargs={"audio": piece}) for piece in audio),
        ev.chunk(additional_kwargs={"audio": {"transcript": "morning."}}),
        ev.chunk(last=True),
    )
    said, sound = message.parts
    assert said == Text("Good morning.")
    assert isinstance(sound, Media)
    assert sound.mime_type == "audio/wav"
    with wave.open(io.BytesIO(base64.b64decode(sound.data, validate=True))) as opened:
        assert opened.getframerate() == 24_000
        assert opened.readframes(100) == samples


def test_sound_has_no_player_before_it_is_all_there():
    block = {"type": "audio", "base64": WAV, "mime_type": "audio/wav", "index": 0}
    assert streamed(ev.chunk([block])).parts == ()
    assert streamed(ev.chunk([block]), ev.chunk(last=True)).parts == (
        Media("audio", "audio/wav", data=WAV),
    )


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ({"text": "One."}, {"text": "Two more."}, "One.\n\nTwo more."),
        ({"text": "First block"}, {"text": "Second block"}, "First block\n\nSecond block"),
        ({"text": "One.", "index": 0}, {"text": "Two.", "index": 1}, "One.\n\nTwo."),
        ({"text": "Hel"}, {"text": "lo there"}, "Hello there"),
        ({"text": "Java"}, {"text": "Script"}, "JavaScript"),
        ({"text": "It is "}, {"text": "Monday today."}, "It is Monday today."),
        ({"text": "It is"}, {"text": " Monday today."}, "It is Monday today."),
        ({"text": "It is 3."}, {"text": "14 or so."}, "It is 3.14 or so."),
        ({"text": "So it is"}, {"text": ", and more."}, "So it is, and more."),
        (
            {"text": "Known fact.", "citations": [{"url": "https://e.com"}]},
            {"text": "Other words."},
            "Known fact.Other words.",
        ),
    ],
)
def test_text_blocks_are_paragraphs_unless_they_are_one_text_cut_in_two(
    first: dict[str, Any], second: dict[str, Any], joined: str
):
    blocks = [{"type": "text", **first}, {"type": "text", **second}]
    assert "".join(p.text for p in parts(blocks) if isinstance(p, Text)) == joined


WORDS = st.lists(
    st.sampled_from(
        ["It ", "was", " so. ", "One.", "Two words", "3", ".", "x", "Up", "\n\n", "。"]
    ),
    min_size=1,
    max_size=8,
)


@given(WORDS, st.sampled_from(["none", "same", "each"]))
def test_text_blocks_streamed_one_by_one_equal_the_list_that_the_server_saves(
    words: list[str], numbers: str
):
    index = {"none": lambda _: {}, "same": lambda _: {"index": 0}, "each": lambda n: {"index": n}}
    blocks = [{"type": "text", "text": w, **index[numbers](n)} for n, w in enumerate(words)]
    saved = [{"type": "text", "text": "".join(words), "index": 0}] if numbers == "same" else blocks
    live = streamed(*(ev.chunk([block]) for block in blocks), ev.chunk(last=True))
    assert list(live.parts) == parts(saved)


CASES: list[tuple[list[dict[str, Any]], dict[str, Any]]] = [
    (
        [{"additional_kwargs": {"refusal": p}} for p in "No, no."],
        {"additional_kwargs": {"refusal": "No, no."}},
    ),
    (
        [{"content": [{"type": "refusal", "refusal": p, "index": 0}]} for p in "Never."],
        {"content": [{"type": "refusal", "refusal": "Never.", "index": 0}]},
    ),
    (
        [
            {"additional_kwargs": {"reasoning": {"summary": [{"index": 0, "text": p}]}}}
            for p in "Weigh it."
        ],
        {"additional_kwargs": {"reasoning": {"summary": [{"index": 0, "text": "Weigh it."}]}}},
    ),
    (
        [
            {
                "content": [
                    {
                        "type": "server_tool_use",
                        "id": "s",
                        "name": "web_search",
                        "input": {},
                        "index": 1,
                    }
                ]
            },
            *(
                {"content": [{"type": "input_json_delta", "partial_json": p, "index": 1}]}
                for p in '{"query": "tea"}'
            ),
        ],
        {
            "content": [
                {
                    "type": "server_tool_use",
                    "id": "s",
                    "name": "web_search",
                    "input": {"query": "tea"},
                }
            ]
        },
    ),
    (
        [
            {
                "content": [
                    {
                        "type": "server_tool_call_chunk",
                        "id": "s",
                        "name": "f",
                        "args": "",
                        "index": "lc_0",
                    }
                ]
            },
            *(
                {"content": [{"type": "server_tool_call_chunk", "args": p, "index": "lc_0"}]}
                for p in '{"a": 1}'
            ),
        ],
        {"content": [{"type": "server_tool_call", "id": "s", "name": "f", "args": {"a": 1}}]},
    ),
]


@pytest.mark.parametrize(("pieces", "whole"), CASES)
def test_a_shape_streamed_character_by_character_equals_the_saved_one(
    pieces: list[dict[str, Any]], whole: dict[str, Any]
):
    live = streamed(
        *(ev.chunk(piece.pop("content", ""), **piece) for piece in map(dict, pieces)),
        ev.chunk(last=True),
    )
    (saved,) = conversation([{**ev.ai(), **whole}])
    assert live.parts == saved.parts


_KEYS = [
    "type",
    "text",
    "id",
    "name",
    "input",
    "args",
    "output",
    "content",
    "action",
    "index",
    "result",
    "data",
    "summary",
    "thinking",
    "outcome",
    "status",
    "extras",
    "value",
]
_KINDS = [
    "server_tool_call",
    "server_tool_result",
    "web_search_call",
    "web_search_tool_result",
    "mcp_call",
    "audio",
    "code_interpreter_call",
    "mcp_list_tools",
    "executable_code",
    "code_execution_result",
    "shell_call",
    "image_generation_call",
    "non_standard",
    "redacted_thinking",
    "refusal",
    "thinking",
    "file_search_call",
    "tool_search_output",
]
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_KEYS), inner | st.sampled_from(_KINDS), max_size=5)
    ),
    max_leaves=20,
)


@given(st.lists(ODD, max_size=4), ODD, ODD)
def test_nothing_odd_in_a_message_is_too_much(content: list[Any], beside: Any, about: Any):
    fields: dict[str, Any] = {
        "additional_kwargs": {"reasoning": beside, "audio": beside, "refusal": beside}
    }
    whole = ev.ai(content, **fields, response_metadata={"finish_reason": about})
    conversation([whole, {**whole, "additional_kwargs": beside, "response_metadata": about}])
    state = start(Transcript())
    for block in [*content, *content]:
        state = fold(state, ev.chunk([block], **fields))


def test_an_unknown_block_stays_as_it_is():
    assert parts([{"type": "hologram", "data": "x"}]) == [Raw({"type": "hologram", "data": "x"})]
