"""What messages carried that were painted lately, by its place.

It is kept by person, because graphs choose the ids of messages: what is at a place of one person
may be something else for another one. It is kept by reference, for the transcripts of open tabs
hold it anyway: a message that was just sent shows its pictures before the server has it, and an
opened thread is not read once per picture.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_app.state.addresses import MediaRef
    from chat_app.transcript.message import Media

MOST = 96_000_000
"""Characters of base64 that are kept; beyond it what was wanted longest ago goes."""

MOST_THINGS = 1000

_hung: OrderedDict[tuple[str, MediaRef], Media] = OrderedDict()


def hang(place: MediaRef, media: Media, viewer: str = "") -> None:
    """Keep `media` for the viewer (see `chat_app.state.addresses`) who asks for this place."""
    key = viewer, place
    _hung[key] = media
    _hung.move_to_end(key)
    size = sum(len(each.data) for each in _hung.values())
    while len(_hung) > (1 if size > MOST else MOST_THINGS):
        _, oldest = _hung.popitem(last=False)
        size -= len(oldest.data)


def hanging(place: MediaRef, viewer: str = "") -> Media | None:
    """What is at a place for this viewer, if it is still known."""
    key = viewer, place
    if key in _hung:
        _hung.move_to_end(key)
    return _hung.get(key)


def clear() -> None:
    """Keep nothing."""
    _hung.clear()
