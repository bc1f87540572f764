"""The chunked transfer coding of HTTP/1.1 undone: RFC 9112, section 7.1."""

from __future__ import annotations

import re

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
_LONGEST_SIZE_LINE = 4096
_LINE_END = 2


class Chunked:
    """One body, fed in pieces that may be cut anywhere. Extensions and trailers are dropped."""

    def __init__(self) -> None:
        self.is_over = False
        """The last chunk was there."""
        self._begun = b""
        """The size line that no piece has ended yet."""
        self._left = 0
        """Bytes of the open chunk to come, those of its line end included."""

    def feed(self, piece: bytes) -> bytes:
        """The content in `piece`, all its chunks joined.

        Raises:
            ValueError: this is not the chunked coding.
        """
        piece = self._begun + piece
        self._begun = b""
        content: list[bytes] = []
        place = 0
        while place < len(piece) and not self.is_over:
            if self._left:
                end = place + self._left
                content.append(piece[place : max(end - _LINE_END, place)])
                self._left = max(end - len(piece), 0)
                place = end
            elif size := _SIZE.match(piece, place):
                self._left = int(size[1], 16) + _LINE_END
                self.is_over = self._left == _LINE_END
                place = size.end()
            else:
                self._begun = piece[place:]
                if b"\n" in self._begun or len(self._begun) > _LONGEST_SIZE_LINE:
                    raise ValueError("the size of a chunk cannot be read")
                break
        return b"".join(content)
