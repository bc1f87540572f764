"""A question of the graph (an interrupt) as a card, and a decision once it is made."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from chat_app.components.cards import JS
from chat_app.components.forms.words import FORM_WORDS
from chat_app.components.shared.icon import icon
from chat_app.state.asking import AskState
from chat_app.state.assistants import AssistantsState
from chat_app.state.inbox import InboxState
from chat_app.state.rows import AskRow, DecisionRow, Exchange, OpenQuestion
from chat_app.state.run import RunState


def _given(
    key: rx.Var[str], given: rx.Var[dict[str, Any]]
) -> tuple[rx.Var[str], rx.Var[dict[str, Any]]]:
    return key, given


def _left(key: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (key,)


class Ask(rx.Component):
    """One question, with the form or the buttons to answer it.

    `kind` and `card` are made by `chat_app.state.ask_rows`. A card whose answer was sent is
    disabled until `settled` changes or a run ends; a `busy` one cannot be answered. `asks` are all
    open questions; with `boxed` the composer cannot take the answer.
    """

    library = JS["ask.jsx"]
    tag = "Ask"

    kind: rx.Var[str]
    card: rx.Var[dict[str, Any]]
    name: rx.Var[str]
    asks: rx.Var[list[OpenQuestion]]
    boxed: rx.Var[bool]
    busy: rx.Var[bool]
    problem: rx.Var[str]
    faults: rx.Var[list[dict[str, Any]]]
    settled: rx.Var[int]
    words: rx.Var[dict[str, Any]]
    on_answer: rx.EventHandler[_given]
    on_leave: rx.EventHandler[_left]


class Asking(rx.Component):
    """Gives the focus to the first of the open questions; draws nothing."""

    library = JS["asking.jsx"]
    tag = "Asking"

    asks: rx.Var[list[OpenQuestion]]
    busy: rx.Var[bool]
    thread: rx.Var[str]


def asking() -> rx.Component:
    """Return what moves the focus, once on the page."""
    return Asking.create(asks=AskState.open, busy=RunState.running, thread=RunState.thread_id)


def ask(row: ObjectVar[AskRow]) -> rx.Component:
    """Return the card of a question."""
    return ask_view(row=row)


@rx.memo
def ask_view(row: rx.Var[AskRow]) -> rx.Component:
    """A component of its own: it depends on the state of the run, other rows do not."""
    asked = row.to(ObjectVar, AskRow)
    return Ask.create(
        kind=asked.question,
        card=asked.card,
        name=asked.key,
        asks=AskState.open,
        boxed=(AssistantsState.takes == "form") | (InboxState.place != ""),
        busy=RunState.running,
        problem=rx.cond(AskState.key == asked.key, AskState.problem, ""),
        faults=rx.cond(AskState.key == asked.key, AskState.faults, []),
        settled=AskState.settled,
        words=FORM_WORDS,
        on_answer=AskState.answer,
        on_leave=AskState.leave,
    )


def decision(row: ObjectVar[DecisionRow]) -> rx.Component:
    """Return what was asked and answered, a pair for each action."""
    exchanges = rx.el.div(rx.foreach(row.exchanges, _exchange))
    return rx.el.div(icon("user-check"), exchanges, class_name="decided")


def _exchange(one: ObjectVar[Exchange]) -> rx.Component:
    return rx.fragment(
        rx.cond(one.asked, rx.el.p(one.asked, class_name="asked", dir="auto")),
        rx.el.p(one.said, dir="auto", data_testid="decided"),
    )
