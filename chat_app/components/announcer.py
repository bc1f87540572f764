"""The voice of the conversation, for those who hear it."""

from __future__ import annotations

import reflex as rx

_SOURCE = rx.asset("announcer.jsx", shared=True)


class Announcer(rx.Component):
    """Says each answer once, when the run that wrote it is over."""

    library = _SOURCE.importable_path
    tag = "Announcer"

    running: rx.Var[bool]
