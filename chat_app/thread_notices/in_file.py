"""Notices of the processes of one host: lines at the end of a file."""

from __future__ import annotations

import asyncio
import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_OWN_ONLY = 0o600
_LONGEST = 256 * 1024
"""Bytes of the file, after which it begins anew."""


class FileNotices:
    """A `chat_app.thread_notices.Notices`."""

    def __init__(self, path: Path) -> None:
        """Open nothing yet; the folder of `path` is there."""
        self._path = path
        self._own = secrets.token_hex(4)
        """Tells the lines of this process from those of others."""
        self._read_to: int | None = None
        """Bytes of the file that were read."""

    async def tell(self, thread_id: str) -> None:
        """Add a line."""
        await asyncio.to_thread(self._tell, f"{self._own} {thread_id}\n".encode())

    async def read(self) -> list[str]:
        """Read what others have added; the size of the file tells whether there is anything."""
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            size = 0
        if self._read_to is None or size == self._read_to:
            self._read_to = size
            return []
        return await asyncio.to_thread(self._read_on)

    def _tell(self, line: bytes) -> None:
        # A short write at the end of a file is never in the middle of another one.
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWN_ONLY)
        try:
            if os.fstat(file).st_size > _LONGEST:
                os.ftruncate(file, 0)
            os.write(file, line)
        finally:
            os.close(file)

    def _read_on(self) -> list[str]:
        with self._path.open("rb") as file:
            if file.seek(0, os.SEEK_END) < (self._read_to or 0):
                self._read_to = 0  # it has begun anew
            file.seek(self._read_to or 0)
            *lines, rest = file.read().split(b"\n")
            self._read_to = file.tell() - len(rest)
        named = (line.decode(errors="replace").partition(" ") for line in lines)
        return [thread_id for own, _, thread_id in named if thread_id and own != self._own]
