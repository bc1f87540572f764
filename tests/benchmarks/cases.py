"""The cases by name: what each measures, and what is good enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.crowd import crowd
from tests.benchmarks.opening import first_visit, open_thread
from tests.benchmarks.report import Line
from tests.benchmarks.streaming import Order, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.benchmarks.server import BenchServer
    from tests.helpers.app import RunningApp


@dataclass(frozen=True)
class Stage:
    """All that a case needs. `quick` asks for less of everything, to see that it works."""

    server: BenchServer
    app: RunningApp
    quick: bool

    @property
    def floor_site(self) -> str:
        return f"{self.server.url}/floor/"

    @property
    def app_site(self) -> str:
        return f"{self.app.url}/t/"


def short(stage: Stage) -> Iterator[Line]:
    order = Order(400, 100) if stage.quick else Order(2000, 100)
    yield from _streamed("short", stage, order, lag=60, gap=50, received=300, main=0.8)


def long(stage: Stage) -> Iterator[Line]:
    order = Order(1600, 200) if stage.quick else Order(8000, 200)
    yield from _streamed("long", stage, order, lag=80, received=4.4 * 300)


def inspected(stage: Stage) -> Iterator[Line]:
    """`short` with the inspector closed and open, in turns: the machine's speed changes."""
    order = Order(400, 100) if stage.quick else Order(2000, 100)
    floor = stream(stage.server, stage.floor_site, order)
    closed: list[dict[str, float]] = []
    for tab in ("", "streams", "timeline") * (1 if stage.quick else 2):
        app = stream(stage.server, stage.app_site, order, inspector=tab)
        closed += [] if tab else [app]
        worst = {name: max(one[name] for one in closed) for name in closed[0]}
        for name, measure, unit, scale, noise in (
            ("lag_median", "any token painted, median", "ms", 1, 10),
            ("lag_p95", "any token painted, p95", "ms", 1, 20),
            ("gap", "longest frame gap", "ms", 1, 20),
            ("main", "main thread", "s", 1, None),
            ("received", "to the browser", "KB", 1e-3, None),
        ):
            wanted = worst[name] * scale + noise if tab and noise is not None else None
            case = f"inspector {tab or 'closed'}"
            yield Line(case, measure, unit, app[name] * scale, floor[name] * scale, wanted)


def deep(stage: Stage) -> Iterator[Line]:
    order = Order(200, 50, history=100) if stage.quick else Order(500, 50, history=1000)
    yield from _streamed("deep", stage, order, lag=60, gap=50)


def listed(stage: Stage) -> Iterator[Line]:
    yield from _one_long_block("list", stage, 2000)


def tabled(stage: Stage) -> Iterator[Line]:
    yield from _one_long_block("table", stage, 2000)


def paragraph(stage: Stage) -> Iterator[Line]:
    yield from _one_long_block("paragraph", stage, 1000)


def coded(stage: Stage) -> Iterator[Line]:
    yield from _one_long_block("code", stage, 2500)


def opened(stage: Stage) -> Iterator[Line]:
    history = 100 if stage.quick else 1000
    floor, app = (
        open_thread(stage.server, site, history=history)
        for site in (stage.floor_site, stage.app_site)
    )
    for name, measure, unit, wanted in (
        ("newest", "newest message in view", "ms", 1000),
        ("nodes", "DOM nodes", "", 6000),
        ("key", "key press to paint, median", "ms", 16),
        ("key_worst", "key press to paint, worst", "ms", None),
    ):
        yield Line("open", measure, unit, app[name], floor[name], wanted)


def first(stage: Stage) -> Iterator[Line]:
    floor = first_visit(stage.floor_site + stage.server.new_thread())
    app = first_visit(stage.app.url)
    yield Line("first", "JavaScript and CSS on the wire", "KB", app["code"] / 1000, None, 400)
    yield Line("first", "everything on the wire", "KB", app["wire"] / 1000, floor["wire"] / 1000)
    yield Line("first", "interactive", "ms", app["interactive"], floor["interactive"], 1000)


def many(stage: Stage) -> Iterator[Line]:
    for people in (10, 20) if stage.quick else (40, 80, 120, 160):
        found = crowd(stage.app, stage.server, people=people, seconds=5 if stage.quick else 12)
        case = f"many {people}"
        yield Line(case, "lag p95", "ms", found["lag_p95"], wanted=250)
        yield Line(case, "lag median", "ms", found["lag_median"])
        yield Line(case, "streams that did not end", "", found["unfinished"], wanted=0)
        yield Line(case, "app's processor", "cores", found["cpu"])
        yield Line(case, "app's processor per stream", "% of a core", found["cpu_per_stream"])
        yield Line(case, "server's own delay, worst", "ms", found["server_delay"])


def _streamed(
    case: str,
    stage: Stage,
    order: Order,
    *,
    lag: float,
    gap: float | None = None,
    received: float | None = None,
    main: float | None = None,
) -> Iterator[Line]:
    """Lines of one order. `received` in KB; `main` as a share of the floor's."""
    floor, app = (stream(stage.server, site, order) for site in (stage.floor_site, stage.app_site))
    main = main and main * floor["main"]
    for name, measure, unit, scale, wanted in (
        ("lag", "last token painted", "ms", 1, lag),
        ("lag_median", "any token painted, median", "ms", 1, None),
        ("lag_p95", "any token painted, p95", "ms", 1, None),
        ("gap", "longest frame gap", "ms", 1, gap),
        ("received", "to the browser", "KB", 1e-3, received),
        ("main", "main thread", "s", 1, main),
        ("script", "scripts", "s", 1, None),
        ("server_delay", "server's own delay, worst", "ms", 1, None),
    ):
        yield Line(case, measure, unit, app[name] * scale, floor[name] * scale, wanted)


def _one_long_block(kind: str, stage: Stage, number: int) -> Iterator[Line]:
    """Lines of an answer that is one block of `number` items, rows, sentences or lines of code."""
    order = Order(number // 5 if stage.quick else number, 100, kind=kind)
    floor, app = (stream(stage.server, site, order) for site in (stage.floor_site, stage.app_site))
    for name, measure, unit, scale, wanted in (
        ("gap", "longest frame gap", "ms", 1, 50),
        ("key", "key press to paint, worst", "ms", 1, 50),
        ("task", "longest task", "ms", 1, None),
        ("lag", "last token painted", "ms", 1, None),
        ("received", "to the browser", "KB", 1e-3, None),
        ("main", "main thread", "s", 1, None),
    ):
        yield Line(kind, measure, unit, app[name] * scale, floor[name] * scale, wanted)


CASES: dict[str, Callable[[Stage], Iterator[Line]]] = {
    "short": short,
    "long": long,
    "inspector": inspected,
    "deep": deep,
    "list": listed,
    "table": tabled,
    "paragraph": paragraph,
    "code": coded,
    "open": opened,
    "first": first,
    "many": many,
}
