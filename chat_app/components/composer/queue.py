"""The queue above the composer, and the choice of what sending does during a run."""

from __future__ import annotations

from typing import cast

import reflex as rx
from reflex.vars import NumberVar, ObjectVar

from chat_app import text
from chat_app.components.shared.icon import icon, icon_button
from chat_app.state.queue import INTERRUPT, QUEUE, ROLLBACK, QueueState, Waiting

_SEEN = 300
"""Characters of a waiting message that are rendered; two lines of them are visible."""

_CHOICES = (
    (QUEUE, text.QUEUE, text.QUEUE_MEANS),
    (INTERRUPT, text.INTERRUPT, text.INTERRUPT_MEANS),
    (ROLLBACK, text.START_OVER, text.START_OVER_MEANS),
)


def queue() -> rx.Component:
    """What waits for its turn, next one first, and what a Stop has paused."""
    return rx.fragment(_paused(), _waiting())


def _waiting() -> rx.Component:
    """One row per waiting message, the next one first; nothing if none waits."""
    return rx.cond(
        QueueState.waiting.length() > QueueState.paused,
        rx.el.ol(
            rx.foreach(
                QueueState.waiting,
                lambda message, place: rx.cond(
                    message.is_paused, rx.fragment(), _row(message, place - QueueState.paused)
                ),
            ),
            class_name="queue",
            aria_label=text.WAITING,
            data_testid="queue",
        ),
    )


def _paused() -> rx.Component:
    """One row per paused message, under a heading; nothing where none is paused."""
    return rx.cond(
        QueueState.paused > 0,
        rx.el.section(
            rx.el.div(
                rx.el.h2(text.PAUSED, id="paused"),
                rx.el.button(
                    text.SEND_ALL, type="button", class_name="button", on_click=QueueState.send_all
                ),
                class_name="queue-head",
            ),
            rx.el.ol(
                rx.foreach(
                    QueueState.waiting,
                    lambda message: rx.cond(message.is_paused, _paused_row(message)),
                ),
                class_name="queue",
            ),
            class_name="paused",
            aria_labelledby="paused",
            data_testid="paused",
        ),
    )


def _paused_row(message: ObjectVar[Waiting]) -> rx.Component:
    return rx.el.li(
        rx.el.p(message.text.to(str)[:_SEEN], dir="auto"),
        _files(message),
        _edit_button(message),
        icon_button("send-horizontal", text.SEND, on_click=QueueState.send_now(message.id)),
        icon_button("x", text.REMOVE, on_click=QueueState.remove(message.id)),
        key=message.id,
        data_testid="paused-message",
    )


def _edit_button(message: ObjectVar[Waiting]) -> rx.Component:
    """Of several, the last is what the command edits: the message that was written last."""
    return icon_button(
        "pencil", text.EDIT, data_command="edit-last", on_click=QueueState.edit(message.id)
    )


def _files(message: ObjectVar[Waiting]) -> rx.Component:
    count = message.files.to(int)
    return rx.cond(
        count > 0,
        rx.el.span(
            icon("paperclip"),
            count.to_string(),
            class_name="queue-files",
            aria_label=f"{text.ATTACHED}: {count.to_string()}",
            role="img",
        ),
    )


def strategy_picker() -> rx.Component:
    """The choice of what sending does during a run."""
    return rx.el.select(
        *[
            rx.el.option(name, value=strategy, title=meaning)
            for strategy, name, meaning in _CHOICES
        ],
        value=QueueState.strategy,
        on_change=QueueState.choose,
        title=_by_strategy(text.QUEUE_MEANS, text.INTERRUPT_MEANS, text.START_OVER_MEANS),
        aria_label=text.WHILE_RUNNING,
        class_name="pill",
        data_testid="strategy",
    )


def sending_does() -> rx.Var[str]:
    """Return the label of the send button during a run."""
    return _by_strategy(text.QUEUE_SEND, text.INTERRUPT_SEND, text.START_OVER_SEND)


def _by_strategy(queued: str, interrupting: str, starting_over: str) -> rx.Var[str]:
    words = rx.match(
        QueueState.strategy, (INTERRUPT, interrupting), (ROLLBACK, starting_over), queued
    )
    return cast("rx.Var[str]", words)


def _row(message: ObjectVar[Waiting], place: NumberVar[int]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.cond(place == 0, text.NEXT, (place + 1).to_string()), class_name="queue-place"
        ),
        rx.el.p(message.text.to(str)[:_SEEN], dir="auto"),
        _files(message),
        rx.cond(
            message.is_foreign,
            rx.fragment(),
            rx.fragment(
                rx.cond(
                    place > 0,
                    icon_button(
                        "chevron-up", text.MOVE_UP, on_click=QueueState.move_up(message.id)
                    ),
                ),
                _edit_button(message),
                icon_button(
                    "send-horizontal", text.SEND_NOW, on_click=QueueState.send_now(message.id)
                ),
            ),
        ),
        icon_button("x", text.REMOVE, on_click=QueueState.remove(message.id)),
        key=message.id,
        data_testid="waiting-message",
    )
