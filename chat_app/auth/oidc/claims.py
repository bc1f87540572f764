"""From claims of the provider to a person: a stable id, a name, groups."""

from __future__ import annotations

from base64 import b32encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chat_app.auth.names import normalised
from chat_app.auth.person import Person
from chat_app.config import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = ("name", "preferred_username", "email")
_LONGEST_NAME = 100
_MOST_GROUPS = 2000


class NotAllowedError(Exception):
    """The person is in no group whose members may come in."""


def person_id(issuer: str, subject: str) -> str:
    """The id of a person: the same for ever, unlike an e-mail address, which may change hands."""
    digest = sha256(f"{issuer}\n{subject}".encode()).digest()
    return f"oidc:{b32encode(digest).decode().lower()[:32]}"


def needs_more(claims: Mapping[str, Any]) -> bool:
    """Whether the claims of the ID token lack what is needed, and the provider has to be asked."""
    configured = settings()
    reads_groups = bool(configured.oidc_groups or configured.oidc_admin_groups)
    has_groups = _at(claims, configured.oidc_groups_claim) is not None
    return (reads_groups and not has_groups) or not _name(claims)


def person_of(claims: Mapping[str, Any]) -> Person:
    """The person.

    Raises:
        NotAllowedError: the person may not come in.
    """
    configured = settings()
    groups = groups_in(claims, configured.oidc_groups_claim)
    is_admin = bool(groups & set(configured.oidc_admin_groups)) or _is_named_admin(claims)
    if configured.oidc_groups and not is_admin and not groups & set(configured.oidc_groups):
        raise NotAllowedError
    return Person(person_id(claims["iss"], claims["sub"]), _name(claims), is_admin)


def groups_in(claims: Mapping[str, Any], name: str) -> set[str]:
    """The groups in a claim: a list of names, or one name."""
    found = _at(claims, name)
    rows = found if isinstance(found, list) else [found]
    return {row for row in rows[:_MOST_GROUPS] if isinstance(row, str) and row}


def _is_named_admin(claims: Mapping[str, Any]) -> bool:
    """Whether ``CHAT_ADMINS`` has the person, by subject or by an address that was verified."""
    mail = claims.get("email") if claims.get("email_verified") is True else None
    named = {normalised(name) for name in settings().admins}
    is_mail = isinstance(mail, str) and bool(mail) and normalised(mail) in named
    return is_mail or claims["sub"] in settings().admins


def _at(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of this name; else dots lead into objects."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for step in name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _name(claims: Mapping[str, Any]) -> str:
    for claim in _NAMES:
        said = claims.get(claim)
        if isinstance(said, str) and (name := " ".join(said.split())) and name.isprintable():
            return name[:_LONGEST_NAME]
    return ""
