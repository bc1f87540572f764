"""The index files of all people: where they are, and how much they may take.

Each person with other rights has a file of their own, so that no query can reach what was read with
the rights of another. What is too much, or was not used for long, is removed: an index can be made
anew.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from chat_app.runs.search.index import Limits, SearchIndex
from chat_app.runs.search.tables import DamagedError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_ENDING = ".sqlite3"
_BESIDE = ("", "-wal", "-shm", "-journal")
_DAY = 24 * 3600.0
_log = logging.getLogger("chat_app.search")


class AllLimits(NamedTuple):
    """Of the files of all people."""

    bytes: int = 2_000_000_000
    files: int = 2_000
    unused_for: float = 30 * _DAY
    """Seconds."""


class IndexFiles:
    """Those in a folder. `limits` are those of each; one without any bytes finds titles only."""

    def __init__(
        self, folder: Path, limits: Limits | None = None, all_limits: AllLimits | None = None
    ) -> None:
        self._folder = folder
        self._limits = limits or Limits()
        self._all_limits = all_limits or AllLimits()

    @property
    def has_text(self) -> bool:
        """Whether messages shall be found, and not only titles."""
        return self._limits.bytes > 0

    def open(self, rights: str) -> SearchIndex:
        """The index for those with these rights; in memory, with titles only, where none can be.

        A damaged one is removed, and made anew.
        """
        if not self.has_text:
            return SearchIndex(None, self._limits)
        path = self.path(rights)
        try:
            try:
                index = SearchIndex(path, self._limits)
            except DamagedError as damage:
                _log.warning("An index is made anew: %s", damage)
                remove(path)
                index = SearchIndex(path, self._limits)
        except (OSError, sqlite3.Error, DamagedError) as problem:
            _log.warning("Messages cannot be searched: no index in %s: %s", self._folder, problem)
            return SearchIndex(None, self._limits)
        with suppress(OSError):
            os.utime(path)
        return index

    def path(self, rights: str) -> Path:
        """Where the index for those with these rights is."""
        return self._folder / f"{sha256(rights.encode()).hexdigest()[:40]}{_ENDING}"

    def prune(self, in_use: Collection[Path] = ()) -> None:
        """Remove what was not used for long, then what was not used longest, until all fits."""
        limits, files = self._all_limits, []
        for path in self._folder.glob(f"*{_ENDING}"):
            with suppress(OSError):
                files.append((path.stat().st_mtime, _size(path), path))
        files.sort(key=lambda each: each[0], reverse=True)
        latest, size = time.time() - limits.unused_for, 0
        for place, (used, its, path) in enumerate(files):
            size += its
            is_much = place >= limits.files or size > limits.bytes or used < latest
            if is_much and path not in in_use:
                size -= its
                remove(path)


def exists(path: Path) -> bool:
    """Whether there is an index; a folder that may not be searched has none."""
    return os.path.exists(path)  # noqa: PTH110 - `Path.exists` raises an error then


def remove(path: Path) -> None:
    """Remove an index that nothing uses."""
    for ending in _BESIDE:
        with suppress(OSError):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def _size(path: Path) -> int:
    total = 0
    for ending in _BESIDE:
        with suppress(OSError):
            total += path.with_name(path.name + ending).stat().st_size
    return total
