"""Turns: what a person wrote, and what the agent made of it, each an article with a heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import FunctionStringVar, VarData

from chat_app.components.conversation import JS
from chat_app.state.assistants import AssistantOption
from chat_app.state.rows import Row


@dataclass(frozen=True)
class GroupedRows:
    """A turn as `turns.js` makes it; the names are those of JavaScript."""

    key: str
    rows: list[Row]
    isLast: bool  # noqa: N815 - of an object in JavaScript


class Turns(rx.Component):
    """Gives all turns inside it the id of the `thread`, and the name of the `chosen` assistant."""

    library = JS["turn.jsx"]
    tag = "Turns"

    thread: rx.Var[str]
    options: rx.Var[list[AssistantOption]]
    chosen: rx.Var[str]


class Turn(rx.Component):
    """An article with a heading: `you`, or the name of the agent (`agent` where it has none)."""

    library = JS["turn.jsx"]
    tag = "Turn"

    turn: rx.Var[Any]
    you: rx.Var[str]
    agent: rx.Var[str]


class StepsLine(rx.Component):
    """The line that the steps of a finished turn fold to: a button that opens them."""

    library = JS["turn.jsx"]
    tag = "StepsLine"

    sentence: rx.Var[str]


def turned(
    rows: rx.Var[Any], asked_at: rx.Var[int], running: rx.Var[bool]
) -> rx.Var[list[GroupedRows]]:
    """Group the rows of a conversation into turns; see `turned` in `turns.js`."""
    function = FunctionStringVar.create(
        "turned", _var_data=VarData(imports={JS["turns.js"]: [ImportVar(tag="turned")]})
    )
    return function.call(rows, asked_at, running).to(list[GroupedRows])
