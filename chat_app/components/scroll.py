"""The scrolling column around the transcript."""

from __future__ import annotations

import reflex as rx

_SOURCE = rx.asset("scroll.jsx", shared=True)


class Scroll(rx.Component):
    """Follows the newest line while the reader is at the end.

    A change of `thread` or `sent` (counts the person's own messages) goes to the end.
    """

    library = _SOURCE.importable_path
    tag = "Scroll"

    thread: rx.Var[str]
    sent: rx.Var[int]
