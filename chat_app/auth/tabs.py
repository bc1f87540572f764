"""Whose tab it is: bound at the handshake of its socket, and gone with the login.

The page of a tab names it by a token of its own. What this app keeps for the tab is kept under
another one, which is made from that, the person and its rights: the same token in another person's
browser is another tab, and so it is for a person who has got or lost a role.
"""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from chat_app.auth.rights import rights_of
from chat_app.auth.secret import signing_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.auth.person import Login, Person

KEPT = 1200.0
"""Seconds after its last socket that a tab's person is known: longer than its state is kept."""


class SignedOutError(Exception):
    """The tab has no login, or not any more."""


def token_for(login: Login, claimed: object) -> str | None:
    """The token under which a tab is kept; None where the page's own is not a UUID in lower case.

    It cannot be presented: the page does not know it.
    """
    if not isinstance(claimed, str) or not _is_uuid(claimed):
        return None
    says = f"{rights_of(login.person)}\n{claimed}".encode()
    return hmac.digest(signing_secret(), b"tab\n" + says, sha256).hex()[:40]


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


@dataclass
class _Tab:
    login: Login
    sockets: dict[str, Callable[[], None]] = field(default_factory=dict)
    forget: asyncio.TimerHandle | None = None


class Tabs:
    """All that this process knows."""

    def __init__(self) -> None:
        self._tabs: dict[str, _Tab] = {}

    def bind(self, token: str, login: Login, socket: str, close: Callable[[], None]) -> None:
        """A tab's socket is open. `close` ends it; it is called when the login is revoked."""
        tab = self._tabs.setdefault(token, _Tab(login))
        tab.login = login
        tab.sockets[socket] = close
        if tab.forget:
            tab.forget.cancel()
            tab.forget = None

    def unbind(self, token: str, socket: str) -> None:
        """A tab's socket is gone."""
        tab = self._tabs.get(token)
        if tab is None or tab.sockets.pop(socket, None) is None or tab.sockets:
            return
        tab.forget = asyncio.get_running_loop().call_later(KEPT, self._forget, token)

    def login_of(self, token: str) -> Login:
        """The login of a tab.

        Raises:
            SignedOutError: it has none.
        """
        if tab := self._tabs.get(token):
            return tab.login
        raise SignedOutError

    def person_of(self, token: str) -> Person:
        """The person at a tab.

        Raises:
            SignedOutError: the tab has no login.
        """
        return self.login_of(token).person

    def revoke(self, login_id: str) -> None:
        """Forget all tabs of a login, and close their sockets."""
        for token, tab in list(self._tabs.items()):
            if tab.login.id == login_id:
                self._forget(token)
                for close in tab.sockets.values():
                    close()

    def logins(self) -> set[str]:
        """The ids of all logins with an open socket."""
        return {tab.login.id for tab in self._tabs.values() if tab.sockets}

    def __contains__(self, token: str) -> bool:
        """Whether a tab has a login."""
        return token in self._tabs

    def _forget(self, token: str) -> None:
        tab = self._tabs.pop(token, None)
        if tab and tab.forget:
            tab.forget.cancel()

    def __len__(self) -> int:
        return len(self._tabs)


_tabs = Tabs()


def tabs() -> Tabs:
    """Those of this process."""
    return _tabs
