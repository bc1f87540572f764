"""Buttons that give a command, and events that do one."""

from __future__ import annotations

import reflex as rx

from chat_app import shortcuts, text
from chat_app.components.commands import JS
from chat_app.components.shared.icon import icon


def _given(argument: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (argument,)


class Action(rx.Component):
    """Renders nothing: an event is what a `command` of the table does, while it is `possible`.

    The event gets what follows the name of the command, if it takes something.
    """

    library = JS["action.jsx"]
    tag = "Action"

    command: rx.Var[str]
    possible: rx.Var[bool]
    on_run: rx.EventHandler[_given]


class CommandButton(rx.Component):
    """A button that gives a `command`; its children are what is seen, `label` is what is heard."""

    library = JS["action.jsx"]
    tag = "CommandButton"

    command: rx.Var[str]
    label: rx.Var[str]
    title: rx.Var[str]


def palette_button() -> rx.Component:
    """The button that opens the command palette: on a touch screen there is no key for it."""
    return CommandButton.create(
        icon("command"),
        command="palette",
        label=text.PALETTE,
        class_name="icon-button palette-button",
        data_testid="palette-button",
        **shortcuts.hint("palette"),
    )
