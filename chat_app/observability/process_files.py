"""Where several processes of one port keep their metrics, so that a scrape of one tells of all.

The parent makes the folder before it starts the others, and says when one of them has ended: what
that one has counted stays, what it has open does not.

    with shared_metrics():                    # the parent
        ...                                   # starts processes, which inherit the environment
        ended(process.pid)
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of prometheus_client. It reads it on import, so that is not imported here."""


@contextmanager
def shared_metrics() -> Generator[str]:
    """Processes that are started within the block share their metrics; yields the folder."""
    with TemporaryDirectory(prefix="chat-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[FOLDER] = folder
        try:
            yield folder
        finally:
            os.environ.pop(FOLDER, None)


def ended(pid: int) -> None:
    """Forget the gauges of a process that has ended, as often as it is told."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - see above

    if folder := os.environ.get(FOLDER):
        mark_process_dead(pid, folder)
