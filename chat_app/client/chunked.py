"""The chunked transfer coding of HTTP/1.1 undone: RFC 9112, section 7.1."""

from __future__ import annotations

import re

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,20})[ \t]*(?:;[^\r\n]*)?\r\n")
_SIZE_BEGUN = re.compile(rb"[0-9A-Fa-f]{1,20}[ \t]*(?:;[^\r\n]*)?\r?")
_LONGEST_SIZE_LINE = 16 * 1024
_LINE_END = b"\r\n"


class Chunked:
    """One body, fed in pieces that may be cut anywhere. Extensions and trailers are dropped."""

    def __init__(self) -> None:
        self.is_over = False
        """The last chunk was there."""
        self._begun = b""
        """The size line that no piece has ended yet."""
        self._left = 0
        """Bytes of the open chunk to come."""
        self._ending = b""
        """What is to come of the line end after the open chunk."""

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
                found = piece[place : place + self._left]
                content.append(found)
                self._left -= len(found)
                place += len(found)
            elif self._ending:
                found = piece[place : place + len(self._ending)]
                if not self._ending.startswith(found):
                    raise ValueError("a chunk is longer than its size")
                self._ending = self._ending[len(found) :]
                place += len(found)
            elif size := _SIZE.match(piece, place):
                self._left = int(size[1], 16)
                self._ending = _LINE_END
                self.is_over = self._left == 0
                place = size.end()
            else:
                self._begun = piece[place:]
                if not _SIZE_BEGUN.fullmatch(self._begun) or len(self._begun) > _LONGEST_SIZE_LINE:
                    raise ValueError("the size of a chunk cannot be read")
                break
        return b"".join(content)
