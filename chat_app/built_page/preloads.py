"""The page's scripts: those of a thread are asked for as early as those of a new chat.

React Router names the scripts of the one address it draws beforehand, ``/``, in the head of that
page. All other addresses are served a page that learns which scripts it needs only once the first
ones run, and what those need in turn later still: a fifth of the time it takes to open a thread.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reflex_base.constants import ReactRouter
from reflex_base.plugins import Plugin

if TYPE_CHECKING:
    from typing import Unpack

    from reflex_base.plugins.base import PostBuildContext

_DRAWN = "index.html"
_PRELOAD = re.compile(r'<link rel="modulepreload" href="[^"]*"/>')
_END_OF_HEAD = "</head>"


class PageScripts(Plugin):
    """A Reflex plugin, for `rx.Config(plugins=[...])`."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        pages = context["static_dir"]
        fallback = pages / ReactRouter.SPA_FALLBACK
        fallback.write_text(with_preloads(fallback.read_text(), of=(pages / _DRAWN).read_text()))


def with_preloads(page: str, *, of: str) -> str:
    """`page` with all the scripts named in the head of another page, each once.

    Raises:
        LookupError: that page names none, or this one has no head.
    """
    wanted = _PRELOAD.findall(of)
    if not wanted or _END_OF_HEAD not in page:
        raise LookupError("React Router's pages changed: no scripts are named in them")
    missing = "".join(link for link in wanted if link not in page)
    return page.replace(_END_OF_HEAD, missing + _END_OF_HEAD, 1)
