"""What a server says of a graph, as nodes in groups and edges between them, to be laid out.

A description is ``{nodes: [{id, type, data, metadata}], edges: [{source, target, data,
conditional}]}`` (see `chat_app.client.schema.GraphDrawing`). With ``xray`` the nodes of a subgraph
stand in it flat, with the path to them as their id: ``research:search`` is the node ``search`` of
the subgraph that the node ``research`` runs. Here each subgraph becomes a group again.

Anything else that a server may send, an edge to a node that is not listed, no names, lists of
numbers, gives what of it can be drawn, and never raises. What is more than a page can draw is left
out and counted.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Kind = Literal["start", "end", "node"]

MOST_NODES = 600
"""Nodes of one drawing; what a server lists after them is left out."""
MOST_EDGES = 3_000
MOST_LEVELS = 6
"""Groups inside each other; what is deeper stands in the innermost of them."""
LONGEST_NAME = 200
"""Characters of a name, of the label of an edge, and of the name of a tool."""
LONGEST_ID = 1_000
MOST_TOOLS = 100

_MOST_NUMBERED = 10**9
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that turn the direction of what follows them: a name could show another one."""
_BETWEEN = ":"
_KINDS: dict[str, Kind] = {"__start__": "start", "__end__": "end"}


@dataclass(frozen=True)
class GraphNode:
    """One node. `group` is the id of the group it is in, or empty."""

    id: str
    """As the server has it: the names of the nodes that lead to it, with colons between."""
    name: str
    kind: Kind
    group: str
    tools: tuple[str, ...] = ()
    """The names of the tools that it calls."""
    before: bool = False
    """The graph itself says that a run pauses before it."""
    after: bool = False
    listed: bool = True
    """False: only an edge names it."""


@dataclass(frozen=True)
class GraphGroup:
    """A subgraph: its id is that of the node that runs it."""

    id: str
    name: str
    group: str


@dataclass(frozen=True)
class GraphEdge:
    """An edge between two nodes or groups. `label` says when a conditional one is taken."""

    source: str
    target: str
    conditional: bool
    label: str


