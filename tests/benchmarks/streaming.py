"""Cases of one answer being written: how late, how smooth, how heavy."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING

from tests.benchmarks import answer
from tests.benchmarks.browser import measured_page
from tests.benchmarks.runs import history_mark

if TYPE_CHECKING:
    from tests.benchmarks.browser import MeasuredPage
    from tests.benchmarks.server import BenchServer


@dataclass(frozen=True)
class Order:
    """An answer of `number` tokens, `rate` per second, in a thread of `history` messages."""

    number: int
    rate: int
    history: int = 0
    kind: str = ""
    """What the answer is one long block of, see `answer.LONG`."""

    @property
    def words(self) -> str:
        kind = f"{self.kind} " if self.kind else ""
        return f"Write {self.number} {kind}tokens at {self.rate}/s"


_BETWEEN_KEYS = 150
"""Milliseconds between two key presses while an answer is written."""


def stream(
    server: BenchServer, site: str, order: Order, *, inspector: str = ""
) -> dict[str, float]:
    """Ask for `order` on the page of a new thread, whose id follows `site`; say what it took.

    With the name of a tab the `inspector` is open there.

    Milliseconds: `lag` of the last token from the model to the paint, `lag_median` and `lag_p95`
    of all marked ones, `gap` the longest time between two frames, `server_delay` the server's own
    worst lateness, which is part of the lags. Bytes: `received`. Seconds of the main thread from
    the question to one second after the answer: `main`, and `script` of it.

    While a long block is written a person types: `key` is the worst time from a key press to the
    paint after it. `task` is the longest task of the main thread, 0 where none took 50 ms.
    """
    thread_id = server.new_thread(history=order.history)
    with measured_page(inspector=inspector) as measured:
        newest = history_mark(order.history - 1) if order.history else None
        measured.open(site + thread_id, newest=newest)
        before, received = measured.busy(), measured.received
        measured.ask(order.words)
        measured.shown(answer.first_mark(order.number, order.kind))
        measured.page.evaluate("probe.restart()")
        if order.kind:
            _type_until_shown(measured, order.number - 1)
        measured.shown(order.number - 1)
        gap = measured.page.evaluate("probe.worstGap()")
        measured.rest()
        after, received = measured.busy(), measured.received - received
        seen = measured.page.evaluate("probe.seen()")
        keys = measured.page.evaluate("probe.keys")
        task = measured.page.evaluate("probe.worstTask()")
    run = server.timetable(thread_id)
    lags = {
        number: painted - 1000 * (run["began"] + number / run["rate"])
        for number, painted in seen
        if number < order.number
    }
    cuts = quantiles(lags.values(), n=20)
    return {
        "lag": lags[order.number - 1],
        "lag_median": cuts[9],
        "lag_p95": cuts[18],
        "gap": gap,
        "received": received,
        "main": after["TaskDuration"] - before["TaskDuration"],
        "script": after["ScriptDuration"] - before["ScriptDuration"],
        "server_delay": 1000 * run["worst_delay"],
        "key": max(keys[1:], default=0.0),
        "task": task,
    }


def _type_until_shown(measured: MeasuredPage, number: int) -> None:
    """Type into the composer until the mark `number` is painted."""
    measured.composer.focus()
    while not measured.page.evaluate("number => probe.seen().some(([n]) => n === number)", number):
        measured.page.keyboard.press("x")
        measured.page.wait_for_timeout(_BETWEEN_KEYS)
