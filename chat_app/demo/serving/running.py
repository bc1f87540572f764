"""Where the demo agent of a data folder answers, for other programs of the same user.

`scripts/client` asks the agent that a running app has, instead of starting one. Its secret is in a
file of the data folder that only its user can read, as the secret that cookies are signed with.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

LOCK = ".lock"
"""In the agent's folder; whoever runs the agent holds it."""
_FILE = "agent.json"
_OWN_ONLY = 0o600


class Running(NamedTuple):
    """A demo agent of another process, which may not be ready yet."""

    url: str
    secret: str


def tell(data_dir: Path, running: Running) -> None:
    """Write where the agent is; only who holds the lock may."""
    made = data_dir / f"{_FILE}.{os.getpid()}"
    with suppress(FileNotFoundError):
        made.unlink()
    made.touch(_OWN_ONLY)
    made.write_text(json.dumps(running._asdict()))
    made.replace(data_dir / _FILE)


def forget(data_dir: Path) -> None:
    """Remove what `tell` has written; call it before the lock is given back."""
    with suppress(FileNotFoundError):
        (data_dir / _FILE).unlink()


def find(data_dir: Path) -> Running | None:
    """The agent that runs for a data folder.

    A file that an app left behind when it crashed is not believed: another program may have its
    port by now.
    """
    try:
        with (data_dir / "agent" / LOCK).open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                told = json.loads((data_dir / _FILE).read_text())
                return Running(str(told["url"]), str(told["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None
