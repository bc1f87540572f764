"""A form for `ui` messages called ``form``; what is filled in goes to the agent as a message.

Props: ``fields`` is a list of ``{"name", "kind", "options", "value", "required"}`` of which only
the name is needed; `kind` is text (unless it says otherwise), long, number, date, choice or
yes_no, and `options` are those of a choice. ``title``, ``note`` and ``submit`` are text.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.forms import JS
from chat_app.components.renderers import UiVar, renders_ui
from chat_app.state.asking import AskState
from chat_app.state.forms import FormState
from chat_app.state.rows import OpenQuestion
from chat_app.state.run import RunState

_WORDS = {
    "send": text.SEND,
    "sent": text.FORM_SENT,
    "needed": text.NEEDED,
    "notANumber": text.NOT_A_NUMBER,
    "yes": text.YES,
    "first": text.DECIDE_FIRST,
}


@renders_ui("form", requires=("fields",))
def form(ui: UiVar) -> rx.Component:
    """One field below the other, and a button."""
    return _Form.create(
        name=ui.row.key,
        fields=ui.props["fields"],
        title=ui.props["title"],
        note=ui.props["note"],
        submit=ui.props["submit"],
        sent=FormState.sent,
        asks=AskState.open,
        busy=RunState.running,
        words=_WORDS,
        on_send=FormState.send,
    )


def _filled(
    title: rx.Var[str], filled: rx.Var[dict[str, Any]]
) -> tuple[rx.Var[str], rx.Var[dict[str, Any]]]:
    return title, filled


class _Form(rx.Component):
    """`sent` are the values of the forms that were sent, by `name`.

    While the agent `asks` nothing is sent.
    """

    library = JS["agent_form.jsx"]
    tag = "AgentForm"

    name: rx.Var[str]
    fields: rx.Var[Any]
    title: rx.Var[Any]
    note: rx.Var[Any]
    submit: rx.Var[Any]
    sent: rx.Var[dict[str, dict[str, str]]]
    asks: rx.Var[list[OpenQuestion]]
    busy: rx.Var[bool]
    words: rx.Var[dict[str, Any]]
    on_send: rx.EventHandler[_filled]
