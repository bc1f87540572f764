"""Graphs whose state holds no messages: `form` takes fields, `words` returns a string."""

from __future__ import annotations

from typing import Any

from langgraph.func import entrypoint
from typing_extensions import TypedDict

from tests.cases.model import ScriptedModel, in_a_row, text_of
from tests.cases.scripts import PLAIN


class Job(TypedDict, total=False):
    question: str
    answer: str


async def _work(state: Job) -> dict[str, Any]:
    return {"answer": f"Worked on {state.get('question')!r} until it was done."}


form = in_a_row(("work", _work), state=Job)


@entrypoint()
async def words(inputs: dict) -> str:
    """Answer with a string, as the functional API lets a graph do."""
    message = await ScriptedModel(pieces=PLAIN).ainvoke(inputs["messages"])
    return f"A string comes back for: {text_of(message)}"
