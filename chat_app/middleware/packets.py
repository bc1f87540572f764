"""Which packets a page may send over its socket: those that Reflex's page sends, and no others.

Engine.IO 4 and Socket.IO 5 know more: binary attachments, whose number the sender announces and the
server keeps a list for; packets that only a server sends; and events named ``connect`` and
``disconnect``, which python-socketio hands to the methods that handle the real ones, with arguments
of the sender. None of them is needed here.
"""

from __future__ import annotations

import re
from enum import Enum, auto

LONGEST = 1_000_000
"""Characters of a packet; Engine.IO's own limit."""

MOST_VALUES = 20_000
"""Values in a packet: an empty list is two characters, and takes 60 bytes and more once read."""

_NAMESPACE = "/_event"
_PONG, _CLOSE = "3", "1"
_CONNECT = re.compile(rf"40{_NAMESPACE},?(?=\{{|$)")
_EVENT = re.compile(
    rf'42{_NAMESPACE},[0-9]{{0,9}}\[\s{{0,9}}"(event|client_error|ping)"\s{{0,9}}[\],]'
)
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?')
_DISCONNECT = re.compile(rf"41{_NAMESPACE},?")


class Packet(Enum):
    """What a page sends."""

    PONG = auto()
    CLOSE = auto()
    CONNECT = auto()
    EVENT = auto()
    DISCONNECT = auto()


def packet_of(text: str) -> Packet | None:
    """The kind of a packet, by its beginning; None for one that no page sends.

    The JSON in it is not read.
    """
    if text == _PONG:
        return Packet.PONG
    if _EVENT.match(text):
        return Packet.EVENT
    if _CONNECT.match(text):
        return Packet.CONNECT
    if _DISCONNECT.fullmatch(text):
        return Packet.DISCONNECT
    return Packet.CLOSE if text == _CLOSE else None


def is_simple(text: str) -> bool:
    """Whether the JSON in a packet has few enough values, however long its texts are."""
    return _marks(text) <= MOST_VALUES or _marks(_STRING.sub("", text)) <= MOST_VALUES


def _marks(text: str) -> int:
    return sum(text.count(mark) for mark in ",[{")
