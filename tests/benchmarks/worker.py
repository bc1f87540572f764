"""What the app's worker holds: memory, open files, threads; and what its log complains of."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.helpers.app import RunningApp

_COMPLAINT = re.compile(r"failed:|Traceback|An event handler failed|never retrieved|\bERROR\b")
_ENTRY = re.compile(r"^(?=\d{4}-\d\d-\d\d )", re.MULTILINE)
_MEGABYTE = 1024
"""The kernel counts in kilobytes."""


@dataclass(frozen=True)
class Holding:
    """`memory` in megabytes, the rest are numbers; `files` are all descriptors, sockets too."""

    memory: float
    files: int
    sockets: int
    threads: int


def worker_of(app: RunningApp) -> int:
    """The process that serves the pages."""
    return app.process.pid


def holding(pid: int) -> Holding:
    """What the process holds right now."""
    status = Path(f"/proc/{pid}/status").read_text()
    links = [_link(file) for file in Path(f"/proc/{pid}/fd").iterdir()]
    return Holding(
        memory=_field(status, "VmRSS") / _MEGABYTE,
        files=len(links),
        sockets=sum(link.startswith("socket:") for link in links),
        threads=_field(status, "Threads"),
    )


def complaints(log: Path) -> list[str]:
    """The entries of the app's log that tell of a failure, each with its traceback."""
    entries = _ENTRY.split(log.read_text(errors="replace"))
    return [entry.rstrip() for entry in entries if _COMPLAINT.search(entry)]


def _link(file: Path) -> str:
    try:
        return str(file.readlink())
    except OSError:  # closed meanwhile
        return ""


def _field(status: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)
    assert found
    return int(found[1])


def is_alive(pid: int) -> bool:
    """Whether the process still runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
