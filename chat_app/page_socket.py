"""The page's socket: where it finds the app, and how long it tries.

Reflex compiles the address of its backend into the page, port included. Asking the browser instead
makes one build work on any port and behind any proxy; it is only right where page and backend share
an origin, which they do in production.

And an attempt to connect that hangs, as it may when a network goes and comes back, would keep the
page from trying again for the twenty seconds that are usual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reflex_base.constants import Env
from reflex_base.environment import environment
from reflex_base.plugins import Plugin

if TYPE_CHECKING:
    from typing import Unpack

    from reflex_base.plugins.base import PreCompileContext

_SCRIPT = "utils/state.js"
_ADDRESS = "const endpoint = new URL(url_str);"
_OWN_ORIGIN = """
  if (typeof window !== "undefined") {
    endpoint.host = window.location.host;
    if (window.location.protocol === "https:") {
      endpoint.protocol = endpoint.protocol.replace(/s?:$/, "s:");
    }
    return endpoint;
  }"""
_OPTIONS = "reconnection: false,"
_PATIENCE = " timeout: 6000,"
_EDITS = {_ADDRESS: _OWN_ORIGIN, _OPTIONS: _PATIENCE}


class PageSocket(Plugin):
    """A Reflex plugin, for `rx.Config(plugins=[...])`."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        if environment.REFLEX_ENV_MODE.get() is Env.PROD:
            context["add_modify_task"](_SCRIPT, edited)


def edited(script: str) -> str:
    """Reflex's `utils/state.js` with a socket of our kind.

    Raises:
        LookupError: the script is not the one these edits were written for.
    """
    for line, added in _EDITS.items():
        if line not in script:
            raise LookupError(f"Reflex's {_SCRIPT} changed: {line} is not in it")
        if line + added not in script:
            script = script.replace(line, line + added, 1)
    return script
