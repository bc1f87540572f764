"""Use the app for minutes in bad weather, and look for what is lost, doubled or left behind.

``python -m tests.benchmarks.soak [--minutes 10] [--runs 200] [--seed 1]``
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chat_app.client import get_client
from tests.benchmarks import report
from tests.benchmarks.page import Page, Profile
from tests.benchmarks.person import Person
from tests.benchmarks.report import Line
from tests.benchmarks.weather import Weather
from tests.benchmarks.worker import complaints, holding, is_alive, worker_of
from tests.helpers.app import running_app
from tests.helpers.faults import faulty_proxy
from tests.helpers.server import serve
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from random import Random

    from chat_app.client import LangGraphClient
    from tests.benchmarks.ledger import Complaint
    from tests.benchmarks.worker import Holding
    from tests.helpers.app import RunningApp
    from tests.helpers.faults import FaultyProxy

LAST = Path(__file__).with_name("soak.json")
PEOPLE = 6
_CONVERSATION = 40.0
"""Seconds that a conversation goes on before it may come to rest."""
_GRACE = 13.0
"""Seconds after the last tab was closed in which the app drops its state."""
_MARGIN = 3
"""Files that may be open in the end and were not before: idle connections to the server."""


@dataclass
class Story:
    """What came of it all."""

    runs: int = 0
    complaints: list[Complaint] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    holdings: list[Holding] = field(default_factory=list)
    """Of the app's worker: before, and each time that no tab was open."""
    ending: float = 0.0
    """Seconds from Ctrl-C to the end of the worker, with pages open and an answer being written."""


def main() -> None:
    """Start what is needed, soak, say what was found; exit with 1 where that is anything."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--runs", type=int, default=200, help="fewer are a failure")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    parser.add_argument("--json", type=Path, default=LAST, help="where the numbers go")
    chosen = parser.parse_args()
    sys.stderr.write(f"seed {chosen.seed}\n")
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder)) as server,
        faulty_proxy(server.url) as proxy,
        running_app(Path(folder), LANGGRAPH_API_URL=proxy.url, CHAT_ASSISTANT="slow") as app,
    ):
        dice = random.Random(chosen.seed)  # noqa: S311 - repeatable
        story = asyncio.run(_soak(app, proxy, server.url, dice, minutes=chosen.minutes))
        logged = complaints(app.log)
    sys.stderr.writelines(f"log: {line}\n" for line in logged)
    lines = _lines(story, wanted=chosen.runs, logged=len(logged))
    sys.stdout.write(report.table(lines) + "\n")
    report.save(
        chosen.json,
        lines,
        browser="simulated",
        quick=chosen.minutes < parser.get_default("minutes"),
    )
    sys.exit(any(line.verdict == "MISSED" for line in lines))


async def _soak(
    app: RunningApp, proxy: FaultyProxy, server_url: str, dice: Random, *, minutes: float
) -> Story:
    story, weather, pid = Story(), Weather(proxy, dice), worker_of(app)
    until_then = time.monotonic() + 60 * minutes
    async with get_client(url=server_url) as server:
        await _warm_up(app)
        story.holdings.append(await _at_rest(pid))
        while time.monotonic() < until_then:
            await _round(app, server, weather, dice, story)
            story.holdings.append(holding(pid))
            _tell(story)
        story.holdings.append(await _at_rest(pid))
        story.acts += weather.happened
        story.ending = await _farewell(app, pid)
    return story


async def _round(
    app: RunningApp, server: LangGraphClient, weather: Weather, dice: Random, story: Story
) -> None:
    """Hold all conversations while the network fails; it stops failing when they end."""
    people = [Person(app.url, server, dice, number) for number in range(PEOPLE)]
    talks = (person.talk(_CONVERSATION) for person in people)
    *found, _ = await asyncio.gather(*talks, weather.storm(_CONVERSATION))
    for person, complaints_of in zip(people, found, strict=True):
        story.complaints += complaints_of or []
        if complaints_of:
            _explain(app, person, complaints_of)
        story.acts += person.acts
        story.runs += await person.count_runs()


def _explain(app: RunningApp, person: Person, found: list[Complaint]) -> None:
    """Tell what was found, what the person did, and what the app's log says of the thread."""
    sys.stderr.writelines(f"{complaint.fault}: {complaint.words}\n" for complaint in found)
    sys.stderr.writelines(f"  {line}\n" for line in person.diary)
    logged = app.log.read_text(errors="replace").splitlines()
    runs = {
        word.rstrip(":,")
        for line in logged
        if person.thread_id in line
        for word in line.split()
        if word.startswith("01")
    }
    about = runs | {person.thread_id}
    sys.stderr.writelines(f"  {line}\n" for line in logged if any(one in line for one in about))


async def _warm_up(app: RunningApp) -> None:
    """Use each part once: what is made at the first use is no leak."""
    page = Page(app.url, "/", Profile())
    await page.load()
    await page.submit("3 every 0.01")
    await until(lambda: page.thread_id and not page.running)
    await page.close()


async def _at_rest(pid: int) -> Holding:
    await asyncio.sleep(_GRACE)
    return holding(pid)


async def _farewell(app: RunningApp, pid: int) -> float:
    """End the app as Ctrl-C does while pages are open; seconds until its worker is gone."""
    pages = [Page(app.url, "/", Profile()) for _ in range(3)]
    for page in pages:
        await page.load()
        await page.submit("300 every 0.1")
    for page in pages:
        await until(lambda page=page: any(key == "tail" for key, _, _ in page.rows))
    began = time.monotonic()
    os.killpg(app.process.pid, signal.SIGINT)
    await until(lambda: not is_alive(pid), patience=30)
    took = time.monotonic() - began
    for page in pages:
        await page.close()
    return took


def _tell(story: Story) -> None:
    now = story.holdings[-1]
    held = f"{now.memory:.0f} MB, {now.files} files, {now.threads} threads"
    sys.stderr.write(f"{story.runs} runs, {len(story.complaints)} complaints, {held}\n")


def _lines(story: Story, *, wanted: int, logged: int) -> list[Line]:
    before, after = story.holdings[0], story.holdings[-1]
    faults = Counter(complaint.fault for complaint in story.complaints)
    stated = [
        ("runs", "", story.runs, None),
        ("runs too few", "", max(0, wanted - story.runs), 0),
        ("messages or answers lost", "", faults["lost"], 0),
        ("doubled", "", faults["doubled"], 0),
        ("misplaced", "", faults["misplaced"], 0),
        ("half an answer as a whole", "", faults["broken"], 0),
        ("pages unlike a fresh one", "", faults["out of step"], 0),
        ("pages or threads that do not end", "", faults["out of reach"], 0),
        ("complaints in the app's log", "", logged, 0),
        ("open files more than before", "", after.files - before.files, _MARGIN),
        ("sockets more than before", "", after.sockets - before.sockets, _MARGIN),
        ("threads more than before", "", after.threads - before.threads, 0),
        ("memory before", "MB", before.memory, None),
        ("memory after", "MB", after.memory, None),
        ("from Ctrl-C to the end", "s", story.ending, 2),
        *((name.replace("_", " "), "times", times, None) for name, times in story.acts.items()),
    ]
    return [Line("soak", *measure[:3], wanted=measure[3]) for measure in stated]


if __name__ == "__main__":
    main()
