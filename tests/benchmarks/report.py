"""The table a person reads and the JSON a program does."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Line:
    """One measure of one case. `wanted` is the most that is good enough, in the same unit."""

    case: str
    measure: str
    unit: str
    app: float
    floor: float | None = None
    wanted: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.app / self.floor if self.floor else None

    @property
    def verdict(self) -> str:
        if self.wanted is None:
            return ""
        return "ok" if self.app <= self.wanted else "MISSED"

    def cells(self) -> tuple[str, ...]:
        numbers = (self.floor, self.app, self.ratio, self.wanted)
        floor, app, ratio, wanted = ("" if n is None else _short(n) for n in numbers)
        return self.case, self.measure, self.unit, floor, app, ratio, wanted, self.verdict


def arguments(
    prog: str, description: str | None, cases: Collection[str], to: Path
) -> argparse.Namespace:
    """What a run of these cases was asked for: `cases`, whether `quick`, and the file `json`."""
    parser = argparse.ArgumentParser(prog=prog, description=description)
    parser.add_argument("cases", nargs="*", metavar="case", help=f"of {', '.join(cases)}")
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument("--json", type=Path, default=to, help="where the numbers go")
    chosen = parser.parse_args()
    if unknown := set(chosen.cases) - set(cases):
        parser.error(f"no such case: {', '.join(unknown)}")
    return chosen


def table(lines: list[Line], *, columns: tuple[str, str] = ("floor", "app")) -> str:
    """The lines as a markdown table; `columns` are the names of what is compared."""
    header = ("case", "measure", "unit", *columns, "ratio", "wanted", "")
    rows = [header, tuple("---" for _ in header), *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )


def save(path: Path, lines: list[Line], *, browser: str, quick: bool) -> None:
    """Write everything about this run to `path`."""
    content = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "quick": quick,
        "machine": machine(browser),
        "lines": [asdict(line) | {"ratio": line.ratio} for line in lines],
    }
    path.write_text(json.dumps(content, indent=1) + "\n")


def machine(browser: str) -> dict[str, Any]:
    """What the numbers depend on."""
    processors = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "processor": f"{len(processors)} x {processors[0] if processors else platform.machine()}",
        "load_average": float(Path("/proc/loadavg").read_text().split()[0]),
        "python": platform.python_version(),
        "reflex": version("reflex"),
        "browser": browser,
    }


def _commit() -> str | None:
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or None


def _short(number: float) -> str:
    if number == 0 or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}"
