"""A person, and the login of one browser of that person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """One who uses the app. `id` is the owner in the metadata of the person's threads.

    Two modes of sign-in never give the same id: it begins with the mode, unless it is a UUID, the
    id of an anonymous person.
    """

    id: str
    name: str = ""
    """For the page; empty for an anonymous person."""
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """That of one browser, until it is signed out. `id` is no secret: it cannot be presented."""

    id: str
    person: Person
