"""The address of the browser that a request comes from, through proxies that are named as trusted.

Limits count by `limit_key`, not by the address itself: a home with IPv6 has a whole network of
addresses to choose from.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_network
from typing import TYPE_CHECKING

from chat_app.trusted_peers import is_trusted, parse_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Network, IPv6Network

    from starlette.types import Scope

_MOST_HOPS = 20
_HOME = 64
"""Bits of an IPv6 address that a provider gives to one customer."""


def client_address(scope: Scope, trusted: Iterable[IPv4Network | IPv6Network]) -> str:
    """The right-most address in `X-Forwarded-For` that no trusted proxy has; else the peer's own.

    What stands left of it was written by the client, and proves nothing. Of a peer that is not
    trusted the whole header is ignored. An address that cannot be read ends the chain: the client
    is then the proxy that passed it on.

    Returns:
        An address in its short form, without a port; an empty string where the server knows none,
        as with a socket in the file system.
    """
    trusted = tuple(trusted)
    found = parse_address((scope.get("client") or ("",))[0])
    if found is None or not is_trusted(found, trusted):
        return str(found or "")
    for hop in reversed(_forwarded(scope)):
        address = parse_address(hop)
        if address is None:
            break
        found = address
        if not is_trusted(found, trusted):
            break
    return str(found)


def limit_key(address: str) -> str:
    """What limits count by: an IPv4 address, or the network of 64 bits of an IPv6 address."""
    found = parse_address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _HOME), strict=False))
    return str(found or address)


def _forwarded(scope: Scope) -> list[str]:
    """The hops of all headers `X-Forwarded-For`, in order; of very many the last only."""
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return b",".join(lines).decode("latin-1").split(",")[-_MOST_HOPS:]
