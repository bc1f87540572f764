"""The address of the inspector's routes for one thread and one person, as those of media are.

It names the thread and is signed together with the rights of the person: it is wrong for another
person, and for the same one with other rights. Who has it still has to be allowed to inspect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.auth.rights import rights_of
from chat_app.base_path import address
from chat_app.state.addresses import seal, unseal

if TYPE_CHECKING:
    from chat_app.auth.person import Person

PREFIX = "/_inspect/"
"""Before the sealed name of the thread; after that comes what is wanted of it."""


def address_of(thread_id: str, person: Person, *, now: float | None = None) -> str:
    """The path that the routes of a thread begin with, without a slash at its end.

    It is good for some hours (`chat_app.state.addresses.LASTS`).
    """
    return address(PREFIX + seal([thread_id], rights_of(person), purpose=PREFIX, now=now))


def opened(sealed: str, person: Person, *, now: float | None = None) -> str | None:
    """The thread that the segment after `PREFIX` names; None where it is not this person's."""
    place = unseal(sealed, rights_of(person), purpose=PREFIX, now=now)
    return str(place[0]) if place else None
