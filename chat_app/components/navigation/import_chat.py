"""Import of a chat from a file."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.navigation import JS
from chat_app.state.importing import ImportState, Sample

IMPORT_WORDS: dict[str, Any] = {
    "label": text.IMPORT_CHAT,
    "means": text.IMPORT_MEANS,
    "drop": text.IMPORT_DROP,
    "failed": text.IMPORT_FAILED,
    "preview": text.IMPORT_PREVIEW,
    "create": text.IMPORT_NOW,
    "importing": text.IMPORTING,
    "replay": text.IMPORT_REPLAY,
    "more": text.IMPORT_MORE,
    "you": text.YOU,
    "agent": text.AGENT,
    "details": text.DETAILS,
}


class ImportButton(rx.Component):
    """The button "Import chat"; the sidebar around it takes dropped files."""

    library = JS["import_chat.jsx"]
    tag = "ImportButton"

    words: rx.Var[dict[str, Any]]
    on_sent: rx.EventHandler[rx.event.no_args_event_spec]


class ImportPreview(rx.Component):
    """The dialog with what is in the file."""

    library = JS["import_chat.jsx"]
    tag = "ImportPreview"

    open: rx.Var[bool]
    busy: rx.Var[bool]
    title: rx.Var[str]
    about: rx.Var[str]
    samples: rx.Var[list[Sample]]
    more: rx.Var[int]
    problem: rx.Var[str]
    detail: rx.Var[str]
    words: rx.Var[dict[str, Any]]
    on_create: rx.EventHandler[rx.event.no_args_event_spec]
    on_replay: rx.EventHandler[rx.event.no_args_event_spec]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def import_button() -> rx.Component:
    """Return the button, for the sidebar."""
    return ImportButton.create(words=IMPORT_WORDS, on_sent=ImportState.look)


def import_preview() -> rx.Component:
    """Return the preview; closed, it renders nothing."""
    return _preview()


@rx.memo
def _preview() -> rx.Component:
    return ImportPreview.create(
        open=ImportState.is_open,
        busy=ImportState.is_busy,
        title=ImportState.title,
        about=ImportState.about,
        samples=ImportState.samples,
        more=ImportState.more,
        problem=ImportState.problem,
        detail=ImportState.detail,
        words=IMPORT_WORDS,
        on_create=ImportState.create,
        on_replay=ImportState.replay,
        on_close=ImportState.close,
    )
