"""The secret that cookies are signed with: from the settings, or made once for the data folder."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from chat_app.config import settings

_FILE = "secret"
_LENGTH = 32  # bytes
_OWN_ONLY = 0o600


@lru_cache(maxsize=1)
def signing_secret() -> bytes:
    """At least 32 bytes. It outlives the process, so that logins outlive a restart.

    Raises:
        OSError: there is none in the settings, and the data folder cannot be written.
    """
    configured = settings().secret.get_secret_value()
    if configured:
        return configured.encode()
    folder = Path(settings().data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    return _read_or_made(folder / _FILE)


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
