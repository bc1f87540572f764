"""A form on the page: the agent pushes it, the person fills it in, and it comes as a message."""

from __future__ import annotations

import re
from typing import Literal, NotRequired

from langchain.tools import ToolRuntime  # noqa: TC002 - the tool's schema is made from it
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.graph.ui import push_ui_message
from typing_extensions import TypedDict

from chat_app.demo.scripted.turn import Call, Reply, Turn


class Field(TypedDict):
    """One field of a form; `options` are those of a choice."""

    name: str
    kind: Literal["text", "long", "number", "date", "choice", "yes_no"]
    options: NotRequired[list[str]]
    required: NotRequired[bool]
    value: NotRequired[str]


async def show_form(title: str, fields: list[Field], runtime: ToolRuntime) -> str:
    """Show the person a form. What they fill in comes as their next message, a line per field."""
    push_ui_message(
        "form", {"title": title, "fields": fields}, message=runtime.state["messages"][-1]
    )
    return "The form is on the page."


TOOLS: list[BaseTool] = [StructuredTool.from_function(coroutine=show_form)]

_TITLE = "Your pizza"
_ORDER = re.compile(r"\border\b.*\bpizza|\bpizza\b.*\bform\b|\bshow\b.*\bform\b", re.IGNORECASE)
_FORM: list[Field] = [
    {"name": "Size", "kind": "choice", "options": ["Small", "Medium", "Large"]},
    {"name": "Topping", "kind": "text", "required": True},
    {"name": "How many", "kind": "number", "value": "1"},
    {"name": "Extra cheese", "kind": "yes_no"},
]


def reply(turn: Turn) -> Reply | None:
    """The form, or what came back in it."""
    title, _, lines = turn.question.partition("\n")
    if title == _TITLE and lines:
        filled = [line.partition(": ") for line in lines.splitlines()]
        rows = "\n".join(f"| {name} | {value} |" for name, _, value in filled)
        return Reply(
            f"This came back:\n\n| Field | Value |\n| --- | --- |\n{rows}\n\n"
            "*Nothing was ordered: this is a demo without a kitchen.*"
        )
    if not _ORDER.search(turn.question):
        return None
    if not turn.steps:
        form = Call("show_form", {"title": _TITLE, "fields": _FORM})
        return Reply("Fill this in, then send it.", calls=(form,))
    return Reply("I wait for what you choose.")
