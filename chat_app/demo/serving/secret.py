"""Which requests the demo's server answers.

The app starts it with a secret in its environment and sends that with each request. Without a
secret it was started by hand. It answers programs then, and no web page of another origin: those
send ``Origin`` or ``Sec-Fetch-Site``, or, after they changed their name's address to this
machine's, a ``Host`` that is a name.
"""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "CHAT_DEMO_SECRET"
HEADER = "x-api-key"
"""LangGraph keeps it out of the configuration of runs, and with that out of what threads hold."""

_FROM_HERE = {"", "none", "same-origin"}
_NEEDS_SECRET = f"Send the value of {VARIABLE}, which this server was started with, as {HEADER}."
_OF_ANOTHER_ORIGIN = (
    "No answer for web pages of other origins. A program that is not on this machine has to send a "
    f"secret: start the server with {VARIABLE} set, and send its value as {HEADER}."
)


def refusal(headers: Mapping[str, str], *, secret: str) -> str:
    """Why a request with these headers is not answered; empty where it is.

    Args:
        headers: looked up in lower case.
        secret: what has to come in `HEADER`, or "" for a server that was started by hand.
    """
    if secret:
        is_known = hmac.compare_digest(headers.get(HEADER, "").encode(), secret.encode())
        return "" if is_known else _NEEDS_SECRET
    host = headers.get("host", "")
    is_page_elsewhere = (
        not _is_loopback_or_address(host)
        or headers.get("sec-fetch-site", "") not in _FROM_HERE
        or ("origin" in headers and _authority(headers["origin"]) != host)
    )
    return _OF_ANOTHER_ORIGIN if is_page_elsewhere else ""


def _is_loopback_or_address(host: str) -> bool:
    """Whether it is ``localhost`` or an IP address, and no name that DNS resolves."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False


def _authority(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
