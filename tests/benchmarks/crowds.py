"""Many people at one app, in driver processes beside it: what they see, and what they cost."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.helpers.app import ROOT, processes_marked

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.benchmarks.server import BenchServer
    from tests.helpers.app import RunningApp

_PER_DRIVER = 150
"""People in one driver process."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Seen:
    """What a crowd saw. Milliseconds: `lags`, how often each was seen."""

    people: int
    lags: Counter[int] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    app: float = 0.0
    """Cores that the app's processes took."""
    each: tuple[float, ...] = ()
    """The same of each process."""
    server: float = 0.0
    """Cores that the scripted server took."""
    drivers: float = 0.0
    """Cores that the simulated people took."""

    def lag(self, share: float) -> float:
        """The lag that this share of all marked tokens did not exceed; infinite without any."""
        wanted, seen = share * self.lags.total(), 0
        for lag in sorted(self.lags):
            seen += self.lags[lag]
            if seen >= wanted:
                return lag
        return math.inf

    @property
    def per_core(self) -> float:
        """People for each core that the app took."""
        return self.people / self.app if self.app else math.inf


class People:
    """Simulated people whose pages are open; `chat` once, or leave them idle."""

    def __init__(self, app: RunningApp, server: BenchServer, drivers: list[Any]) -> None:
        self._app, self._server, self._drivers = app, server, drivers

    def chat(self, people: int) -> Seen:
        """Let them chat for as long as they were made for, and say what they saw."""
        seen = Seen(people)
        before, at, began = cpu_of(self._app), _cpu(self._server.pid), time.monotonic()
        mine = sum(_cpu(driver.pid) for driver in self._drivers)
        for driver in self._drivers:
            _say(driver)
        for driver in self._drivers:
            if driver.stdout.readline() != "over\n":
                raise RuntimeError("a driver ended before its people did")
        seen.seconds = time.monotonic() - began
        after = cpu_of(self._app)
        taken = {pid: after[pid] - before.get(pid, 0.0) for pid in after}
        seen.each = tuple(sorted((one / seen.seconds for one in taken.values()), reverse=True))
        seen.app = sum(seen.each)
        seen.server = (_cpu(self._server.pid) - at) / seen.seconds
        seen.drivers = (sum(_cpu(one.pid) for one in self._drivers) - mine) / seen.seconds
        for one in [json.loads(driver.stdout.readline()) for driver in self._drivers]:
            seen.lags.update({int(lag): count for lag, count in one["lags"].items()})
            for name, count in one["counts"].items():
                is_worst = name == "server_delay"
                seen.counts[name] = (
                    max(seen.counts[name], count) if is_worst else seen.counts[name] + count
                )
        return seen


@contextmanager
def people_at(
    app: RunningApp, server: BenchServer, people: int, seconds: float
) -> Generator[People]:
    """Have the pages of so many people open within the block; 0 `seconds`: idle; -1: and hidden."""
    count = math.ceil(people / _PER_DRIVER) if people else 0
    with ExitStack() as stack:
        drivers = []
        for number in range(count):
            share = people * (number + 1) // count - people * number // count
            given = [app.url, server.url, str(share), str(seconds)]
            driver = subprocess.Popen(
                [sys.executable, "-m", "tests.benchmarks.driver", *given],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.callback(_end, driver)
            drivers.append(driver)
        for driver in drivers:
            if driver.stdout.readline() != "open\n":
                raise RuntimeError("a driver could not open its pages")
        yield People(app, server, drivers)


def cpu_of(app: RunningApp) -> dict[int, float]:
    """Seconds of processor of each process of the app so far."""
    return {pid: _cpu(pid) for pid in processes_marked(app.mark)}


def memory_of(app: RunningApp) -> float:
    """Megabytes that the app's processes have to themselves, what they share counted once."""
    kilobytes = 0
    for pid in processes_marked(app.mark):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def switches_of(app: RunningApp) -> int:
    """How often the app's processes have waited for something to do so far."""
    total = 0
    for pid in processes_marked(app.mark):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            lines = (thread / "status").read_text().splitlines()
            total += next(int(one.split()[1]) for one in lines if one.startswith("voluntary"))
    return total


def _say(driver: Any) -> None:
    driver.stdin.write("go\n")
    driver.stdin.flush()


def _end(driver: Any) -> None:
    driver.stdin.close()
    try:
        driver.wait(30)
    except subprocess.TimeoutExpired:
        driver.kill()
        driver.wait()


def _cpu(pid: int) -> float:
    """Seconds of processor of a process so far: fields 14 and 15 of its ``stat``, see proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
