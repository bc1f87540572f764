"""The inspector: a panel beside the conversation, or the whole page, and the button for it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.inspector import JS
from chat_app.components.inspector.tabs import TABS
from chat_app.state.inbox import InboxState
from chat_app.state.inspector.panel import InspectorState
from chat_app.state.replay import ReplayState
from chat_app.state.run import RunState

INSPECTOR_WORDS: dict[str, Any] = {
    "inspector": text.INSPECTOR,
    "tabs": text.INSPECTOR_TABS,
    "tab": {tab.name: tab.label for tab in TABS},
    "width": text.INSPECTOR_WIDTH,
    "full": text.INSPECTOR_FULL,
    "back": text.INSPECTOR_BACK,
    "close": text.CLOSE_INSPECTOR,
    "loading": text.INSPECTOR_LOADING,
    "gone": text.THREAD_GONE,
}


def _shown(is_open: rx.Var[bool], tab: rx.Var[str]) -> tuple[rx.Var[bool], rx.Var[str]]:
    return (is_open, tab)


class InspectorButton(rx.Component):
    """Opens and closes the inspector."""

    library = JS["inspector.jsx"]
    tag = "InspectorButton"

    full: rx.Var[bool]


class Inspector(rx.Component):
    """Nothing while it is closed. Its children are the contents of the tabs, in their order.

    `here`: the page shows a chat. `full`: the inspector is all of the page. `gone`: there is no
    such chat. `known`: what the app knows of it, which is nothing after it was restarted; then it
    is told again.
    """

    library = JS["inspector.jsx"]
    tag = "Inspector"

    here: rx.Var[bool]
    full: rx.Var[bool]
    thread: rx.Var[str]
    gone: rx.Var[bool]
    names: rx.Var[list[str]]
    known: rx.Var[bool]
    words: rx.Var[dict[str, Any]]
    on_show: rx.EventHandler[_shown]


def _is_chat() -> rx.Var[bool]:
    """Whether the page shows a chat of the server: a replay has no runs of its own."""
    return (InboxState.place == "") & ~ReplayState.active


def inspector_button() -> rx.Component:
    """Return the button of the header, for those who may inspect."""
    return rx.cond(
        InspectorState.allowed & _is_chat(), InspectorButton.create(full=InspectorState.full)
    )


def inspector() -> rx.Component:
    """Return the inspector of the page, for those who may inspect."""
    return rx.cond(
        InspectorState.allowed,
        Inspector.create(
            *(tab.draw() for tab in TABS),
            here=_is_chat(),
            full=InspectorState.full,
            thread=RunState.thread_id,
            gone=InspectorState.gone,
            names=[tab.name for tab in TABS],
            known=InspectorState.open,
            words=INSPECTOR_WORDS,
            on_show=InspectorState.show,
        ),
    )
