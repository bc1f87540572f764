"""What the benchmark's server remembers: threads, and runs that are nothing but a timetable.

Token `i` of a run is due at ``began + i / rate``, so what a run has sent, whether it goes on and
what its thread holds all follow from the clock. Nothing is kept per listener, and anyone who knows
the timetable knows when each token left the model.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import uuid4

from tests.benchmarks import answer

Json = dict[str, Any]

ASSISTANT_ID = "5d1b2c1e-0000-4000-8000-00000000be0c"
LEAD = 0.2
"""Seconds between the request and the first token: the listener is ready by then."""
_ORDER = re.compile(r"(\d+) (?:(list|table|paragraph|code) )?tokens at (\d+)/s(?: from (\d+))?")


@dataclass
class Run:
    """An answer of `number` tokens, `rate` per second; all times are seconds since the epoch."""

    thread_id: str
    number: int
    rate: int
    kind: str = ""
    """Of `answer.LONG`, or empty for the usual prose."""
    first: int = 0
    """What the marks of its tokens count from."""
    run_id: str = field(default_factory=lambda: str(uuid4()))
    began: float = field(default_factory=lambda: time.time() + LEAD)
    cancelled: float = float("inf")
    worst_delay: float = 0.0
    """How late the server itself was at worst, in seconds: an error of all that is measured."""

    def due(self, index: int) -> float:
        return self.began + index / self.rate

    @property
    def status(self) -> str:
        now = time.time()
        if self.cancelled < min(now, self.due(self.number)):
            return "interrupted"
        return "success" if now >= self.due(self.number) else "running"

    @property
    def answer(self) -> Json:
        is_whole = self.status == "success"
        text = "".join(answer.tokens(self.number, self.kind, self.first)) if is_whole else ""
        return message("ai", text, id=self.message_id)

    @property
    def message_id(self) -> str:
        return f"lc_run--{self.run_id}"

    def as_json(self) -> Json:
        return {
            "run_id": self.run_id,
            "thread_id": self.thread_id,
            "assistant_id": ASSISTANT_ID,
            "status": self.status,
            "metadata": {},
        }

    def chunk(self, index: int) -> bytes:
        """Token `index` as an event; `number` itself is the empty chunk that closes the message."""
        head, middle, tail = self._frame
        text, position = "", '"last"'
        if index < self.number:
            text, position = answer.tokens(self.number, self.kind, self.first)[index], "null"
        parts = (head, json.dumps(text), middle, position, tail, str(index + 1), "\r\n\r\n")
        return "".join(parts).encode()

    @cached_property
    def _frame(self) -> tuple[str, str, str]:
        """What stands around a token and its position: most of what travels, as in the wild."""
        delta = message("AIMessageChunk", "", id=self.message_id) | {
            "tool_calls": [],
            "invalid_tool_calls": [],
            "usage_metadata": None,
            "tool_call_chunks": [],
            "chunk_position": None,
        }
        about = {
            "ls_integration": "langchain_chat_model",
            "created_by": "system",
            "graph_id": "bench",
            "assistant_id": ASSISTANT_ID,
            "run_attempt": 1,
            "langgraph_version": "1.2.22",
            "langgraph_plan": "enterprise",
            "langgraph_host": "self-hosted",
            "run_id": self.run_id,
            "thread_id": self.thread_id,
            "langgraph_step": 1,
            "langgraph_node": "model",
            "langgraph_triggers": ["branch:to:model"],
            "langgraph_path": ["__pregel_pull", "model"],
            "langgraph_checkpoint_ns": f"model:{self.run_id}",
            "checkpoint_ns": f"model:{self.run_id}",
            "ls_provider": "bench",
            "ls_model_type": "chat",
        }
        whole = event("messages", [delta, about], "")
        head, _, rest = whole.partition('"content":""')
        middle, _, tail = rest.partition('"chunk_position":null')
        return head + '"content":', middle + '"chunk_position":', tail.removesuffix("\r\n\r\n")


@dataclass
class Thread:
    """A thread: what it held before, and a question and an answer per run."""

    metadata: Json
    thread_id: str = field(default_factory=lambda: str(uuid4()))
    messages: list[Json] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.messages += history(int(self.metadata.get("history", 0)))

    def begin(self, asked: list[Json]) -> Run:
        """Start the run that the words of the last message order.

        Raises:
            ValueError: they order none.
        """
        order = _ORDER.search(str(asked[-1].get("content")))
        if not order:
            raise ValueError("Ask for so many 'tokens at so many/s'")
        if self.runs:
            self.messages.append(self.runs[-1].answer)
        self.messages += [message("human", **question) for question in asked]
        number, kind, rate, first = order.groups()
        run = Run(self.thread_id, int(number), int(rate), kind or "", int(first or 0))
        self.runs.append(run)
        return run

    @property
    def values(self) -> Json:
        written = [run.answer for run in self.runs[-1:] if run.status == "success"]
        return {"messages": self.messages + written}

    def as_json(self) -> Json:
        busy = any(run.status == "running" for run in self.runs)
        return {
            "thread_id": self.thread_id,
            "metadata": self.metadata,
            "status": "busy" if busy else "idle",
        }


def message(kind: str, content: str = "", *, id: str | None = None, **_: Any) -> Json:
    """A message as the server writes it."""
    return {
        "content": content,
        "additional_kwargs": {},
        "response_metadata": {},
        "type": kind,
        "name": None,
        "id": id or str(uuid4()),
    }


def history(number: int) -> list[Json]:
    """`number` messages, questions and answers in turn; each answer is a piece of markdown."""
    text = answer.MARK.sub("", "".join(answer.tokens(max(number, 1) * 60)))
    starts = [found.start() for found in re.finditer(r"(?:^|\n\n)(?=\S)", text)]
    pieces = [text[a:b].strip() for a, b in pairwise([*starts, len(text)])]
    return [
        message("ai", f"{pieces[turn % len(pieces)]}\n\n{answer.mark(history_mark(turn))}")
        if turn % 2
        else message("human", f"And what of point {turn // 2 + 1}?")
        for turn in range(number)
    ]


def history_mark(turn: int) -> int:
    """The mark that ends message `turn` of a history: one that no answer holds."""
    return 1_000_000 + turn


def event(name: str, data: Any, id: str) -> str:
    """One server-sent event, written as LangGraph writes it."""
    body = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return f"event: {name}\r\ndata: {body}\r\nid: {id}\r\n\r\n"
