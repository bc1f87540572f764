"""What a person is asked and shown beside the words: `ask` asks twice, `widget` pushes a table."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence  # noqa: TC003 - the graph reads it
from typing import Annotated, Any
from uuid import uuid4

from langchain_core.messages import AIMessage
from langgraph.graph import MessagesState
from langgraph.graph.ui import AnyUIMessage, push_ui_message, ui_message_reducer
from langgraph.types import interrupt

from tests.cases.model import in_a_row, say
from tests.cases.scripts import PLAIN


async def _order(state: MessagesState) -> dict[str, Any]:
    size = interrupt("Which size shall it be?")
    colour = interrupt("And which colour?")
    return {"messages": [AIMessage(f"Ordered: {size}, {colour}.")]}


ask = in_a_row(("order", _order))


class _Ui(MessagesState):
    ui: Annotated[Sequence[AnyUIMessage], ui_message_reducer]


async def _greet(state: MessagesState) -> dict[str, Any]:
    return await say(state, PLAIN)


async def _table(state: MessagesState) -> dict[str, Any]:
    """As LangGraph's guide does it: pushed first, the message returned after."""
    message = AIMessage("Below this line stands a table.", id=str(uuid4()))
    props = {"title": "Harvest", "columns": ["fruit"], "rows": [["quince"]]}
    push_ui_message("table", props, message=message)
    await asyncio.sleep(0.5)
    return {"messages": [message]}


async def _linger(state: MessagesState) -> dict[str, Any]:
    await asyncio.sleep(1)
    return {}


widget = in_a_row(("greet", _greet), ("table", _table), ("linger", _linger), state=_Ui)
