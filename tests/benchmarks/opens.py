"""Open and close tabs by the thousand, and see that they leave nothing in the app.

``python -m tests.benchmarks.opens [--opens 1000]``
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks import report
from tests.benchmarks.page import Page, Profile
from tests.benchmarks.report import Line
from tests.benchmarks.worker import complaints, holding, worker_of
from tests.helpers.app import running_app
from tests.helpers.server import serve
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from tests.benchmarks.worker import Holding
    from tests.helpers.app import RunningApp

LAST = Path(__file__).with_name("opens.json")
_AT_A_TIME = 20
_FORGETS_AFTER = 30
"""Seconds without use after which Reflex drops a tab's state; in service they are 900."""
_FORGOTTEN = _FORGETS_AFTER + 15
"""Seconds after the last use in which all that was of a tab is gone."""
_MARGIN = 3
"""Files that may be open in the end and were not before: idle connections to the server."""
_WASTE = 10
"""Megabytes by which the second thousand may leave more than the first: memory is used again, but
not each piece of it."""


def main() -> None:
    """Start what is needed, open and close, say what was left; exit with 1 where it is too much."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.opens", description=__doc__)
    parser.add_argument("--opens", type=int, default=1000)
    parser.add_argument("--json", type=Path, default=LAST, help="where the numbers go")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder)) as server,
        running_app(
            Path(folder),
            LANGGRAPH_API_URL=server.url,
            CHAT_ASSISTANT="slow",
            REFLEX_REDIS_TOKEN_EXPIRATION=str(_FORGETS_AFTER),
        ) as app,
    ):
        found = asyncio.run(_opens(app, chosen.opens))
        logged = complaints(app.log)
    sys.stderr.writelines(f"log: {entry}\n" for entry in logged)
    lines = _lines(found, logged=len(logged))
    sys.stdout.write(report.table(lines) + "\n")
    quick = chosen.opens < parser.get_default("opens")
    report.save(chosen.json, lines, browser="simulated", quick=quick)
    sys.exit(any(line.verdict == "MISSED" for line in lines))


async def _opens(app: RunningApp, opens: int) -> dict[str, Holding]:
    """What the worker held at which time."""
    pid, found = worker_of(app), {}
    person = Profile()
    path = await _thread(app, person)
    await _open_and_close(app, path, person.login, 2 * _AT_A_TIME)
    await asyncio.sleep(_FORGOTTEN)
    found["before"] = holding(pid)
    await _open_and_close(app, path, person.login, opens // 5)
    found[f"after {opens // 5:,}"] = holding(pid)
    await _open_and_close(app, path, person.login, opens - opens // 5)
    found[f"after {opens:,}"] = holding(pid)
    await asyncio.sleep(_FORGOTTEN)
    found["when they are forgotten"] = holding(pid)
    await _open_and_close(app, path, person.login, opens)
    await asyncio.sleep(_FORGOTTEN)
    found["the same once more"] = holding(pid)
    return found


async def _thread(app: RunningApp, profile: Profile) -> str:
    """Have a short conversation; where it stands."""
    page = Page(app.url, "/", profile)
    await page.load()
    for _ in range(3):
        await page.submit("100 every 0.001")
        await until(lambda: page.running)
        await until(lambda: not page.running)
    await page.close()
    return page.path


async def _open_and_close(app: RunningApp, path: str, login: str, opens: int) -> None:
    begun = iter(range(opens))

    async def visit() -> None:
        for _ in begun:
            page = Page(app.url, path, Profile(login))
            await page.load()
            await until(lambda page=page: len(page.rows) > 8)
            await page.close()

    await asyncio.gather(*(visit() for _ in range(_AT_A_TIME)))


def _lines(found: dict[str, Holding], *, logged: int) -> list[Line]:
    *_, first, second = found.values()
    before = found["before"]
    stated = [
        *((f"memory {when}", "MB", held.memory, None) for when, held in found.items()),
        ("memory that the second time adds", "MB", second.memory - first.memory, _WASTE),
        ("open files more than before", "", second.files - before.files, _MARGIN),
        ("sockets more than before", "", second.sockets - before.sockets, _MARGIN),
        ("threads more than before", "", second.threads - before.threads, 0),
        ("complaints in the app's log", "", logged, 0),
    ]
    return [Line("opens", *measure[:3], wanted=measure[3]) for measure in stated]


if __name__ == "__main__":
    main()
