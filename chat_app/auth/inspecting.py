"""Who may look into the runs of a chat, and change its state by hand.

Each handler of the inspector's states and each of its routes asks here. It is no right to a thread:
what a person may inspect is the threads that this person may use (see `chat_app.auth.gate`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.auth.rights import ADMINS, EVERYONE, is_admin
from chat_app.config import settings

if TYPE_CHECKING:
    from chat_app.auth.person import Person

OFF = "off"
_NEVER = "never"
"""Of ``CHAT_STEPS``: the inspector would send what that keeps from the browser."""


def inspectors() -> str:
    """Who may inspect: ``"off"``, ``"admins"`` or ``"everyone"``."""
    configured = settings()
    if configured.inspector or configured.steps == _NEVER:
        return configured.inspector or OFF
    return EVERYONE if configured.auth == "none" else ADMINS


def may_inspect(person: Person) -> bool:
    """Whether a person may inspect the threads that this person may use."""
    allowed = inspectors()
    return allowed == EVERYONE or (allowed == ADMINS and is_admin(person))
