"""Addresses under which the page gets what a message carries: signed, and good for some hours.

An address names a place and says that one person may see what is there. It is made while a thread
is painted for that person, and no other one can be made up. For another person it is wrong, and for
a person who has signed out, or who has lost the rights that it was made with.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app.auth.secret import signing_secret
from chat_app.base_path import address

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX = "/_media/"
LASTS = 12
"""Hours for which an address is good at least; one more at most."""

_HOUR = 3600
_SPOOLED = "/"
"""Between owner and id of what is in the spool; in no id of a message that has no thread."""


class MediaRef(NamedTuple):
    """Where something is: the part of a message, or the block of a tool's result.

    `thread_id` is empty where the thread was not made yet, or is none of the server's. `leaf` is
    the checkpoint whose state has the message; empty: the newest one.
    """

    thread_id: str
    message_id: str
    number: int
    leaf: str = ""


class Shown(NamedTuple):
    """What is painted: the server's name of the thread, once it has one, for whom, which version.

    `viewer` is `chat_app.auth.rights.rights_of` the person; without one the addresses are no one's.
    `leaf` is the checkpoint that is painted; empty where it is the newest one.
    """

    thread_id: str = ""
    viewer: str = ""
    leaf: str = ""

    def at(self, message_id: str, number: int) -> MediaRef:
        """The place of a part of a message, or of a block of a tool's result."""
        return MediaRef(self.thread_id, message_id, number, self.leaf)


NOWHERE = Shown()


def spooled(owner: str, id: str) -> MediaRef:
    """The place of an attachment that is in the spool (see `chat_app.spool`)."""
    return MediaRef("", f"{owner}{_SPOOLED}{id}", 0)


def in_spool(place: MediaRef) -> tuple[str, str] | None:
    """The owner and the id that `spooled` was given; None for any other place."""
    owner, divided, name = place.message_id.partition(_SPOOLED)
    return (owner, name) if divided and not place.thread_id else None


def address_of(place: MediaRef, viewer: str, *, now: float | None = None) -> str:
    """For the page. Within an hour it is the same one, so that the browser fetches once."""
    return address(PREFIX + seal(place, viewer, purpose=PREFIX, now=now))


def opened(sealed: str, viewer: str, *, now: float | None = None) -> MediaRef | None:
    """The place that the last segment of an address names; None where it is not this viewer's."""
    place = unseal(sealed, viewer, purpose=PREFIX, now=now)
    return None if place is None else MediaRef(*place)


def seal(place: Iterable[str | int], viewer: str, *, purpose: str, now: float | None = None) -> str:
    """A segment of an address that names a place for one viewer, and for this purpose only."""
    hour = int((time.time() if now is None else now) // _HOUR)
    said = json.dumps([*place, (hour + LASTS + 1) * _HOUR]).encode()
    return f"{_letters(said)}.{_letters(_signature(said, viewer, purpose))}"


def unseal(sealed: str, viewer: str, *, purpose: str, now: float | None = None) -> list[Any] | None:
    """The place that `seal` was given; None if it was for someone or something else, or is old."""
    said, _, signature = sealed.partition(".")
    try:
        what, signed = _bytes(said), _bytes(signature)
    except ValueError:
        return None
    if not viewer or not hmac.compare_digest(_signature(what, viewer, purpose), signed):
        return None
    *place, until = json.loads(what)
    is_good = (time.time() if now is None else now) < until
    return place if is_good else None


def _signature(said: bytes, viewer: str, purpose: str) -> bytes:
    signed = b"\n".join((b"address", said, purpose.encode(), viewer.encode(errors="replace")))
    return hmac.digest(signing_secret(), signed, "sha256")


def _letters(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")


def _bytes(letters: str) -> bytes:
    return urlsafe_b64decode(letters.encode() + b"=" * (-len(letters) % 4))
