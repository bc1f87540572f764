"""Who may do what with a thread, by its metadata and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.auth import roles
from chat_app.config import settings
from chat_app.runs import thread_metadata
from chat_app.runs.threads.thread_list import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.auth.person import Person

OPEN, ADMINS, EVERYONE = "open", "admins", "everyone"


def is_admin(person: Person) -> bool:
    """Whether a person is an administrator: by a group, or named in ``CHAT_ADMINS``."""
    return person.is_admin or roles.is_admin(person)


def sees_all(person: Person) -> bool:
    """Whether the threads of all people are this one's to use."""
    return settings().admins_see_all and is_admin(person)


def unowned_threads() -> str:
    """Who may use threads without an owner: `OPEN`, `ADMINS` or `EVERYONE`."""
    return settings().unowned_threads or (OPEN if settings().auth == "none" else ADMINS)


def may_use(person: Person, metadata: Mapping[str, Any] | None) -> bool:
    """Whether a person may use the thread of this metadata."""
    if sees_all(person):
        return True
    if owner := thread_metadata.owner_in(metadata):
        return owner == person.id
    return unowned_threads() != ADMINS or is_admin(person)


def scope_of(person: Person) -> Scope:
    """Which threads are in a person's list."""
    if sees_all(person):
        return Scope.ALL
    return Scope.WITH_UNOWNED if unowned_threads() == EVERYONE else Scope.OWN


def rights_of(person: Person) -> str:
    """What is equal for two logins that may do the same: the person, and whether all is theirs."""
    return f"{person.id}\n{'all' if sees_all(person) else ''}{'admin' if is_admin(person) else ''}"
