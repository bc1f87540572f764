"""What the scripted model streams in each case: `CASES[name]`, and `FINAL[name]` after a tool."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.cases.model import call_chunk, characters, ending, png, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cases.model import Script

SILENT_SOUND = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="


def _calling(name: str, args: dict[str, object], id: str) -> Script:
    """A tool call in pieces of eight characters."""
    text = json.dumps(args)
    return [
        {
            "content": "",
            "tool_call_chunks": [
                call_chunk(None if place else name, text[place : place + 8], None if place else id)
            ],
        }
        for place in range(0, len(text), 8)
    ]


def _summary(text: str, **block: object) -> dict[str, object]:
    return {"reasoning": {**block, "summary": [{"index": 0, "type": "summary_text", "text": text}]}}


PLAIN = words("These are the plain words of an answer.")
SECOND = words("Other words, by another node.")
NOTE = words("CLASSIFIER: the request is about shipping and is not urgent.")
ROUTE = characters(
    '{"route": "billing", "confidence": 0.93, "reason": "it is about an invoice"}', 5
)


def _responses() -> Script:
    """OpenAI's Responses API: only the first piece and the saved message have the provider's id."""
    response_id = f"resp_{uuid4().hex[:12]}"
    thought = {"index": 0, "type": "summary_text", "text": "The tide table has it."}
    call = {"type": "function_call", "index": 2}
    opening = {
        **call,
        "id": "fc_1",
        "call_id": f"call_{response_id}",
        "name": "tide_table",
        "arguments": "",
    }
    return [
        {"content": [], "id": response_id},
        [{"type": "reasoning", "id": "rs_1", "summary": [], "index": 0}],
        [{"type": "reasoning", "summary": [thought], "index": 0}],
        [{"type": "text", "text": "I look into the tide ", "index": 1}],
        [{"type": "text", "text": "table first.", "index": 1}],
        {
            "content": [opening],
            "tool_call_chunks": [call_chunk("tide_table", "", f"call_{response_id}", 2)],
        },
        {
            "content": [{**call, "arguments": '{"port":"Brest"}'}],
            "tool_call_chunks": [call_chunk(None, '{"port":"Brest"}', None, 2)],
        },
        {"content": [], "response_metadata": {"status": "completed"}},
    ]


def _responses_final() -> Script:
    answer = (
        "High water at Brest is at a quarter past six, and the next one comes twelve hours later."
    )
    return [
        {"content": [], "id": f"resp_{uuid4().hex[:12]}"},
        0.5,
        *([{"type": "text", "text": word, "index": 0}] for word in words(answer)),
    ]


def _idswap() -> Script:
    """The id comes with the first piece only."""
    return [
        {"content": "", "id": f"msg_{uuid4().hex[:12]}"},
        *words("The id came with the opening piece alone, and nothing else."),
        ending(stop_reason="end_turn"),
        1.0,
    ]


_IMAGE = {"type": "image_generation_call", "id": "ig_1", "status": "completed", "index": 0}
_SEARCH = {"type": "server_tool_call", "name": "web_search", "id": "s1", "index": "lc_0"}
_FOUND = {"type": "server_tool_result", "tool_call_id": "s1", "status": "success", "index": "lc_1"}

CASES: dict[str, Script | Callable[[], Script]] = {
    "plain": PLAIN,
    # refusals, sound, pictures, thoughts in other places
    "refused": [
        {"content": "", "additional_kwargs": {"refusal": "Sorry, with that I must not help."}}
    ],
    "spoken": [
        {
            "content": "",
            "additional_kwargs": {
                "audio": {
                    "id": "audio_1",
                    "transcript": "Good morning from the loudspeaker.",
                    "data": SILENT_SOUND,
                }
            },
        }
    ],
    "painted": [
        [{**_IMAGE, "output_format": "png", "result": png()}],
        [{"type": "text", "text": "Here it is, as you wished.", "index": 1}],
    ],
    "summed": [
        {
            "content": "",
            "additional_kwargs": _summary("First weigh ", id="rs_1", type="reasoning"),
        },
        {"content": "", "additional_kwargs": _summary("the options.")},
        *words("The second option is the better one."),
    ],
    # answers that did not end by themselves
    "toolong": [
        *words("The cities on the way are Rome, Milan and"),
        ending(finish_reason="length"),
    ],
    "maxtokens": [
        *words("The rivers of the country are the Loire, the Seine and"),
        ending(stop_reason="max_tokens"),
    ],
    "filtered": [
        *words("The recipe begins with two cups of"),
        ending(finish_reason="content_filter"),
    ],
    # thoughts as tags in the text
    "think": words("<think>The person greets me, so I greet back.</think>\n\nA very good evening!"),
    "thinkend": words(
        "Only the end of this thought is marked.\n</think>\n\nThe library opens at nine."
    ),
    # providers' tools, as LangChain's standard content has them
    "servertool": [
        [{**_SEARCH, "args": {"query": "length of the Danube"}}],
        [{**_FOUND, "output": [{"url": "https://example.com/danube"}]}],
        [{"type": "text", "text": "It is 2,850 km long.", "index": "lc_2"}],
    ],
    "artifact": _calling("fetch_rows", {"table": "fruit"}, "fr1"),
    "ansi": [
        "The log says:\n\n```\n\x1b[32m3 passed\x1b[0m, \x1b[31m1 failed\x1b[0m\n```\n",
    ],
    "responses": _responses,
    "idswap": _idswap,
}
FINAL: dict[str, Callable[[], Script]] = {"responses": _responses_final}


def script_of(name: str, *, after_tool: bool = False) -> Script:
    """The pieces of a case."""
    if after_tool:
        return FINAL[name]() if name in FINAL else ["The tool ", "answered."]
    case = CASES.get(name, [f"There is no case named {name}."])
    return case() if callable(case) else case
