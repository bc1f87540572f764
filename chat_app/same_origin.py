"""The page talks to whoever served it, so that one build works on any port and behind any proxy.

Reflex compiles the address of its backend into the page, port included. Asking the browser instead
is only right where page and backend share an origin, which they do in production.
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


class SameOrigin(Plugin):
    """A Reflex plugin, for `rx.Config(plugins=[...])`."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        if environment.REFLEX_ENV_MODE.get() is Env.PROD:
            context["add_modify_task"](_SCRIPT, with_own_origin)


def with_own_origin(script: str) -> str:
    """Reflex's `utils/state.js`, made to ask the browser for its backend.

    Raises:
        LookupError: the script is not the one this edit was written for.
    """
    if _OWN_ORIGIN in script:
        return script
    if _ADDRESS not in script:
        raise LookupError(f"Reflex's {_SCRIPT} changed: {_ADDRESS} is not in it")
    return script.replace(_ADDRESS, _ADDRESS + _OWN_ORIGIN, 1)
