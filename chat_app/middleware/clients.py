"""Whose request it is, as far as limits are concerned: an address and, where known, a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_app.middleware.authentication import login_of
from chat_app.middleware.client_address import client_address, limit_key

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    from starlette.types import Scope

    from chat_app.middleware.quota import Key


@dataclass(frozen=True)
class Clients:
    """Tells clients apart."""

    trusted: tuple[IPv4Network | IPv6Network, ...] = ()

    def keys(self, scope: Scope) -> tuple[Key, ...]:
        """What a request counts for."""
        address = "address", limit_key(client_address(scope, self.trusted))
        login = login_of(scope)
        return (address, ("person", login.person.id)) if login else (address,)
