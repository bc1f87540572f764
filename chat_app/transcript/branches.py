"""The versions of a thread: an edit or a regeneration keeps what was there as another branch.

LangGraph overwrites nothing. A run that starts at an older checkpoint makes new ones beside those
that followed it, so the checkpoints of a thread are a tree. Most of them only lead from one step to
the next; this module keeps those that matter to a reader, as nodes: a person's message, and what
the graph answered. The children of a node are the versions of what follows it.

A `Tree` is made of the history of a thread (`of_history`, exact, but each state of a history has
all messages) or of its runs (`chat_app.transcript.branch_runs`, a few hundred bytes each).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app.transcript.load import each
from chat_app.transcript.outputs import messages_in
from chat_app.transcript.read import failed_with, id_of, is_result
from chat_app.transcript.shapes import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from chat_app.client.events import Json
    from chat_app.transcript.shapes import Shape

OF_ANSWER = ":answer"
"""After the id of a question: where the versions of its answer stand, which has no message, beside
those of the question."""
MESSAGE = "chat_message"
"""In the metadata of a run, and so of its checkpoints: the id of the message that it answers."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Which version of a message or an answer is shown, from 1 on, and how many there are."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Node:
    """What one branch has at one place: a person's message, an answer, or a step of one."""

    id: str
    parent: str = ""
    """The node before it; empty at the beginning."""
    order: int = 0
    """Later ones have higher numbers."""
    message_id: str = ""
    """The first message that it adds; empty where that is not known."""
    after: str | None = None
    """The last message before it, where `message_id` is empty; None where that is not known."""
    leaf: str = ""
    """Where it ends: the id of its newest checkpoint, or of its run."""
    is_question: bool = False
    """A person's message; else an answer, or a step of one. Only where `message_id` is empty."""
    is_replaced: bool = False
    """An attempt that failed and was repeated, or a run that was deleted: no version of its own,
    unless something goes on from it."""


class Fork(NamedTuple):
    """A place of a path where there are several versions, the oldest first."""

    shown: Node
    versions: tuple[Node, ...]

    @property
    def label(self) -> Versions:
        return Versions(self.versions.index(self.shown) + 1, len(self.versions))


