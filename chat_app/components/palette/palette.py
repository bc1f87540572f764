"""The palette, the help, and the keys of the page."""

from __future__ import annotations

import reflex as rx

from chat_app.components.commands.action import Action
from chat_app.components.navigation.chat_menu import has_file
from chat_app.components.palette import JS
from chat_app.state.assistants import AssistantOption, AssistantsState
from chat_app.state.palette import NamedChat, PaletteState
from chat_app.state.replay import ReplayState
from chat_app.state.run import RunState
from chat_app.state.sharing import ShareState
from chat_app.state.threads import ThreadLink, ThreadsState


def _one(value: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (value,)


class Commands(rx.Component):
    """Handles the keys of the page, and opens the palette and the help.

    The table is in the words of the page (`chat_app.components.shared.words`).
    """

    library = JS["commands.jsx"]
    tag = "Commands"

    threads: rx.Var[list[ThreadLink]]
    thread: rx.Var[str]
    options: rx.Var[list[AssistantOption]]
    chosen: rx.Var[str]
    found: rx.Var[list[NamedChat]]
    exports: rx.Var[bool]
    on_assistant: rx.EventHandler[_one]
    on_search: rx.EventHandler[_one]


def commands() -> rx.Component:
    """Return what does the commands of the page; it is on it once."""
    return rx.fragment(
        Commands.create(
            threads=ThreadsState.links,
            thread=RunState.thread_id,
            options=AssistantsState.options,
            chosen=AssistantsState.chosen,
            found=PaletteState.found,
            exports=has_file(),
            on_assistant=AssistantsState.choose,
            on_search=PaletteState.find,
        ),
        Action.create(command="share", possible=has_file(), on_run=ShareState.open),
        Action.create(command="replay", possible=has_file(), on_run=ReplayState.begin),
    )
