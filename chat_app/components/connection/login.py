"""The script that tells the page who is signed in.

It is neither deferred nor a module: the page's modules run as soon as they have come, and must not
find what the browser has stored of another person.
"""

from __future__ import annotations

import reflex as rx
from reflex_base.constants import Env
from reflex_base.environment import environment

from chat_app.components.shared.base import at

_ADDRESS = "/_login.js"
"""See `chat_app.middleware.authentication`."""


def script() -> list[rx.Component]:
    """For the head of the page. Reflex's development server has pages of its own."""
    if environment.REFLEX_ENV_MODE.get() is Env.DEV:
        return []
    return [rx.el.script(src=at(_ADDRESS))]
