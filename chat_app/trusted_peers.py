"""Who is at the other end of a connection, and whether its word is taken for who sent it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Network, IPv6Network

    from starlette.types import Scope


def networks(named: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks of `CHAT_TRUSTED_PROXIES`; a single address is a network of one.

    Raises:
        ValueError: one is neither an address nor a network.
    """
    return tuple(ip_network(each, strict=False) for each in named)


def peer_is_trusted(scope: Scope, trusted: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether the other end of the connection itself is a trusted proxy."""
    peer = parse_address((scope.get("client") or ("",))[0])
    return peer is not None and is_trusted(peer, trusted)


def is_trusted(
    address: IPv4Address | IPv6Address, trusted: Iterable[IPv4Network | IPv6Network]
) -> bool:
    """Whether an address is in one of the networks."""
    return any(address in network for network in trusted)


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
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
