"""The path that the app is served under, such as ``/chat`` (``CHAT_BASE_PATH``).

Inside the app every path begins at the app's own root: `chat_app.middleware.base_path` takes the
base path off requests and puts it before the places that redirects lead to. Everywhere else an
address that a browser is to ask for is made by `address`, or in JavaScript by ``at`` of
``components/shared/base.js``.
"""

from __future__ import annotations

from chat_app.config import settings


def base_path() -> str:
    """The setting: empty, or with a slash before it and none behind."""
    return settings().base_path


def address(path: str) -> str:
    """What a browser asks for to get `path`, which begins with a slash, of this app."""
    return base_path() + path
