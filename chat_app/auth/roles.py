"""Who is an admin: a person whom the settings name. A mode may know more, such as groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.auth.names import normalised
from chat_app.config import settings

if TYPE_CHECKING:
    from chat_app.auth.person import Person


def is_admin(person: Person) -> bool:
    """Whether ``CHAT_ADMINS`` has the person's id, with its mode in front or without.

    Not its name: people may choose that.
    """
    named = {normalised(name) for name in settings().admins}
    whole = normalised(person.id)
    return bool(named & {whole, whole.partition(":")[2]} - {""})
