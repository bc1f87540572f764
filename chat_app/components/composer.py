"""Where the person writes: the draft, the assistant to talk to, and send or stop in one place."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.icon import icon
from chat_app.config import settings
from chat_app.state.assistants import AssistantsState
from chat_app.state.run import MESSAGE_LIMIT, RunState

_SOURCE = rx.asset("draft.jsx", shared=True)


def _sent(message: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (message,)


class Draft(rx.Component):
    """The text box and its form; its children are the bar below the text.

    `returned` is a message that the server never took: it goes back into an empty box, and leaves
    the box again when it is sent another way.
    """

    library = _SOURCE.importable_path
    tag = "Draft"

    thread: rx.Var[str]
    returned: rx.Var[str]
    busy: rx.Var[bool]
    limit: rx.Var[int]
    placeholder: rx.Var[str]
    too_long: rx.Var[str]
    on_send: rx.EventHandler[_sent]


def composer() -> rx.Component:
    """The composer, as it stands in a new chat and below a thread."""
    return rx.el.div(
        Draft.create(
            _assistant_picker(),
            rx.el.span(class_name="spring"),
            rx.cond(RunState.running, _stop_button(), _send_button()),
            thread=RunState.thread_id,
            returned=RunState.returned,
            busy=RunState.running,
            limit=MESSAGE_LIMIT,
            placeholder=text.PLACEHOLDER,
            too_long=text.TOO_LONG.format(limit=f"{MESSAGE_LIMIT:,}"),
            on_send=RunState.send,
        ),
        rx.el.p(text.CAUTION, class_name="caution"),
        class_name="dock",
    )


def _send_button() -> rx.Component:
    return rx.el.button(
        icon("arrow-up"),
        type="submit",
        class_name="send",
        aria_label="Send",
        title="Send",
        data_testid="send",
    )


def _stop_button() -> rx.Component:
    return rx.el.button(
        icon("square", fill="currentColor"),
        type="button",
        class_name="send stop",
        aria_label="Stop",
        title="Stop",
        disabled=RunState.stopping,
        on_click=RunState.stop,
        data_testid="stop",
    )


def _assistant_picker() -> rx.Component:
    """A plain select where there is a choice, a name where there is none."""
    options = AssistantsState.options
    if settings().embedded:
        name = rx.el.span(text.DEMO_AGENT, class_name="assistant")
    else:
        name = rx.foreach(options, lambda only: rx.el.span(only.name, class_name="assistant"))
    return rx.cond(
        options.length() > 1,
        rx.el.select(
            rx.foreach(options, lambda option: rx.el.option(option.name, value=option.id)),
            value=AssistantsState.chosen,
            on_change=AssistantsState.choose,
            aria_label="Assistant",
            class_name="pill",
            data_testid="assistant-picker",
        ),
        name,
    )
