"""One conversation, told in every dialect a server may speak, ends in one transcript."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.fold import fold, load, start
from chat_app.transcript.message import Message, Role, Text, Transcript
from tests.helpers import events as ev
from tests.helpers.examples import examples

if TYPE_CHECKING:
    from chat_app.client.events import Event, Json

TEXT = st.text(max_size=12)
SAID = TEXT.filter(lambda text: not text.lstrip().startswith(("{", "[")))
"""Tokens alone do not tell whether what begins as JSON is an answer (`chat_app.transcript.quiet`);
their end is read from the thread (`chat_app.runs.run_states`)."""
ARGS = st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | TEXT, max_size=3)
QUESTION = Message("h1", Role.HUMAN, (Text("what now?"),))


@dataclass(frozen=True)
class Answer:
    """One model call: what it thinks, says and asks of tools, and how its provider writes it."""

    id: str
    style: str
    thought: str
    text: str
    calls: list[Json]
    spaced: bool
    cut: int

    def json(self) -> Json:
        usage = {"input_tokens": 3, "output_tokens": 5, "output_token_details": {"reasoning": 1}}
        return ev.ai(
            self.content(),
            self.id,
            additional_kwargs=self.kwargs(self.thought),
            tool_calls=self.calls,
            usage_metadata=usage,
            response_metadata={"model_name": "m-1", "finish_reason": "stop"},
        )

    def kwargs(self, thought: str) -> Json:
        return {"reasoning_content": thought} if self.style == "string" and thought else {}

    def content(self) -> Any:
        if self.style == "string":
            return self.text
        blocks = [*self.blocks(self.thought, self.text)]
        if self.style == "tool_use":
            for index, call in enumerate(self.calls, 2):
                kept = {"id": call["id"], "name": call["name"], "input": call["args"]}
                blocks.append({"type": "tool_use", "index": index, **kept})
        return blocks

    def blocks(self, thought: str, text: str) -> list[Json]:
        thinking = {"blocks": "reasoning", "tool_use": "thinking"}[self.style]
        return [
            *([{"type": thinking, thinking: thought, "index": 0}] if thought else []),
            *([{"type": "text", "text": text, "index": 1}] if text else []),
        ]

    def chunks(self) -> list[Event]:
        pieces: list[Event] = []
        for piece in self.pieces(self.thought):
            content = "" if self.style == "string" else self.blocks(piece, "")
            pieces.append(ev.chunk(content, self.id, additional_kwargs=self.kwargs(piece)))
        for piece in self.pieces(self.text):
            content = piece if self.style == "string" else self.blocks("", piece)
            pieces.append(ev.chunk(content, self.id))
        for index, call in enumerate(self.calls, 2):
            pieces.extend(self.call_chunks(index, call))
        whole = self.json()
        about = {key: whole[key] for key in ("usage_metadata", "response_metadata")}
        return [*pieces, ev.chunk("", self.id, last=True, **about)]

    def call_chunks(self, index: int, call: Json) -> list[Event]:
        first = ev.call_chunk("", id=call["id"], name=call["name"], index=index)
        opening = {"type": "tool_use", "id": call["id"], "name": call["name"], "input": {}}
        chunks = [self.call_chunk(first, {**opening, "index": index})]
        for piece in self.pieces(json.dumps(call["args"], separators=self.separators())):
            delta = {"type": "input_json_delta", "partial_json": piece, "index": index}
            chunks.append(self.call_chunk(ev.call_chunk(piece, index=index), delta))
        return chunks

    def call_chunk(self, chunk: Json, block: Json) -> Event:
        content = [block] if self.style == "tool_use" else ""
        noise = [{"name": None, "args": chunk["args"], "id": None, "type": "invalid_tool_call"}]
        return ev.chunk(content, self.id, tool_call_chunks=[chunk], invalid_tool_calls=noise)

    def separators(self) -> tuple[str, str]:
        return (", ", ": ") if self.spaced else (",", ":")

    def pieces(self, text: str) -> list[str]:
        return [text[at : at + self.cut] for at in range(0, len(text), self.cut)]

    def partials(self) -> list[Event]:
        partials = []
        for end in range(1, len(self.text) + 1, self.cut):
            shorter = Answer(**{**self.__dict__, "text": self.text[:end], "calls": []}).json()
            partials.append(
                ev.partial({**shorter, "response_metadata": {}, "usage_metadata": None})
            )
        return [ev.about(self.id), *partials, ev.partial(self.json())]


@dataclass(frozen=True)
class Step:
    answer: Answer
    results: list[Json]

    def json(self) -> list[Json]:
        return [self.answer.json(), *self.results]


@st.composite
def conversations(draw: st.DrawFn) -> list[Step]:
    steps = []
    for number in range(draw(st.integers(1, 3))):
        calls = [
            {"name": draw(TEXT), "args": draw(ARGS), "id": f"c{number}{n}", "type": "tool_call"}
            for n in range(draw(st.integers(0, 2)))
        ]
        answer = Answer(
            id=f"a{number}",
            style=draw(st.sampled_from(["string", "blocks", "tool_use"])),
            thought=draw(TEXT),
            text=draw(SAID),
            calls=calls,
            spaced=draw(st.booleans()),
            cut=draw(st.integers(1, 5)),
        )
        results = [
            ev.tool(
                draw(TEXT | st.lists(st.builds(lambda t: {"type": "text", "text": t}, TEXT))),
                call["id"],
                f"t-{call['id']}",
                status=draw(st.sampled_from(["success", "error"])),
            )
            for call in calls
        ]
        steps.append(Step(answer, results))
    return steps


def in_tuples(steps: list[Step]) -> list[Event]:
    return [e for s in steps for e in (*s.answer.chunks(), *map(ev.message, s.results))]


def in_partials(steps: list[Step]) -> list[Event]:
    return [e for s in steps for e in (*s.answer.partials(), *map(ev.complete, s.results))]


def in_values(steps: list[Step]) -> list[Event]:
    messages: list[Json] = [ev.human("what now?")]
    snapshots = [ev.values(*messages)]
    for step in steps:
        for batch in ([step.answer.json()], step.results):
            messages = messages + batch
            snapshots.append(ev.values(*messages))
    return snapshots


def in_updates(steps: list[Step]) -> list[Event]:
    return [
        event
        for step in steps
        for event in (
            ev.updates(step.answer.json()),
            *(ev.updates(result, node="tools") for result in step.results),
        )
    ]


def in_all_modes(steps: list[Step]) -> list[Event]:
    told = []
    for at, step in enumerate(steps):
        told += in_tuples([step]) + in_updates([step]) + in_values(steps[: at + 1])[-1:]
    return told


def told(events: list[Event]) -> Transcript:
    begun = start(Transcript(), pending=QUESTION)
    return reduce(fold, [*events, ev.end()], begun).transcript


@given(conversations())
@examples(100)
def test_every_dialect_of_one_conversation_ends_in_the_same_transcript(steps: list[Step]):
    messages = [ev.human("what now?"), *(m for step in steps for m in step.json())]
    loaded = load({"values": {"messages": messages}})
    assert len(loaded.messages) == len(steps) + 1
    for dialect in (in_tuples, in_partials, in_values, in_updates, in_all_modes):
        assert told(dialect(steps)) == loaded, dialect.__name__


@given(conversations(), st.data())
@examples(100)
def test_snapshots_correct_whatever_a_reconnect_lost_or_doubled(
    steps: list[Step], data: st.DataObject
):
    events = in_all_modes(steps)
    lost = data.draw(st.integers(0, len(events) - 1), label="cut at")
    resumed = data.draw(
        st.integers(max(0, lost - 3), min(lost + 2, len(events) - 1)), label="resumed at"
    )
    gap = [*events[:lost], ev.reconnected(), *events[resumed:]]
    assert told(gap) == told(events)
