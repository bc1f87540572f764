"""The graph that the development server loads: an agent with a few tools.

`CHAT_DEMO_MODEL` names a real model as `provider:model`; without it the scripted one answers, at
`CHAT_DEMO_SPEED` times its usual pace.
"""

from __future__ import annotations

import os
from collections.abc import Sequence  # noqa: TC003 - the graph reads its state's annotations
from typing import TYPE_CHECKING, Annotated, Any, NotRequired

from langchain.agents import AgentState, create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    HumanInTheLoopMiddleware,
    TodoListMiddleware,
)
from langchain.chat_models import init_chat_model
from langgraph.graph.ui import AnyUIMessage, ui_message_reducer
from pydantic import ValidationError

from chat_app.demo.abilities import mail, order, ranking, research, weekend
from chat_app.demo.script import next_reply, researchers_next_reply
from chat_app.demo.scripted import pace
from chat_app.demo.scripted.model import ScriptedModel
from chat_app.demo.tools.toolbox import TOOLS

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langgraph.graph.state import CompiledStateGraph

SYSTEM_PROMPT = (
    "You are the demo agent of a chat app. Use the tools for weather, time and arithmetic, several "
    "at once where they are independent. Give research to the researchers: plan with write_todos, "
    "call task once for each part, all at the same time, then write the notes and a report with "
    "write_file. Ask with ask_person what only the person can know, or with show_form where that "
    "is several things. Send emails with send_email without asking first: the person decides about "
    "each. Answer in short, well-made Markdown. Say so when a weather result is sample data."
)


def chat_model(name: str, *, speed: float = 1) -> BaseChatModel:
    """The model of that name; for "", or where it cannot start, a scripted one that says so."""
    if not name:
        return ScriptedModel(script=next_reply, speed=speed)
    try:
        return init_chat_model(name)
    except Exception as missing:  # noqa: BLE001 - every provider raises its own kind
        return ScriptedModel(
            script=next_reply, speed=speed, only_says=_what_is_missing(name, missing)
        )


def _what_is_missing(name: str, error: Exception) -> str:
    if isinstance(error, ValidationError):
        # Its own text repeats the input, which may hold a key.
        reason = "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
    else:
        reason = (str(error) or type(error).__name__).splitlines()[0]
    return (
        f"The model `{name}` named by `CHAT_DEMO_MODEL` could not be started: {reason}\n\n"
        "Install what is missing or set the provider's key, then start the app again. "
        "Without `CHAT_DEMO_MODEL` a scripted model answers."
    )


class DemoState(AgentState):
    """What a thread of the demo keeps beside its messages and todos."""

    files: NotRequired[research.Files]
    ui: Annotated[Sequence[AnyUIMessage], ui_message_reducer]


def demo_agent(name: str, *, speed: float) -> CompiledStateGraph:
    """The demo's graph, thinking with the model of that name (see `chat_model`)."""
    model = chat_model(name, speed=speed)
    researchers_model = model
    if isinstance(model, ScriptedModel):
        researchers_model = model.model_copy(update={"script": researchers_next_reply})
    middleware: list[AgentMiddleware[Any, Any, Any]] = [
        TodoListMiddleware(),
        HumanInTheLoopMiddleware(interrupt_on=mail.APPROVAL),
    ]
    return create_agent(
        model,
        tools=[
            *TOOLS,
            *mail.TOOLS,
            *weekend.TOOLS,
            *ranking.TOOLS,
            *order.TOOLS,
            *research.research_tools(researchers_model),
        ],
        middleware=middleware,
        state_schema=DemoState,
        system_prompt=SYSTEM_PROMPT,
    )


agent = demo_agent(os.environ.get("CHAT_DEMO_MODEL", ""), speed=pace.speed())