@dataclass(frozen=True)
class Tree:
    """The nodes of a thread by their ids; a parent that is not among them is unknown."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    ends: Mapping[str, str] = field(default_factory=dict)
    """The node of each checkpoint, or of each run."""

    @cached_property
    def _children(self) -> Mapping[str, tuple[Node, ...]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            found.setdefault(node.parent, []).append(node)
        return {at: tuple(sorted(of, key=lambda one: one.order)) for at, of in found.items()}

    def path(self, end: str) -> tuple[Node, ...]:
        """The nodes from the beginning to a checkpoint, or a run; empty where it is unknown."""
        found: list[Node] = []
        node = self.nodes.get(self.ends.get(end, ""))
        while node and node not in found[-1:]:
            found.append(node)
            node = self.nodes.get(node.parent)
        found.reverse()
        return tuple(found)

    def forks(self, end: str) -> tuple[Fork, ...]:
        """Where the path to a checkpoint, or a run, has other versions; the first one first."""
        found = (Fork(node, self._versions_of(node)) for node in self.path(end))
        return tuple(fork for fork in found if len(fork.versions) > 1)

    def _versions_of(self, node: Node) -> tuple[Node, ...]:
        beside = self._children.get(node.parent, ())
        return tuple(one for one in beside if one is node or not self._is_gone(one))

    def _is_gone(self, node: Node) -> bool:
        """Whether nothing is left of it, nor of what goes on from it."""
        open_now = [node]
        while open_now:
            one = open_now.pop()
            if not one.is_replaced:
                return False
            open_now += self._children.get(one.id, ())
        return True

    def newest(self, node: Node) -> Node:
        """The newest end of all branches that go on from a node."""
        best, open_now = None, [node]
        while open_now:
            one = open_now.pop()
            further = [it for it in self._children.get(one.id, ()) if not self._is_gone(it)]
            open_now += further
            if not further and (best is None or _is_newer(one, best)):
                best = one
        return best or node

    @property
    def leaves(self) -> tuple[Node, ...]:
        """The ends of all branches."""
        return tuple(one for one in self.nodes.values() if one.id not in self._children)


def _is_newer(one: Node, other: Node) -> bool:
    return (not one.is_replaced, one.order) > (not other.is_replaced, other.order)


def anchors(
    forks: Sequence[Fork], messages: Sequence[str], questions: Collection[str] = ()
) -> dict[str, Fork]:
    """By the id of the message where a reader sees them.

    Args:
        forks: of one path.
        messages: all that are shown.
        questions: those that a person wrote.

    The versions of an answer that has no message yet, or none any more, stand at its question;
    where that has versions of its own, at `OF_ANSWER` of it.
    """
    place = {message_id: number for number, message_id in enumerate(messages)}
    found: dict[str, Fork] = {}
    late: dict[str, Fork] = {}
    for fork in forks:
        node = fork.shown
        if node.message_id in place:
            found[node.message_id] = fork
            continue
        if node.after is None or (node.after and node.after not in place):
            continue
        following = place[node.after] + 1 if node.after else 0
        if following < len(messages) and (node.is_question or messages[following] not in questions):
            found.setdefault(messages[following], fork)
        elif node.after:
            late[node.after] = fork
    return found | {f"{at}{OF_ANSWER}" if at in found else at: fork for at, fork in late.items()}


def labels(forks: Mapping[str, Fork]) -> dict[str, Versions]:
    """What a reader is told of them."""
    return {message_id: fork.label for message_id, fork in forks.items()}


# From the history.


class _Row(NamedTuple):
    """One checkpoint."""

    id: str
    parent: str
    source: str
    run_id: str
    goes_on: bool
    is_asking: bool
    messages: dict[str, Json]
    values: Any
    asked: str
    """The message that its run answers, where this app started it."""

    @property
    def last(self) -> str:
        """The last message that stands alone on a page."""
        alone = (name for name, one in reversed(self.messages.items()) if not is_result(one))
        return next(alone, "")


def of_history(history: Sequence[Mapping[str, Any]], shape: Shape = UNKNOWN) -> Tree:
    """The tree of a thread.

    Args:
        history: of ``POST /threads/T/history``, newest first. Where it does not go back to the
            beginning, what is older is unknown.
        shape: of the graph that works on the thread.
    """
    rows = {row.id: row for row in _rows(history, shape)}
    further: dict[str, list[_Row]] = {}
    for row in rows.values():
        further.setdefault(row.parent, []).append(row)
    new = _new_value if shape.needs_runs else _new_message
    nodes: dict[str, Node] = {}
    ends: dict[str, str] = {}
    for order, row in enumerate(rows.values()):
        before = rows.get(row.parent)
        parent = ends.get(row.parent, "")
        if shape.needs_runs and before and (before.source, row.source) == ("input", "input"):
            parent = nodes[parent].parent  # in the place of an input that was never taken
        if node := new(row, before):
            nodes[row.id] = replace(node, parent=parent, order=order, leaf=row.id)
            ends[row.id] = row.id
        elif before and before.is_asking and row.source == "update" and not row.goes_on:
            # What it asked was closed, and nothing was said to it.
            closed = Node(f"{row.id}?", parent, order, after=row.last, leaf=row.id)
            nodes[closed.id], ends[row.id] = closed, closed.id
        else:
            ends[row.id] = parent
            if known := nodes.get(parent):
                nodes[parent] = replace(known, leaf=row.id)
        others = further.get(row.id, [])
        if row.is_asking and all(other.source == "fork" for other in others):
            # It waits for an answer, whatever else was tried from there.
            asks = Node(f"{row.id}?", ends[row.id], order, after=row.last, leaf=row.id)
            nodes[asks.id] = asks
            if not others:
                ends[row.id] = asks.id
    return Tree(_with_replaced(nodes, rows), ends)


def _rows(history: Sequence[Mapping[str, Any]], shape: Shape) -> Iterator[_Row]:
    """The checkpoints of the thread itself, oldest first, each once."""
    for state in reversed(history):
        checkpoint = _dict(state.get("checkpoint"))
        name = str(checkpoint.get("checkpoint_id") or state.get("checkpoint_id") or "")
        if not name or checkpoint.get("checkpoint_ns"):
            continue
        parent = _dict(state.get("parent_checkpoint")).get("checkpoint_id")
        about, values = _dict(state.get("metadata")), state.get("values")
        listed = each(messages_in(values, shape.key))
        yield _Row(
            name,
            str(parent or state.get("parent_checkpoint_id") or ""),
            str(about.get("source") or ""),
            str(about.get("run_id") or ""),
            bool(state.get("next")),
            _is_asking(state),
            {id_of(one) or str(place): one for place, one in enumerate(listed)},
            values,
            str(about.get(MESSAGE) or ""),
        )


def _is_asking(state: Mapping[str, Any]) -> bool:
    """Whether a person's answer is missing: an answered question has a result beside it."""
    tasks = [task for task in state.get("tasks") or [] if isinstance(task, dict)]
    asking = [task for task in tasks if task.get("interrupts")]
    return any(task.get("result") is None and not task.get("error") for task in asking)


def _new_message(row: _Row, before: _Row | None) -> Node | None:
    """The node of a checkpoint that has new messages; one that only lacks some is none."""
    known = before.messages if before else {}
    new = [name for name, message in row.messages.items() if known.get(name) != message]
    if not new:
        return None
    alone = (name for name in new if not is_result(row.messages[name]))
    return Node(row.id, message_id=next(alone, ""), after=before.last if before else "")


def _new_value(row: _Row, before: _Row | None) -> Node | None:
    """The same where the state does not say what was asked: an input, or another value."""
    if row.source == "input":
        return Node(row.id, message_id=row.asked or f"{row.run_id}:asked")
    is_input_taken = before is not None and before.source == "input" and row.goes_on
    if is_input_taken or (before and row.values == before.values):
        return None
    return Node(row.id, message_id=f"{row.run_id}:output")


def _with_replaced(nodes: dict[str, Node], rows: Mapping[str, _Row]) -> dict[str, Node]:
    """Partial answers of failed attempts, where another attempt was made later."""
    newest: dict[str, int] = {}
    for node in nodes.values():
        newest[node.parent] = max(newest.get(node.parent, -1), node.order)
    for node in list(nodes.values()):
        row = rows.get(node.id)
        last = next(reversed(row.messages.values()), None) if row else None
        if last and node.order < newest[node.parent] and failed_with(last):
            nodes[node.id] = replace(node, is_replaced=True)
    return nodes


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
