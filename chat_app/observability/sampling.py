"""Values that are looked at now and again, as no one tells when they change."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chat_app.observability import metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prometheus_client import Gauge

EVERY = 1.0
"""Seconds between two looks at how late the event loop is."""
LOOKS = 5
"""So many of them for one look at everything else."""


def memory() -> float:
    """Bytes of this process that are in memory; nan where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return float("nan")


def sample(values: Mapping[Gauge, Callable[[], float]]) -> None:
    """Set each gauge to its value now."""
    for gauge, value in values.items():
        gauge.set(value())


async def keep_sampling(values: Mapping[Gauge, Callable[[], float]], every: float = EVERY) -> None:
    """Do it for as long as the process lives, and note how late the event loop is."""
    looks = 0
    while True:
        if looks % LOOKS == 0:
            sample(values)
        looks += 1
        due = time.monotonic() + every
        await asyncio.sleep(every)
        metrics.LOOP_LAG.observe(max(0, time.monotonic() - due))
