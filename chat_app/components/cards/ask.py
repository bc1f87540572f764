"""A question of the graph (an interrupt) as a card, and a decision once it is made."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from chat_app.components.cards import JS
from chat_app.components.forms.words import FORM_WORDS
from chat_app.components.shared.icon import icon
from chat_app.state.asking import AskState
from chat_app.state.rows import AskRow, DecisionRow, Exchange
from chat_app.state.run import RunState


def _given(
    key: rx.Var[str], given: rx.Var[dict[str, Any]]
) -> tuple[rx.Var[str], rx.Var[dict[str, Any]]]:
    return key, given


class Ask(rx.Component):
    """One question, with the form or the buttons to answer it.

    `kind` and `card` are made by `chat_app.state.ask_rows`. A card whose answer was sent is
    disabled until `settled` changes or a run ends; a `busy` one cannot be answered.
    """

    library = JS["ask.jsx"]
    tag = "Ask"

    kind: rx.Var[str]
    card: rx.Var[dict[str, Any]]
    name: rx.Var[str]
    busy: rx.Var[bool]
    problem: rx.Var[str]
    faults: rx.Var[list[dict[str, Any]]]
    settled: rx.Var[int]
    words: rx.Var[dict[str, Any]]
    on_answer: rx.EventHandler[_given]


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
        busy=RunState.running,
        problem=rx.cond(AskState.key == asked.key, AskState.problem, ""),
        faults=rx.cond(AskState.key == asked.key, AskState.faults, []),
        settled=AskState.settled,
        words=FORM_WORDS,
        on_answer=AskState.answer,
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
