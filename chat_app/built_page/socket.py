"""The page's socket: where it finds the app, and how long it tries.

Reflex compiles the address of its backend into the page, port included. Asking the browser instead
makes one build work on any port and behind any proxy; it is only right where page and backend share
an origin, which they do in production.

And an attempt to connect without an answer, as after a loss of the network, would keep the page
from the next try for the usual twenty seconds.

Reflex puts the tab's token into the socket's address, which proxies log, and makes it with
``Math.random``, which can be predicted: the token names the tab (see `chat_app.event_socket`).

A process that drains asks the page to reconnect, which the page does when it suits it. And the page
is told of an outage of what the processes share.
"""

from __future__ import annotations

import re
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
    endpoint.port = window.location.port; // which a host without one leaves as it was
    if (window.location.protocol === "https:") {
      endpoint.protocol = endpoint.protocol.startsWith("ws") ? "wss:" : "https:";
    }
    return endpoint;
  }"""
_OPTIONS = "reconnection: false,"
_CONNECT_TIMEOUT = " timeout: 6000,"
_PATH = "path: endpoint.pathname,"
_BASE = '(globalThis.window?.__reactRouterContext?.basename ?? "").replace(/\\/+$/, "")'
_BELOW = f"path: {_BASE} + endpoint.pathname,"
"""The namespace of the socket, which is in its address as well, has no base path."""
_ADDED = {_ADDRESS: _OWN_ORIGIN, _OPTIONS: _CONNECT_TIMEOUT}

_RANDOM = """export const generateUUID = () => {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  octets[6] = (octets[6] & 15) | 64;
  octets[8] = (octets[8] & 63) | 128;
  const digits = [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
};
"""
_GUESSED = re.compile(r"export const generateUUID = \(\) => \{\n.*?\n\};\n", re.DOTALL)
_QUERY = "query: { token },"
_TOKEN = {
    _QUERY: "tabToken: token,",
    "warmSocket.io.opts.query.token": "warmSocket.io.opts.tabToken",
    "socket.current.io.opts.query = { token: getToken() };": "",
    "return { event: boot_event, state_schema: app.stateSchema };": (
        "return { event: boot_event, state_schema: app.stateSchema, token: getToken() };"
    ),
}
"""The token goes along in the first packet of the socket, and its maker is the browser's own."""

_CLOSED = "window.__reflex_otel?.onSocketDisconnect?.(reason);"
_TOLD = """
    if (reason === "io server disconnect") document.dispatchEvent(new Event("appsocketclosed"));"""
"""Reflex leaves a socket closed that the app has closed: the page asks for the reason."""

_RENAMED = '  socket.current.on("new_token", async (new_token) => {'
_DRAIN = """  socket.current.on("drain", (seconds) => {
    const { engine } = socket.current.io;
    const move = () => engine === socket.current?.io.engine && socket.current.io._close();
    document.dispatchEvent(new CustomEvent("appdrain", { detail: { seconds, move } }));
  });
"""
"""The process at the other end is about to end: see `chat_app.draining`. `move` drops the
connection as a lost network does, so Reflex makes another one at once, and the app does not take it
for a page that was closed."""
_OUTAGE = """  socket.current.on("outage", (isDown) => {
    document.dispatchEvent(new CustomEvent("appoutage", { detail: { isDown } }));
  });
"""
"""What the app's processes share is away, or is back: see `chat_app.outages`."""


class PageSocket(Plugin):
    """A Reflex plugin, for `rx.Config(plugins=[...])`."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"](_SCRIPT, with_secret_token)
        if environment.REFLEX_ENV_MODE.get() is not Env.DEV:
            context["add_modify_task"](_SCRIPT, with_own_origin)


def with_own_origin(script: str) -> str:
    """Reflex's `utils/state.js` with a socket to where the page is from.

    Raises:
        LookupError: the script is not the one these edits were written for.
    """
    for line, added in _ADDED.items():
        _check(line in script, line)
        if line + added not in script:
            script = script.replace(line, line + added, 1)
    _check(_PATH in script or _BELOW in script, _PATH)
    return script.replace(_PATH, _BELOW)


def with_secret_token(script: str) -> str:
    """Reflex's `utils/state.js` with a token that cannot be guessed, and is in no URL.

    Raises:
        LookupError: the script is not the one these edits were written for.
    """
    # A script of an earlier build has some of the edits, and lacks those that are newer.
    if _RANDOM not in script:
        script, found = _GUESSED.subn(lambda _: _RANDOM, script, count=1)
        _check(found == 1, "generateUUID")
    for line, instead in _TOKEN.items():
        if instead and instead in script:
            continue
        _check(line in script or not instead, line)
        script = script.replace(line, instead)
    _check(_CLOSED in script, _CLOSED)
    if _TOLD not in script:
        script = script.replace(_CLOSED, _CLOSED + _TOLD, 1)
    _check(_RENAMED in script, _RENAMED)
    for heard in (_DRAIN, _OUTAGE):
        if heard not in script:
            script = script.replace(_RENAMED, heard + _RENAMED, 1)
    return script


def _check(is_there: bool, line: str) -> None:  # noqa: FBT001 - what is asserted
    if not is_there:
        raise LookupError(f"Reflex's {_SCRIPT} changed: {line} is not in it")
