"""What happened in a run: a bar in time for each node, nested by subgraph, with its tools inside.

A `Timeline` is built event by event with `Timeline.take`, from whatever modes a run was asked for:

- ``tasks`` (or ``debug``) tell the start, the end, the input and the result of each task.
- Without them the metadata of ``messages`` tell which task writes, ``updates`` that a node has
  ended, ``values`` that a step has. A start is then the earliest that is known of a task, and a
  bar with `Span.is_exact` false begins or ends somewhere within it.
- ``values`` alone have no names of nodes: each step is a bar without one.
- ``checkpoints`` add the checkpoint that a task started from, ``events`` that a node was tried
  again, ``tools`` the moments at which tools began and ended.

No order, loss or repetition of events makes it raise. Once the run has ended, no span is running.
All times are in milliseconds since 1970, as the events arrived.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from chat_app.client.events import Outcome
from chat_app.timeline import taking
from chat_app.timeline.known import Known
from chat_app.timeline.shapes import Call, task_in
from chat_app.timeline.span import Kind, Span, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.timeline.record import Recorded

MOST_SPANS = 4_000
MOST_BYTES = 8 * 2**20
"""Of inputs and updates, as they came."""
DEEPEST = 30
"""Graphs within graphs; what is deeper is shown at this level."""
_LEFT = 3 / 4
"""The part of the spans that is kept where there are too many."""


_ENDED_AS = {
    Outcome.FINISHED: State.DONE,
    Outcome.INTERRUPTED: State.INTERRUPTED,
    Outcome.FAILED: State.FAILED,
    Outcome.LOST: State.INTERRUPTED,
}


class Timeline:
    """All spans of one run.

    Args:
        most_spans: how many are kept; the oldest that have ended are dropped.
        most_bytes: of inputs and updates; those of the oldest are dropped.
    """

    def __init__(self, most_spans: int = MOST_SPANS, most_bytes: int = MOST_BYTES) -> None:
        self._most_spans = max(1, most_spans)
        self._most_bytes = most_bytes
        self._held: deque[tuple[Span, int]] = deque()
        self._bytes = 0
        self.spans: dict[str, Span] = {}
        """By id, each after the one around it."""
        self.open: dict[str, Span] = {}
        """Those that are running."""
        self.version = 0
        """Grows with each change."""
        self.run_id = ""
        self.attempt = 1
        """Above 1: the server has started the run again."""
        self.state = State.RUNNING
        self.error = ""
        self.start: float | None = None
        """When the first event arrived; None before it."""
        self.now = 0.0
        """When the last one did."""
        self.dropped = 0
        """How many spans are no longer kept."""
        self.dropped_at = 0
        """The version at which some were dropped last."""
        self.known = Known()
        """What earlier events told that later ones refer to."""

    def take(self, item: Recorded) -> None:
        """Add what one event tells."""
        if self.start is None:
            self.start = item.at
            self.version += 1
        self.now = max(self.now, item.at)
        taking.take(self, item)
        if self.state is not State.RUNNING and self.open:
            self._close_all(self.state, self.now)

    def finish(self, outcome: Outcome, at: float, error: str = "") -> None:
        """The run has ended: whatever still runs has ended with it."""
        self.start = at if self.start is None else self.start
        self.now = max(self.now, at)
        self.error = self.error or error
        self.state = _ENDED_AS[outcome]
        self.version += 1
        self._close_all(self.state, at)

    # What follows is for the modules of this package, which know what events mean.

    def begin(  # noqa: PLR0913 - a span's own fields
        self,
        id: str,
        name: str,
        namespace: tuple[str, ...],
        at: float,
        *,
        kind: Kind = Kind.NODE,
        parent: str | None = None,
        is_exact: bool = True,
    ) -> Span:
        """The span of this id, which is made with those around it unless there is one."""
        if known := self.spans.get(id):
            return known
        around = self.around(namespace, at) if parent is None else parent
        if known := self.spans.get(id):
            # It is one of those around it, by what a server has made up.
            return known
        span = Span(
            id=id,
            kind=kind,
            name=name,
            # One that was dropped may come again within this one: that would be a circle.
            parent=around if around in self.spans else "",
            namespace=namespace,
            start=at,
            is_exact=is_exact,
        )
        self.spans[id] = self.open[id] = span
        self.touch(span)
        outer = self.spans.get(around)
        if outer is not None and outer.state is not State.RUNNING:
            # Told too late: what is within something is over when that is.
            within = State.DONE if outer.state is State.CACHED else outer.state
            self.end(span, max(at, outer.end or at), within, is_told=False)
        if len(self.spans) > self._most_spans:
            self._drop_oldest()
        return span

    def around(self, namespace: tuple[str, ...], at: float) -> str:
        """The id of the span that has this namespace within it; empty for that of the root."""
        inner = ""
        for level, segment in enumerate(namespace[:DEEPEST]):
            name, task = task_in(segment)
            if task == inner:
                continue
            if task not in self.spans:
                self.begin(task, name, namespace[:level], at, parent=inner, is_exact=False)
            inner = task
        return inner

    def end(self, span: Span, at: float, state: State, *, is_told: bool = True) -> None:
        """End a span, and all within it; `is_told`: the server said so."""
        span.state = state
        span.end = max(at, span.start)
        span.is_told = is_told
        self.open.pop(span.id, None)
        self.touch(span)
        if span.kind is Kind.NODE and span.namespace in self.known.steps:
            self.known.ended.setdefault(span.namespace, []).append(span.id)
        within = State.DONE if state in (State.DONE, State.CACHED) else state
        for inner in [one for one in self.open.values() if one.parent == span.id]:
            self.end(inner, at, within, is_told=False)

    def reopen(self, span: Span, at: float) -> None:
        """It is tried again."""
        span.starts.append(at)
        span.state, span.end, span.is_told, span.error = State.RUNNING, None, False, ""
        self.open[span.id] = span
        self.touch(span)

    def running(self, namespace: tuple[str, ...], name: str | None = None) -> list[Span]:
        """The nodes of a graph that are running, oldest first; only those of a name if given."""
        return [
            span
            for span in self.open.values()
            if span.kind is Kind.NODE
            and span.namespace == namespace
            and (name is None or span.name == name)
        ]

    def tool(self, span: Span, call: Call, at: float, *, is_exact: bool = True) -> Span:
        """The span of a call of a tool within a node."""
        tool = self.begin(
            f"{span.id}/{call.id}",
            call.name,
            span.namespace,
            at,
            kind=Kind.TOOL,
            parent=span.id,
            is_exact=is_exact,
        )
        args = self.known.args.pop(call.id, None)
        if tool.input is None and not tool.is_elided:
            tool.input = args if call.args is None else call.args
            self.hold(tool, 0)
        return tool

    def hold(self, span: Span, size: int) -> None:
        """Keep what was put into a span, of so many bytes, as long as there is room."""
        self._held.append((span, size))
        self._bytes += size
        while self._bytes > self._most_bytes and self._held:
            oldest, freed = self._held.popleft()
            self._bytes -= freed
            oldest.input = oldest.update = None
            oldest.is_elided = True
            self.touch(oldest)

    def place(self, span: Span) -> None:
        """Say from which checkpoint it started, if that was told."""
        if found := self.known.checkpoints.get(span.id):
            span.checkpoint, step = found
            span.step = step if span.step is None else span.step

    def touch(self, span: Span) -> None:
        self.version += 1
        span.version = self.version

    def fail_sole(self, error: str, at: float) -> None:
        """An error that names no node: it is that of the only one that runs, if there is one."""
        leaves = self._leaves()
        if len(leaves) != 1 or any(span.state is State.FAILED for span in self.spans.values()):
            return
        leaf = leaves[0]
        leaf.error = error
        failed = leaf
        while failed.state is State.RUNNING:
            self.end(failed, at, State.FAILED, is_told=False)
            failed = self.spans.get(failed.parent, failed)

    def _leaves(self) -> list[Span]:
        outer = {span.parent for span in self.open.values()}
        return [span for span in self.open.values() if span.id not in outer]

    def _close_all(self, state: State, at: float) -> None:
        if state is State.FAILED:
            self.fail_sole(self.error, at)
            # Beside what failed, the rest was cut off.
            state = State.INTERRUPTED
        for span in list(self.open.values()):
            self.end(span, at, state, is_told=False)

    def _drop_oldest(self) -> None:
        excess = len(self.spans) - int(self._most_spans * _LEFT)
        gone: set[str] = set()
        for span in self.spans.values():
            if span.parent in gone or (len(gone) < excess and span.id not in self.open):
                gone.add(span.id)
        self._forget(gone)

    def _forget(self, ids: Iterable[str]) -> None:
        for gone in ids:
            self.dropped += 1
            del self.spans[gone]
            self.open.pop(gone, None)
            self.known.runs.pop(gone, None)
            self.known.checkpoints.pop(gone, None)
        self._held = deque(one for one in self._held if one[0].id in self.spans)
        self._bytes = sum(size for _, size in self._held)
        self.version += 1
        self.dropped_at = self.version
