"""A spool in a folder: for all processes of one host.

Each owner has a folder of its own, and each entry two files there: ``ID.json`` is all about it, and
is written last and removed first, so that an entry is there or is not. The name of the content,
``ID.PERSON.ADDRESS``, has what is needed to add up sizes without opening a file. The modification
time of the owner's folder is the last sign of its tab.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
import shutil
import time
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from chat_app.spool.entry import KEPT, LEFT, Entry, Limits, SpoolDownError, SpoolFullError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from pathlib import Path

T = TypeVar("T")

_OWN_FOLDER, _OWN_FILE = 0o700, 0o600
_LOCK, _MOVED = "lock", "moved"
_ABOUT = ".json"
_HEXADECIMAL = re.compile(r"[0-9a-f]{8,64}")
_NO_KEY = "-"


class FileSpool:
    """Is a `chat_app.spool.entry.Spool`; `folder` is made with the first entry."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder, self._limits = folder, limits

    async def put(
        self, owner: str, entry: Entry, content: bytes, *, is_limited: bool = True
    ) -> Entry:
        return await _in_thread(lambda: self._put(owner, entry, content, is_limited=is_limited))

    async def list(self, owner: str) -> list[Entry]:
        return await _in_thread(lambda: self._entries(owner))

    async def read(self, owner: str, id: str) -> bytes | None:
        return await _in_thread(lambda: self._read(owner, id))

    async def take(self, owner: str, ids: Sequence[str]) -> dict[str, tuple[Entry, bytes]] | None:
        return await _in_thread(lambda: self._take(owner, ids))

    async def drop(self, owner: str, id: str) -> None:
        await _in_thread(lambda: self._drop(owner, id))

    async def move(self, owner: str, thread_id: str) -> None:
        await _in_thread(lambda: self._move(owner, thread_id))

    async def touch(self, owner: str) -> None:
        await _in_thread(lambda: self._touch(owner, time.time()))

    async def leave(self, owner: str) -> None:
        await _in_thread(lambda: self._touch(owner, time.time() - KEPT + LEFT))

    async def clean_up(self) -> int:
        return await _in_thread(self._clean_up)

    async def used(self) -> int:
        return await _in_thread(lambda: sum(size for _, size in self._sizes()))

    # The same, in a thread.

    def _put(self, owner: str, entry: Entry, content: bytes, *, is_limited: bool) -> Entry:
        folder = self._folder_of(owner)
        self._folder.mkdir(_OWN_FOLDER, parents=True, exist_ok=True)
        entry = replace(entry, size=len(content))
        with self._locked():
            if is_limited:
                self._check(entry)
            with suppress(FileExistsError):
                folder.mkdir(_OWN_FOLDER)
            if not entry.thread_id:
                entry = replace(entry, thread_id=self._moved_since(folder, entry.begun))
            _write(folder / self._content_name(entry), content)
            _write(folder / f"{_checked(entry.id)}{_ABOUT}", json.dumps(asdict(entry)).encode())
        return entry

    def _check(self, entry: Entry) -> None:
        least = self._limits.least
        total = max(entry.size, least)
        per = dict.fromkeys(entry.keys, total)
        for name, bytes_there in self._sizes():
            size = max(bytes_there, least)
            total += size
            for kind, counted in self._keys_in(name).items():
                if kind in per and entry.keys[kind] == counted:
                    per[kind] += size
        over = [kind for kind, size in per.items() if size > self._limits.per.get(kind, size)]
        if total > self._limits.total or over:
            raise SpoolFullError

    def _entries(self, owner: str) -> list[Entry]:
        found = map(_entry_in, self._folder_of(owner).glob(f"*{_ABOUT}"))
        return sorted(filter(None, found), key=lambda entry: (entry.begun, entry.id))

    def _read(self, owner: str, id: str) -> bytes | None:
        folder = self._folder_of(owner)
        entry = _entry_in(folder / f"{_checked(id)}{_ABOUT}")
        if entry is None:
            return None
        try:
            return (folder / self._content_name(entry)).read_bytes()
        except FileNotFoundError:
            return None

    def _take(self, owner: str, ids: Sequence[str]) -> dict[str, tuple[Entry, bytes]] | None:
        folder, taken = self._folder_of(owner), {}
        with self._locked() if self._folder.exists() else nullcontext():
            for name in dict.fromkeys(ids):
                entry = _entry_in(folder / f"{name}{_ABOUT}") if _is_name(name) else None
                content = self._read(owner, name) if entry else None
                if entry is None or content is None:
                    return None
                taken[name] = entry, content
            for name in taken:
                self._remove(folder, name)
        return taken

    def _drop(self, owner: str, id: str) -> None:
        folder = self._folder_of(owner)
        if _is_name(id) and folder.exists():
            with self._locked():
                self._remove(folder, id)

    def _remove(self, folder: Path, id: str) -> None:
        """Needs the lock: what is being moved would come back."""
        about = folder / f"{id}{_ABOUT}"
        if entry := _entry_in(about):
            about.unlink(missing_ok=True)
            (folder / self._content_name(entry)).unlink(missing_ok=True)

    def _move(self, owner: str, thread_id: str) -> None:
        folder = self._folder_of(owner)
        if not folder.exists():
            return
        with self._locked():
            _write(folder / _MOVED, json.dumps([time.time(), thread_id]).encode())
            for entry in self._entries(owner):
                if not entry.thread_id:
                    moved = json.dumps(asdict(replace(entry, thread_id=thread_id))).encode()
                    _write(folder / f"{entry.id}{_ABOUT}", moved)

    @staticmethod
    def _moved_since(folder: Path, begun: float) -> str:
        """The thread that the new chat has become since then; empty where it has not."""
        try:
            at, thread_id = json.loads((folder / _MOVED).read_bytes())
        except (FileNotFoundError, ValueError):
            return ""
        return str(thread_id) if at >= begun else ""

    def _touch(self, owner: str, at: float) -> None:
        with suppress(FileNotFoundError):
            os.utime(self._folder_of(owner), (at, at))

    def _clean_up(self) -> int:
        if not self._folder.exists():
            return 0
        removed = 0
        with self._locked():
            for folder in self._folders():
                with suppress(FileNotFoundError):
                    if _is_over(folder):
                        shutil.rmtree(folder)
                        removed += 1
        return removed

    def _sizes(self) -> Iterator[tuple[str, int]]:
        """The name and the size of each content that counts."""
        for folder in self._folders():
            with suppress(FileNotFoundError):
                if _is_over(folder):
                    continue
                for file in os.scandir(folder):
                    if file.name.count(".") == 2:
                        yield file.name, file.stat().st_size

    def _folders(self) -> list[Path]:
        try:
            return [each for each in self._folder.iterdir() if each.is_dir()]
        except FileNotFoundError:
            return []

    def _folder_of(self, owner: str) -> Path:
        return self._folder / _checked(owner)

    def _content_name(self, entry: Entry) -> str:
        keys = [entry.keys.get(kind, _NO_KEY) for kind in sorted(self._limits.per)]
        return ".".join([_checked(entry.id), *keys])

    def _keys_in(self, name: str) -> dict[str, str]:
        return dict(zip(sorted(self._limits.per), name.split(".")[1:], strict=False))

    @contextmanager
    def _locked(self) -> Generator[None]:
        """Within the block no other process adds or removes anything."""
        descriptor = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT, _OWN_FILE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


async def _in_thread(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except OSError as problem:
        raise SpoolDownError(str(problem)) from problem


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there as a whole or not at all."""
    partial = path.with_name(f"{uuid4().hex}~")
    try:
        partial.touch(_OWN_FILE)
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _entry_in(path: Path) -> Entry | None:
    try:
        return Entry(**json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _is_over(folder: Path) -> bool:
    return folder.stat().st_mtime < time.time() - KEPT


def _is_name(given: str) -> bool:
    return _HEXADECIMAL.fullmatch(given) is not None


def _checked(given: str) -> str:
    """Raises a `ValueError` for what is no name: a path is made of it."""
    if not _is_name(given):
        msg = "is no name of an entry or an owner"
        raise ValueError(msg)
    return given
