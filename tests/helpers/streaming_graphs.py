"""Graphs that show what a way of streaming tells, and how fast, for the real server.

``stamped`` streams as many tokens as the message says, each with its number and the time at which
it left: "300 every 0.02" seconds. ``duet`` lets two models write at once, in one step. ``tells``
writes a custom event, lets a model with a tag think aloud that no reader should see, and answers
with what it was given as `context` and with its use of tokens.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, TypedDict

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langgraph.config import get_stream_writer
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.runtime import Runtime  # noqa: TC002 - the graph reads it

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ASIDE = "Not for the reader."
QUIET_TAG = "langsmith:do-not-render"
"""The tag of a model whose words are not for the reader."""


class _Model(BaseChatModel):
    """Streams `number` tokens, `pause` seconds apart, by an even clock."""

    number: int
    pause: float = 0.0
    name_of_token: str = ""
    """Begins each token; where it is empty, a token is its number and the time it left."""

    @property
    def _llm_type(self) -> str:
        return "stamped"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    async def _agenerate(self, *args: Any, **kwargs: Any) -> ChatResult:
        words = [chunk.text async for chunk in self._astream()]
        return ChatResult(generations=[ChatGeneration(message=AIMessage("".join(words)))])

    async def _astream(self, *_: Any, **__: Any) -> AsyncIterator[ChatGenerationChunk]:
        begun = time.monotonic()
        for n in range(self.number):
            if self.pause:
                await asyncio.sleep(max(0.0, begun + n * self.pause - time.monotonic()))
            word = f"{self.name_of_token}{n}" if self.name_of_token else f"{n}@{time.time_ns()}"
            yield ChatGenerationChunk(message=AIMessageChunk(content=f"{word} "))


async def _stamp(state: MessagesState) -> dict[str, Any]:
    number, _, pause = state["messages"][-1].text.partition(" every ")
    model = _Model(number=int(number), pause=float(pause or 0))
    return {"messages": [await model.ainvoke(state["messages"])]}


def _writing(word: str) -> Any:
    async def write(state: MessagesState) -> dict[str, Any]:
        model = _Model(number=12, pause=0.02, name_of_token=word)
        return {"messages": [await model.ainvoke(state["messages"])]}

    return write


class Given(TypedDict, total=False):
    """The context of ``tells``."""

    mood: str


class _Aside(_Model):
    async def _astream(self, *_: Any, **__: Any) -> AsyncIterator[ChatGenerationChunk]:
        yield ChatGenerationChunk(message=AIMessageChunk(content=ASIDE))


async def _tell(state: MessagesState, runtime: Runtime[Given]) -> dict[str, Any]:
    get_stream_writer()({"step": "looking"})
    aside = _Aside(number=1).with_config(tags=[QUIET_TAG])
    await aside.ainvoke(state["messages"])
    used = UsageMetadata(input_tokens=30, output_tokens=12, total_tokens=42)
    mood = (runtime.context or {}).get("mood", "none")
    return {"messages": [AIMessage(f"Mood: {mood}", usage_metadata=used)]}


def _graph(*nodes: tuple[str, Any], context: Any = None) -> Any:
    """The nodes all run in the first step."""
    builder = StateGraph(MessagesState, context_schema=context)
    for name, node in nodes:
        builder.add_node(name, node)
        builder.add_edge(START, name)
    return builder.compile()


stamped = _graph(("model", _stamp))
duet = _graph(("left", _writing("left")), ("right", _writing("right")))
tells = _graph(("tell", _tell), context=Given)
