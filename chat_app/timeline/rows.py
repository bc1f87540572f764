"""A timeline as JSON for the page: small rows of what changed, and the details of one span.

``rows(timeline, prices, after=0)`` answers ``GET …/spans?after=VERSION``::

    {
      "version": 17,           ask for what changed after this; an unchanged one has no "rows"
      "whole": true,           the rows are all there are: forget those from before
      "run": {
        "id": "01a2…",         empty until the server has told it
        "attempt": 1,          above 1: the server has started the run again
        "state": "running",    or "done", "failed", "interrupted"
        "error": "",           at most 500 characters
        "start": 1764529003123.4,   milliseconds since 1970, as all below count from here
        "seconds": 2.3,        until its end, or until its newest event
        "dropped": 0,          spans that are no longer kept
        "usage": [USAGE, …],   by model
        "cost": 0.0021         US dollars; null unless the prices of all its models are known
      },
      "rows": [ROW, …]         each after the row of its parent, otherwise oldest first
    }

A ROW is one bar::

    {
      "id": "7a377d59-…",
      "parent": "",            the id of the row around it; empty at the top
      "level": 0,              how many rows are around it
      "kind": "node",          or "tool"; "step" is a step whose nodes are not known, without a name
      "name": "model",
      "state": "running",      or "done", "failed", "interrupted", "cached"
      "start": 12.5,           milliseconds since the run's start
      "end": null,             as start; null while it is running
      "exact": true,           false: it began or ended somewhere within the bar
      "attempts": 1,           how often it was tried
      "tried": [830.1],        when it was tried again, as start
      "step": 1,               the step of its graph; null where that is not known
      "namespace": ["a:7a…"],  the path of subgraphs it ran in
      "messages": ["lc_run--…"],   ids of the messages it wrote, the 50 newest
      "input_tokens": 6,       of the messages of this row, without rows inside it
      "output_tokens": 16,
      "cost": null,            US dollars, likewise; null where prices are not known
      "error": "",             at most 200 characters
      "interrupts": 0          how many answers it waits for
    }

``details(timeline, id, prices)`` is asked for on demand: all that was kept of one span::

    {
      "row": ROW,
      "input": …, "update": …, "interrupts": […],      any JSON
      "elided": false,         whether long texts and lists in them end early, or both were dropped
      "error": "…",            whole
      "usage": [USAGE, …],
      "checkpoint": {"checkpoint_id": "…", "checkpoint_ns": ""}     or null
    }

A USAGE is ``{"model": "gpt-5", "input": 6, "output": 16, "cached": 0, "reasoning": 0,
"cost": null}``: tokens of one model, and US dollars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.timeline.span import State
from chat_app.timeline.usage import by_model, cost

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chat_app.client.events import Json
    from chat_app.timeline.span import Span
    from chat_app.timeline.spans import Timeline
    from chat_app.timeline.usage import Price, Usage

MOST_MESSAGES = 50
_MOST_LEVELS = 100
"""More than a timeline has, whatever a server tells."""
LONGEST_ERROR, LONGEST_RUN_ERROR = 200, 500
LONGEST_TEXT, MOST_ITEMS, MOST_VALUES, DEEPEST = 4_000, 200, 5_000, 40
"""Of details: characters of a text, items of a list, values in all, lists within lists."""


def rows(timeline: Timeline, prices: Mapping[str, Price], *, after: int = 0) -> Json:
    """What changed since a version; everything if spans were dropped since, or after version 0."""
    answer: Json = {"version": timeline.version, "run": _run(timeline, prices)}
    if after and after == timeline.version:
        return {**answer, "whole": False}
    is_whole = not timeline.dropped_at < after <= timeline.version
    changed = (span for span in timeline.spans.values() if is_whole or span.version > after)
    return {**answer, "whole": is_whole, "rows": [_row(timeline, span, prices) for span in changed]}


def details(timeline: Timeline, id: str, prices: Mapping[str, Price]) -> Json | None:
    """All that was kept of a span; None if there is none of this id."""
    span = timeline.spans.get(id)
    if span is None:
        return None
    cut = _Cut()
    values = {
        "input": cut(span.input),
        "update": cut(span.update),
        "interrupts": cut(span.interrupts),
    }
    return {
        "row": _row(timeline, span, prices),
        **values,
        "elided": span.is_elided or cut.has_cut,
        "error": span.error,
        "usage": _usage(by_model(span.usage.values()), prices),
        "checkpoint": span.checkpoint,
    }


def _run(timeline: Timeline, prices: Mapping[str, Price]) -> Json:
    start = timeline.start or 0.0
    usage = by_model(part for span in timeline.spans.values() for part in span.usage.values())
    return {
        "id": timeline.run_id,
        "attempt": timeline.attempt,
        "state": timeline.state.value,
        "error": timeline.error[:LONGEST_RUN_ERROR],
        "start": start,
        "seconds": round(max(0.0, timeline.now - start) / 1000, 3),
        "dropped": timeline.dropped,
        "usage": _usage(usage, prices),
        "cost": cost(usage, prices),
    }


def _row(timeline: Timeline, span: Span, prices: Mapping[str, Price]) -> Json:
    usage = by_model(span.usage.values())
    parent = span.parent if span.parent in timeline.spans else ""
    return {
        "id": span.id,
        "parent": parent,
        "level": _level(timeline, span),
        "kind": span.kind.value,
        "name": span.name,
        "state": span.state.value,
        "start": _since(timeline, span.start),
        "end": None if span.end is None else _since(timeline, span.end),
        "exact": span.is_exact and (span.is_told or span.state is State.RUNNING),
        "attempts": span.attempts,
        "tried": [_since(timeline, at) for at in span.starts],
        "step": span.step,
        "namespace": list(span.namespace),
        "messages": span.messages[-MOST_MESSAGES:],
        "input_tokens": sum(used.input for used in usage.values()),
        "output_tokens": sum(used.output for used in usage.values()),
        "cost": cost(usage, prices),
        "error": span.error[:LONGEST_ERROR],
        "interrupts": len(span.interrupts),
    }


def _level(timeline: Timeline, span: Span) -> int:
    level = 0
    while level < _MOST_LEVELS and (outer := timeline.spans.get(span.parent)) is not None:
        level, span = level + 1, outer
    return level


def _since(timeline: Timeline, at: float) -> float:
    return round(at - (timeline.start or 0.0), 1)


def _usage(usage: Mapping[str, Usage], prices: Mapping[str, Price]) -> list[Json]:
    return [
        {
            "model": model,
            "input": used.input,
            "output": used.output,
            "cached": used.cached,
            "reasoning": used.reasoning,
            "cost": cost({model: used}, prices),
        }
        for model, used in usage.items()
    ]


class _Cut:
    """Makes values small enough to be shown, and remembers whether it had to."""

    def __init__(self) -> None:
        self.has_cut = False
        self._left = MOST_VALUES

    def __call__(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        match value:
            case str():
                return self._text(value)
            case dict() | list() if depth >= DEEPEST:
                self.has_cut = True
                return "…"
            case dict():
                return {
                    self._text(str(name)): self(inner, depth + 1)
                    for name, inner in self._some(value.items())
                }
            case list() | tuple():
                return [self(inner, depth + 1) for inner in self._some(value)]
        return value

    def _text(self, text: str) -> str:
        if len(text) <= LONGEST_TEXT:
            return text
        self.has_cut = True
        return f"{text[:LONGEST_TEXT]}…"

    def _some(self, items: Iterable[Any]) -> Iterable[Any]:
        for number, item in enumerate(items):
            if number >= MOST_ITEMS or self._left <= 0:
                self.has_cut = True
                return
            yield item
