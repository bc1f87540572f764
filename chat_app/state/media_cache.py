"""An LRU cache of the media that messages carry, by viewer and place.

By viewer, because graphs choose the ids of messages: the same place may be something else for
another person. By reference, because the transcripts of open tabs hold the data anyway. So a
message that was just sent shows its pictures before the server has them, and an opened thread is
not read once per picture.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_app.state.addresses import MediaRef
    from chat_app.transcript.message import Media

MOST = 96_000_000
"""Characters of base64 in the cache; the last one put there may be longer."""

MOST_THINGS = 1000

_cache: OrderedDict[tuple[str, MediaRef], Media] = OrderedDict()


def put(place: MediaRef, media: Media, viewer: str = "") -> None:
    """Keep `media` for the viewer (see `chat_app.state.addresses`) who asks for this place."""
    key = viewer, place
    _cache[key] = media
    _cache.move_to_end(key)
    size = sum(len(each.data) for each in _cache.values())
    while len(_cache) > (1 if size > MOST else MOST_THINGS):
        _, oldest = _cache.popitem(last=False)
        size -= len(oldest.data)


def get(place: MediaRef, viewer: str = "") -> Media | None:
    """What is at a place for this viewer; None where it is not in the cache."""
    key = viewer, place
    if key in _cache:
        _cache.move_to_end(key)
    return _cache.get(key)


def clear() -> None:
    """Empty the cache."""
    _cache.clear()
