"""The menu of the open chat: export, share, replay, print."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.navigation import JS
from chat_app.components.shared.base import at
from chat_app.components.shared.menu import Menu, MenuItem, SubMenu, lucide
from chat_app.components.sharing.share import share_item
from chat_app.state.replay import ReplayState
from chat_app.state.run import RunState
from chat_app.state.transcript import TranscriptState


class CopyChat(rx.Component):
    """Copies the file at `address`."""

    library = JS["chat_menu.jsx"]
    tag = "CopyChat"

    address: rx.Var[str]
    label: rx.Var[str]


class PrintChat(rx.Component):
    """Prints the page at `address`; `failed` is announced where there is none."""

    library = JS["chat_menu.jsx"]
    tag = "PrintChat"

    address: rx.Var[str]
    icon: rx.Var[Any]
    label: rx.Var[str]
    failed: rx.Var[str]


def has_file() -> rx.Var[bool]:
    """Whether the open chat can be exported: not a new one, and no replay."""
    return (RunState.thread_id != "") & ~TranscriptState.is_empty & ~ReplayState.active


def chat_menu() -> rx.Component:
    """Return the button "More"; nothing in a new chat and in a replay."""
    file = at("/export/") + RunState.thread_id
    return rx.cond(
        has_file(),
        Menu.create(
            SubMenu.create(
                _download(text.AS_MARKDOWN, file + ".md"),
                _download(text.AS_JSON_FILE, file + ".json"),
                _download(text.AS_HTML, file + ".html"),
                CopyChat.create(address=file + ".md", label=text.COPY_MARKDOWN),
                label=text.EXPORT,
                icon=lucide("download"),
            ),
            share_item(),
            MenuItem.create(text.REPLAY, icon=lucide("play"), on_click=ReplayState.begin),
            PrintChat.create(
                address=file + ".html?view",
                icon=lucide("printer"),
                label=text.PRINT,
                failed=text.EXPORT_FAILED,
            ),
            label=text.MORE,
        ),
    )


def _download(name: str, address: rx.Var[str]) -> rx.Component:
    return MenuItem.create(name, href=address, custom_attrs={"download": True})
