"""What the graph asks a person, as a card to answer in; and what was decided, as a quiet line."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.icon import icon
from chat_app.state.asking import AskState
from chat_app.state.rows import Exchange, Row
from chat_app.state.run import RunState

# The first imports the others.
_SOURCE, *_ = [
    rx.asset(name, shared=True)
    for name in (
        "ask.jsx",
        "review.jsx",
        "fields.jsx",
        "array_field.jsx",
        "field_input.jsx",
        "form_values.js",
        "object_json.js",
        "keys.jsx",
    )
]

FORM_WORDS = {
    "asking": text.ASKING,
    "waits": text.WAITS_FOR_YOU,
    "approve": text.APPROVE,
    "approveChanged": text.APPROVE_CHANGED,
    "approveAll": text.APPROVE_ALL,
    "edit": text.EDIT,
    "reject": text.REJECT,
    "respond": text.RESPOND,
    "ignore": text.IGNORE,
    "again": text.DECIDE_AGAIN,
    "cancel": text.CANCEL,
    "continue": text.CONTINUE,
    "send": text.SEND_ANSWER,
    "sendAll": text.SEND_DECISIONS,
    "answer": text.ANSWER_HERE,
    "free": text.ANSWER_FREE_HERE,
    "asText": text.GOES_AS_TEXT,
    "asJson": text.GOES_AS_JSON,
    "reason": text.REASON_HERE,
    "reply": text.REPLY_HERE,
    "was": text.WAS,
    "nothing": text.NOT_SET,
    "needed": text.NEEDED,
    "notANumber": text.NOT_A_NUMBER,
    "yes": text.YES,
    "no": text.NO,
    "add": text.ADD_ITEM,
    "addTo": text.ADD_TO,
    "removeItem": text.REMOVE_ITEM,
    "item": text.ITEM,
    "asJsonToo": text.AS_JSON,
    "asFields": text.AS_FIELDS,
    "made": {
        "approve": text.MADE_APPROVED,
        "approveChanged": text.MADE_APPROVED_CHANGED,
        "reject": text.MADE_REJECTED,
        "respond": text.MADE_RESPONDED,
        "ignore": text.MADE_IGNORED,
    },
}


def _given(
    key: rx.Var[str], given: rx.Var[dict[str, Any]]
) -> tuple[rx.Var[str], rx.Var[dict[str, Any]]]:
    return key, given


class Ask(rx.Component):
    """One question and all that it takes to answer it.

    `kind` and `card` are as `chat_app.state.ask_rows` makes them. A card that has given its answer
    waits until `settled` changes or a run is over; `busy` ones cannot be answered.
    """

    library = _SOURCE.importable_path
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


def ask(row: ObjectVar[Row]) -> rx.Component:
    """The question."""
    return ask_view(row=row)


@rx.memo
def ask_view(row: rx.Var[Row]) -> rx.Component:
    """A component of its own, for it looks at the run, and the other rows must not."""
    asked = row.to(ObjectVar)
    return Ask.create(
        kind=asked.status,
        card=asked.args,
        name=asked.key,
        busy=RunState.running,
        problem=rx.cond(AskState.key == asked.key, AskState.problem, ""),
        faults=rx.cond(AskState.key == asked.key, AskState.faults, []),
        settled=AskState.settled,
        words=FORM_WORDS,
        on_answer=AskState.answer,
    )


def decision(row: ObjectVar[Row]) -> rx.Component:
    """What was asked and answered, a pair for each action."""
    exchanges = rx.el.div(rx.foreach(row.exchanges, _exchange))
    return rx.el.div(icon("user-check"), exchanges, class_name="decided")


def _exchange(one: ObjectVar[Exchange]) -> rx.Component:
    return rx.fragment(
        rx.cond(one.asked, rx.el.p(one.asked, class_name="asked", dir="auto")),
        rx.el.p(one.said, dir="auto", data_testid="decided"),
    )
