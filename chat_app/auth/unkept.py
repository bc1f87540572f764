"""What the modes have in common in which this app keeps no logins."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

    from chat_app.auth.person import Login


class Unkept:
    """A part of an `chat_app.auth.identify.Authenticator`: nothing of a login ends here."""

    sign_in_path = ""
    signs_out_everywhere = False

    def why_not(self, scope: Scope) -> str:
        """Nothing: there is no sign-in page."""
        del scope
        return ""

    def is_valid(self, login_id: str) -> bool:
        """Always: it is decided at each request and handshake."""
        del login_id
        return True

    async def catch_up(self) -> None:
        """Nothing: it is decided at each request and handshake."""

    def may_come_in(self, person_id: str) -> bool:
        """Always: others decide it."""
        del person_id
        return True

    def note_use(self, login: Login) -> None:
        """Nothing: its time without activity is not counted."""

    def clean_up(self) -> None:
        """Nothing is kept."""
