"""The notice above the composer: the agent is starting, or its server cannot be used."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from chat_app import text
from chat_app.components.connection import JS
from chat_app.components.connection.reconnecting import Countdown
from chat_app.components.shared.folded import folded
from chat_app.state.run import RunState
from chat_app.state.thread import ThreadState


class Announced(rx.Component):
    """Renders nothing; a screen reader reads the `sentence` once."""

    library = JS["announced.jsx"]
    tag = "Announced"

    sentence: rx.Var[str]


def notice() -> rx.Component:
    """Return the notice; nothing if the server is available.

    While the stream of a run is interrupted, the line below its answer says that already.
    """
    return rx.cond(
        ThreadState.missing != "",
        rx.cond(RunState.cut, rx.fragment(), _missing()),
        rx.cond(
            ThreadState.trouble != "",
            _trouble(),
            rx.cond(ThreadState.starting, _bar(rx.el.span(text.STARTING), tone="calm")),
        ),
    )


def _missing() -> rx.Component:
    """The server is tried again by itself. Read aloud once, without the countdown."""
    before, after = text.SERVER_MISSING.split("{address}")
    return _bar(
        rx.el.span(
            before,
            rx.el.bdi(ThreadState.missing),
            after,
            " ",
            Countdown.create(at=ThreadState.again_at, waiting=text.NEXT_TRY, due=text.AGAIN),
        ),
        folded(text.DETAILS, ThreadState.trouble_detail),
        rx.el.button(
            text.TRY_NOW, type="button", class_name="button", on_click=ThreadState.try_now
        ),
        Announced.create(sentence=before + ThreadState.missing + after),
        tone="warn",
        role="group",
    )


def _trouble() -> rx.Component:
    return _bar(
        rx.el.span(ThreadState.trouble),
        folded(text.DETAILS, ThreadState.trouble_detail),
        rx.el.button(text.RETRY, type="button", class_name="button", on_click=ThreadState.open),
        tone="bad",
    )


def _bar(
    *children: rx.Component, tone: str, role: Literal["status", "group"] = "status"
) -> rx.Component:
    return rx.el.div(*children, class_name=f"notice {tone}", role=role, data_testid="notice")
