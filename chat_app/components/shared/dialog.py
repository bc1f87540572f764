"""The modal dialog of the app, for those whose content is written in Python."""

from __future__ import annotations

import reflex as rx

from chat_app.components.shared import JS


class Dialog(rx.Component):
    """Its children in a native `<dialog>` while `open`; `title` is its name and its heading.

    It closes by itself on Escape, on a click beside it and with its button, without a round trip;
    `on_close` then has to set `open` to false. The element with the attribute `data-autofocus` gets
    the focus, else the title, and it returns to where it was. Content that may be long stands in an
    element with the class `dialog-body`, which scrolls; buttons in one with `dialog-foot`.
    """

    library = JS["dialog.jsx"]
    tag = "Dialog"

    open: rx.Var[bool]
    title: rx.Var[str]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]
