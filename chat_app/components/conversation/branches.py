"""What is done with the messages of the open thread, given to all of its rows at once."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app.components.conversation import JS
from chat_app.components.forms.words import INPUT_WORDS
from chat_app.state.assistants import AssistantOption, AssistantsState
from chat_app.state.branches import BranchState, Refused
from chat_app.state.comparison import ComparisonState
from chat_app.state.draft import MESSAGE_LIMIT
from chat_app.state.run import RunState


def _edited(
    id: rx.Var[str], message: rx.Var[str], given: rx.Var[dict[str, Any]]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[dict[str, Any]]]:
    return id, message, given


def _again(id: rx.Var[str], assistant: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return id, assistant


def _numbered(id: rx.Var[str], number: rx.Var[int]) -> tuple[rx.Var[str], rx.Var[int]]:
    return id, number


def _named(id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (id,)


def _two(
    id: rx.Var[str], left: rx.Var[int], right: rx.Var[int]
) -> tuple[rx.Var[str], rx.Var[int], rx.Var[int]]:
    return id, left, right


class Branches(rx.Component):
    """Gives the rows inside it what they have in common, and the events of their actions.

    `fields` are the inputs of the `chosen` one of the assistants (`options`), `takes` what its
    composer is for. `form` fills the form of a message that is edited; an edit that was `refused`
    is opened again. A message has at most `limit` characters.
    """

    library = JS["branches.jsx"]
    tag = "Branches"

    running: rx.Var[bool]
    options: rx.Var[list[AssistantOption]]
    chosen: rx.Var[str]
    takes: rx.Var[str]
    fields: rx.Var[list[dict[str, Any]]]
    form: rx.Var[dict[str, Any]]
    refused: rx.Var[Refused]
    limit: rx.Var[int]
    words: rx.Var[dict[str, Any]]
    on_edit: rx.EventHandler[_edited]
    on_regenerate: rx.EventHandler[_again]
    on_show: rx.EventHandler[_numbered]
    on_fork: rx.EventHandler[_named]
    on_open: rx.EventHandler[_named]
    on_compare: rx.EventHandler[_two]


def branches(*children: rx.Component) -> rx.Component:
    """Return the conversation with what can be done in it."""
    return Branches.create(
        *children,
        running=RunState.running,
        options=AssistantsState.options,
        chosen=AssistantsState.chosen,
        takes=AssistantsState.takes,
        fields=AssistantsState.fields,
        form=BranchState.form,
        refused=BranchState.refused,
        limit=MESSAGE_LIMIT,
        words=INPUT_WORDS,
        on_edit=BranchState.edit,
        on_regenerate=BranchState.regenerate,
        on_show=BranchState.show,
        on_fork=BranchState.fork,
        on_open=BranchState.open_form,
        on_compare=ComparisonState.compare,
    )
