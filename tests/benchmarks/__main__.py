"""Measure the app, print a table, write the numbers to ``last.json``.

``scripts/bench [--quick] [case ...]``
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.benchmarks import report
from tests.benchmarks.browser import browser_name
from tests.benchmarks.cases import CASES, Stage
from tests.benchmarks.server import bench_server
from tests.helpers.app import running_app

LAST = Path(__file__).with_name("last.json")


def main() -> None:
    """Start what is needed, run the cases one after the other, stop everything."""
    chosen = report.arguments("scripts/bench", __doc__, CASES, LAST)

    lines: list[report.Line] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        bench_server() as server,
        running_app(
            Path(folder),
            LANGGRAPH_API_URL=server.url,
            CHAT_SOCKETS_PER_ADDRESS="1000",  # all simulated people have one address
        ) as app,
    ):
        for case in chosen.cases or CASES:
            sys.stderr.write(f"{case} ...\n")
            lines += CASES[case](Stage(server, app, quick=chosen.quick))
    sys.stdout.write(report.table(lines) + "\n")
    report.save(chosen.json, lines, browser=browser_name(), quick=chosen.quick)


if __name__ == "__main__":
    main()
