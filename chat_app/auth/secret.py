"""The secret that cookies are signed with: from the settings, or made once.

Where hosts share a Redis it is made once for all of them, and each keeps a copy in its data folder:
so a host starts also while Redis cannot be used, and a Redis that was emptied gets the same again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from chat_app.config import settings
from chat_app.shared_store.redis import SharedStoreDownError, key, shared_store

if TYPE_CHECKING:
    from chat_app.shared_store.redis import SharedStore

_FILE = "secret"
_COPY = "secret.shared"
_LENGTH = 32  # bytes
_OWN_ONLY = 0o600
_SHARED_EVERY = 10.0
"""Seconds between two looks whether Redis still has the secret."""
_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def signing_secret() -> bytes:
    """At least 32 bytes. It outlives the process, so that logins outlive a restart.

    Raises:
        OSError: there is none in the settings, and the data folder cannot be written.
        SharedStoreDownError: it was never read from Redis, which cannot be used now.
    """
    configured = settings().secret.get_secret_value()
    if configured:
        return configured.encode()
    folder = Path(settings().data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    if store := shared_store():
        return _shared(store, folder)
    return _read_or_made(folder / _FILE)


def _shared(store: SharedStore, folder: Path) -> bytes:
    """The secret in Redis; the first host that starts puts its own there, if it has one."""
    copy, own = folder / _COPY, folder / _FILE
    known = next((one.read_text().strip() for one in (copy, own) if one.exists()), "")
    try:
        with store.client() as client:
            client.set(key("secret"), known or secrets.token_hex(_LENGTH), nx=True)
            shared = cast("bytes", client.get(key("secret")))
    except SharedStoreDownError:
        if copy.exists():
            return copy.read_bytes().strip()
        _log.error(
            "Logins cannot be signed: the secret is in Redis, which cannot be used, and was never "
            "read on this host. CHAT_SECRET would make the start independent of it."
        )
        raise
    if not copy.exists() or copy.read_bytes() != shared:
        made = copy.with_name(f"{copy.name}.{os.getpid()}")
        made.touch(_OWN_ONLY)
        made.write_bytes(shared)
        made.replace(copy)
    return shared


async def keep_shared(store: SharedStore, *, every: float = _SHARED_EVERY) -> None:
    """Have Redis keep the secret for hosts that start later, also after it was emptied; for ever.

    A host that finds none makes another one, with which it refuses the logins of all others, and
    persons who do not sign in would lose their chats.
    """
    if settings().secret.get_secret_value():
        return
    while True:
        with suppress(SharedStoreDownError):
            await _share(store)
        await asyncio.sleep(every)


async def _share(store: SharedStore) -> None:
    own = signing_secret()
    async with store.async_client() as client:
        await client.set(key("secret"), own, nx=True)
        shared = await client.get(key("secret"))
    if shared != own:
        _log.error(
            "Redis has another signing secret than this process, so that hosts refuse each other's "
            "logins. Restart the processes of all hosts, or set CHAT_SECRET."
        )


def _read_or_made(path: Path) -> bytes:
    """The secret in a file. Of several processes that start at once, one makes it for all."""
    if not path.exists():
        made = path.with_name(f"{path.name}.{os.getpid()}")
        made.touch(_OWN_ONLY)
        made.write_text(secrets.token_hex(_LENGTH))
        with suppress(FileExistsError):
            os.link(made, path)  # never over one that another process has made meanwhile
        made.unlink()
    return path.read_text().strip().encode()
