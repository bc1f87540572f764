"""Which namespaces of the server's long-term store a person may see in the inspector.

Where people sign in, admins see all of them, others only those in which their own id stands as a
whole name: the id that the app knows (`chat_app.auth.person.Person.id`), as an agent is told by
``CHAT_FORWARD_IDENTITY=identity``, or with ``token`` the one that the identity provider gives.
A part of another name is none: who is called ``memories`` would see what all people have there.

Without sign-in the store is as the threads of other programs are: open, unless
``CHAT_UNOWNED_THREADS`` is ``admins``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.auth.rights import ADMINS, is_admin, unowned_threads
from chat_app.config import settings
from chat_app.runs.feedback import name_of
from chat_app.runs.inspector.store import Reach

if TYPE_CHECKING:
    from chat_app.auth.person import Person


def reach_of(person: Person) -> Reach:
    """What a person may see of the store."""
    own = {person.id, name_of(person.id)}
    if settings().forward_identity == "token":
        own.add(person.id.partition(":")[2])
    admin = is_admin(person)
    is_open = settings().auth == "none" and unowned_threads() != ADMINS
    return Reach(frozenset(own - {""}), is_all=admin or is_open, is_admin=admin)
