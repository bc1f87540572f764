"""Origins as headers and settings write them: parsed strictly, compared whole.

A browser writes an origin in one way only: lower case, no trailing dot, no user, the port only
where it is not the usual one. What is written otherwise was not sent by a browser, or not to be
mistaken for something else, so it is no origin here.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple

SERVED_ORIGIN = "chat_app.served_origin"
"""The key of the scope under which middleware puts the `Origin` that the app is served at."""

USUAL_PORTS = {"http": 80, "https": 443}

_NAME = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_HOST = rf"(?P<name>{_NAME}(?:\.{_NAME})*)|\[(?P<ipv6>[0-9a-f:.]+)\]"
_AUTHORITY = re.compile(rf"(?:{_HOST})(?::(?P<port>[0-9]{{1,5}}))?", re.ASCII)
_LONGEST = 260
_HIGHEST_PORT = 65535


class Origin(NamedTuple):
    """Scheme, host and port. `host` is in lower case, an IPv6 address in its short form."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == USUAL_PORTS.get(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def parse_origin(text: str) -> Origin | None:
    """The origin of a header `Origin` or of a setting; None for anything else, `null` included."""
    scheme, separator, authority = text.partition("://")
    if not separator or scheme not in USUAL_PORTS:
        return None
    return parse_authority(authority, scheme)


def parse_authority(text: str, scheme: str) -> Origin | None:
    """The origin that a header `Host` names under a scheme; None for anything else.

    Host names compare without regard to case (RFC 9110), so a `Host` may be in upper case.
    """
    found = _AUTHORITY.fullmatch(text.lower()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else USUAL_PORTS[scheme]
    host = _short_ipv6(found["ipv6"]) if found["ipv6"] else _name(found["name"])
    return Origin(scheme, host, port) if host and 0 < port <= _HIGHEST_PORT else None


def _short_ipv6(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except AddressValueError:
        return ""


def _name(text: str) -> str:
    """`text`, unless a resolver takes it for an address that it is not: `127.1`, `0x7f.1`."""
    last = text.rpartition(".")[2]
    if not re.fullmatch(r"\d+|0x[0-9a-f]*", last):
        return text
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        return ""