@dataclass(frozen=True)
class GraphInput:
    """The graph of an assistant. Every id is there once; both ends of each edge are there.

    A group stands before the groups in it, and `nodes` and `edges` are in the server's order.
    """

    nodes: tuple[GraphNode, ...] = ()
    groups: tuple[GraphGroup, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
    left_out: int = 0
    """How many nodes and edges are not here: there are too many, or they have no usable id."""

    def as_json(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        return asdict(self)


def graph_input(description: object) -> GraphInput:
    """Read a description. Never raises; what is no description is a graph without nodes."""
    fields = description if isinstance(description, dict) else {}
    listed = [_Listed.of(entry) for entry in _entries(fields.get("nodes"))]
    pairs = [_Pair.of(entry) for entry in _entries(fields.get("edges"))]
    left_out = listed.count(None) + pairs.count(None)
    found = {node.id: node for node in reversed(listed) if node}
    nodes = {node.id: found[node.id] for node in listed if node}
    edges = [pair for pair in pairs if pair]
    groups = _groups_of([*nodes, *(end for edge in edges for end in edge.ends)])
    for end in (end for edge in edges for end in edge.ends):
        if end not in nodes and end not in groups:
            nodes[end] = _Listed(end, is_listed=False)
    drawn = [node for node in nodes.values() if node.id not in groups]
    kept = drawn[:MOST_NODES]
    groups = _groups_of(node.id for node in kept)
    ids = {node.id for node in kept} | groups.keys()
    between = [edge for edge in edges if ids.issuperset(edge.ends)]
    merged = _merged(between)
    left_out += len(drawn) - len(kept) + len(edges) - len(between)
    return GraphInput(
        nodes=tuple(node.drawn() for node in kept),
        groups=tuple(groups.values()),
        edges=merged[:MOST_EDGES],
        left_out=left_out + max(0, len(merged) - MOST_EDGES),
    )


def path_of(id: str) -> tuple[str, ...]:
    """The names of the subgraphs that lead to a node, and its own; one alone where it has none."""
    names = id.split(_BETWEEN)
    if not all(name.strip() for name in names):
        return (id,)
    if len(names) > MOST_LEVELS + 1:
        names[MOST_LEVELS:] = [_BETWEEN.join(names[MOST_LEVELS:])]
    return tuple(names)


@dataclass(frozen=True)
class _Listed:
    """A node as the server lists it."""

    id: str
    name: str = ""
    metadata: dict[Any, Any] | None = None
    is_listed: bool = True

    @classmethod
    def of(cls, entry: Any) -> _Listed | None:
        if not isinstance(entry, dict) or not (own := _id(entry.get("id"))):
            return None
        data, metadata = entry.get("data"), entry.get("metadata")
        name = data.get("name") if isinstance(data, dict) else data
        return cls(
            own,
            name=_words(name) if isinstance(name, str) else "",
            metadata=metadata if isinstance(metadata, dict) else None,
        )

    def drawn(self) -> GraphNode:
        *above, own = path_of(self.id)
        group, metadata = _BETWEEN.join(above), self.metadata or {}
        # The server names a node of a subgraph by its whole path.
        given = self.name.removeprefix(f"{group}{_BETWEEN}") if above else self.name
        tools, pauses = metadata.get("__tools"), metadata.get("__interrupt")
        when = pauses.split(",") if isinstance(pauses, str) else ()
        return GraphNode(
            self.id,
            name=given or _words(own) or own,
            kind=_KINDS.get(own, "node"),
            group=group,
            tools=tuple(_tools(tools)),
            before="before" in when,
            after="after" in when,
            listed=self.is_listed,
        )


@dataclass(frozen=True)
class _Pair:
    """An edge as the server lists it."""

    ends: tuple[str, str]
    is_conditional: bool
    label: str

    @classmethod
    def of(cls, entry: Any) -> _Pair | None:
        if not isinstance(entry, dict):
            return None
        source, target = _id(entry.get("source")), _id(entry.get("target"))
        if not (source and target):
            return None
        label = entry.get("data")
        return cls(
            (source, target),
            is_conditional=entry.get("conditional") is True,
            label=_words(label) if isinstance(label, str) else "",
        )


def _groups_of(ids: Iterable[str]) -> dict[str, GraphGroup]:
    """The subgraphs on the way to nodes, by their ids, each after the one that it is in."""
    groups: dict[str, GraphGroup] = {}
    for each in ids:
        names = path_of(each)[:-1]
        for level in range(len(names)):
            own = _BETWEEN.join(names[: level + 1])
            above = _BETWEEN.join(names[:level])
            groups.setdefault(own, GraphGroup(own, _words(names[level]) or names[level], above))
    return groups


def _merged(pairs: list[_Pair]) -> tuple[GraphEdge, ...]:
    """One edge for all between the same two ends: what it may wait for, and what it always does."""
    together: dict[tuple[str, str], list[_Pair]] = {}
    for pair in pairs:
        together.setdefault(pair.ends, []).append(pair)
    return tuple(
        GraphEdge(
            *ends,
            conditional=all(pair.is_conditional for pair in same),
            label=_cut(", ".join(dict.fromkeys(pair.label for pair in same if pair.label))),
        )
        for ends, same in together.items()
    )


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _id(value: Any) -> str:
    """An id as text, empty if it is none. Nodes without a name of their own have numbers."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST_NUMBERED:
        return str(value)
    if not isinstance(value, str) or len(value) > LONGEST_ID or not value.strip():
        return ""
    return _whole(value)


def _tools(value: Any) -> Iterator[str]:
    for tool in _entries(value)[:MOST_TOOLS]:
        if isinstance(tool, str) and (name := _words(tool)):
            yield name


def _words(text: str) -> str:
    return _cut(" ".join(_whole(text[: 4 * LONGEST_NAME]).translate(_TURNING).split()))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which cannot be sent."""
    return text if text.isascii() else text.encode(errors="ignore").decode()
