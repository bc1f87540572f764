"""Server-sent events as frames of bytes: WHATWG HTML, sections 9.2.5 and 9.2.6.

A token is a frame of its own, so this is done thousands of times a second. What no one reads as
text stays bytes: most of a token's frame goes to the reader of JSON as it came.
"""

from __future__ import annotations

from typing import NamedTuple

_UNNAMED = "message"
_MARK = b"\xef\xbb\xbf"
"""A byte order mark, which may stand at the beginning."""


class Frame(NamedTuple):
    """One event. `data` is UTF-8, as far as the server sends that; several lines are joined.

    `id` is the newest one that was sent, also by an earlier frame.
    """

    event: str
    data: bytes
    id: str


class Frames:
    """One stream, fed in pieces that may be cut anywhere."""

    def __init__(self) -> None:
        self._begun: list[bytes] = []
        """The line that no piece has ended yet."""
        self._is_first = True
        self._has_held = False
        """A CR came last: the next piece tells whether it is a line end of its own."""
        self._event = _UNNAMED
        self._data: list[bytes] = []
        self._id = ""

    def feed(self, piece: bytes) -> list[Frame]:
        """The frames that end in `piece`."""
        if self._is_first:
            piece = b"".join((*self._begun, piece))
            self._begun = []
            if len(piece) < len(_MARK) and _MARK.startswith(piece):
                self._begun = [piece]
                return []
            piece, self._is_first = piece.removeprefix(_MARK), False
        if self._has_held and piece:
            piece, self._has_held = piece if piece[:1] == b"\n" else b"\r" + piece, False
        if piece[-1:] == b"\r":
            piece, self._has_held = piece[:-1], True
        first, *lines = _lines(piece)
        if not lines:
            self._begun.append(first)
            return []
        if self._begun:
            first = b"".join((*self._begun, first))
        rest = lines.pop()
        self._begun = [rest] if rest else []
        return self._frames([first, *lines])

    def close(self) -> list[Frame]:
        """Those that end with the stream; what it leaves open is dropped."""
        return self.feed(b"\n") if self._has_held else []

    def _frames(self, lines: list[bytes]) -> list[Frame]:
        found: list[Frame] = []
        for line in lines:
            if not line:
                if self._data or self._event != _UNNAMED:
                    data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
                    if data or self._event != _UNNAMED:
                        found.append(Frame(self._event, data, self._id))
                    self._event, self._data = _UNNAMED, []
            elif line.startswith(b"data: "):
                self._data.append(line[6:])
            else:
                self._take(line)
        return found

    def _take(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        elif name == b"event":
            self._event = value.decode(errors="replace") or _UNNAMED
        elif name == b"id" and b"\0" not in value:
            self._id = value.decode(errors="replace")


def _lines(piece: bytes) -> list[bytes]:
    if b"\r" not in piece:
        return piece.split(b"\n")
    lines = piece.split(b"\r\n")  # as LangGraph's servers end them
    if len(lines) - 1 == piece.count(b"\n") == piece.count(b"\r"):
        return lines
    return piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
