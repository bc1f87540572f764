"""The file that a tab has opened, to be imported or replayed: in the spool, and read by the tab.

The process that gets the file need not be the one that has the tab, or that has it next.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from chat_app.export.read_file import InvalidFileError, read_file
from chat_app.spool import Entry, SpoolDownError, SpoolError, spool
from chat_app.state.pending_attachments import counted_for, owner_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.state.pending_attachments import Key
    from chat_app.state.tab_session import TabSession
    from chat_app.transcript.record import SavedThread

_log = logging.getLogger(__name__)


def read(data: bytes) -> SavedThread:
    """What is in a file.

    Raises:
        InvalidFileError: it is no conversation.
        UnicodeDecodeError: it is no text.
    """
    return read_file(data.decode("utf-8-sig"))


async def keep(token: str, data: bytes, keys: Iterable[Key]) -> str:
    """Keep a file for a tab, instead of any older one; returns its id.

    Raises:
        SpoolError: a limit of bytes is reached, or the spool is down.
    """
    owner = _owner(token)
    older = await spool().list(owner)
    kept = await spool().put(owner, Entry(uuid4().hex, keys=counted_for(keys)), data)
    for entry in older:
        await spool().drop(owner, entry.id)
    return kept.id


async def find(mine: TabSession, token: str) -> None:
    """Have the newest file in the tab, if there is one that it has not read yet."""
    owner = _owner(token)
    try:
        entries = await spool().list(owner)
        newest = entries[-1].id if entries else ""
        if not newest or newest == mine.file_id:
            return
        content = await spool().read(owner, newest)
        if content is not None:
            mine.file, mine.file_id = await asyncio.to_thread(read, content), newest
        await spool().touch(owner)
    except SpoolError as problem:
        _log.warning("A file could not be read again: %s", problem)
    except (InvalidFileError, UnicodeDecodeError):
        return


async def forget(mine: TabSession, token: str) -> None:
    """The tab needs its file no more."""
    mine.file, mine.file_id = None, ""
    owner = _owner(token)
    with suppress(SpoolDownError):
        for entry in await spool().list(owner):
            await spool().drop(owner, entry.id)


def _owner(token: str) -> str:
    return owner_of(token, "import")
