"""The address of the browser that a request comes from, through proxies that are named as trusted.

Limits count by `limit_key`, not by the address itself: a home with IPv6 has a whole network of
addresses to choose from.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Network, IPv6Network

    from starlette.types import Scope

_MOST_HOPS = 20
_HOME = 64
"""Bits of an IPv6 address that a provider gives to one customer."""


def networks(named: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks of `CHAT_TRUSTED_PROXIES`; a single address is a network of one.

    Raises:
        ValueError: one is neither an address nor a network.
    """
    return tuple(ip_network(each, strict=False) for each in named)


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
    found = _parse((scope.get("client") or ("",))[0])
    if found is None or not is_trusted(found, trusted):
        return str(found or "")
    for hop in reversed(_forwarded(scope)):
        address = _parse(hop)
        if address is None:
            break
        found = address
        if not is_trusted(found, trusted):
            break
    return str(found)


def peer_is_trusted(scope: Scope, trusted: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether the other end of the connection itself is a trusted proxy."""
    peer = _parse((scope.get("client") or ("",))[0])
    return peer is not None and is_trusted(peer, trusted)


def is_trusted(
    address: IPv4Address | IPv6Address, trusted: Iterable[IPv4Network | IPv6Network]
) -> bool:
    """Whether an address is in one of the networks."""
    return any(address in network for network in trusted)


def limit_key(address: str) -> str:
    """What limits count by: an IPv4 address, or the network of 64 bits of an IPv6 address."""
    found = _parse(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _HOME), strict=False))
    return str(found or address)


def _forwarded(scope: Scope) -> list[str]:
    """The hops of all headers `X-Forwarded-For`, in order; of very many the last only."""
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return b",".join(lines).decode("latin-1").split(",")[-_MOST_HOPS:]


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """An address, with a port or without; one of IPv4 that is written as IPv6 is of IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped or (None if found.scope_id else found)
    return found
