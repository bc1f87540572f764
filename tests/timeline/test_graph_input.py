"""The description of a graph, read for its layout: what servers say, and anything else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.timeline import graph_input as module
from chat_app.timeline.graph_input import (
    MOST_EDGES,
    MOST_LEVELS,
    MOST_NODES,
    GraphEdge,
    GraphGroup,
    GraphInput,
    graph_input,
)
from tests.helpers.examples import examples
from tests.helpers.values import VALUES

IDS = st.one_of(
    st.sampled_from(
        [
            "a",
            "b",
            "a:b",
            "a:b:c",
            "a:c",
            "b:__start__",
            "__start__",
            "__end__",
            "",
            ":",
            "a:",
            "::a",
        ]
    ),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=12).map(":".join),
    st.text(max_size=8),
    st.integers(-3, 3),
)
NODES = st.fixed_dictionaries(
    {"id": IDS},
    optional={
        "type": st.text(max_size=5),
        "data": VALUES | st.fixed_dictionaries({"name": st.text(max_size=300)}),
        "metadata": VALUES
        | st.fixed_dictionaries({"__tools": st.lists(st.text(max_size=9)), "__interrupt": VALUES}),
    },
)
EDGES = st.fixed_dictionaries(
    {"source": IDS, "target": IDS},
    optional={"conditional": st.booleans() | VALUES, "data": st.text(max_size=9) | VALUES},
)
DRAWINGS = st.fixed_dictionaries({"nodes": st.lists(NODES), "edges": st.lists(EDGES)})


def node(id: Any, **metadata: Any) -> dict[str, Any]:
    about = {"metadata": metadata} if metadata else {}
    return {"id": id, "type": "runnable", "data": {"name": id}, **about}


def edge(source: Any, target: Any, **more: Any) -> dict[str, Any]:
    return {"source": source, "target": target, **more}


def drawing(ids: list[Any], *edges: dict[str, Any]) -> dict[str, Any]:
    return {"nodes": [node(one) for one in ids], "edges": list(edges)}


def ids_of(found: GraphInput) -> set[str]:
    return {node.id for node in found.nodes} | {group.id for group in found.groups}


def test_an_agent_has_nodes_and_edges_of_both_kinds() -> None:
    found = graph_input(
        {
            "nodes": [
                node("__start__"),
                node("model"),
                node("tools", __tools=["weather", "clock"], __interrupt="before,after"),
                {"id": "__end__"},
            ],
            "edges": [
                edge("__start__", "model"),
                edge("model", "tools", conditional=True, data="continue"),
                edge("tools", "model"),
                edge("model", "__end__", conditional=True),
            ],
        }
    )
    assert [(n.id, n.name, n.kind) for n in found.nodes] == [
        ("__start__", "__start__", "start"),
        ("model", "model", "node"),
        ("tools", "tools", "node"),
        ("__end__", "__end__", "end"),
    ]
    tools = found.nodes[2]
    assert (tools.tools, tools.before, tools.after) == (("weather", "clock"), True, True)
    assert found.edges[1:3] == (
        GraphEdge("model", "tools", conditional=True, label="continue"),
        GraphEdge("tools", "model", conditional=False, label=""),
    )
    assert (found.groups, found.left_out) == ((), 0)


def test_the_nodes_of_subgraphs_are_in_groups_inside_each_other() -> None:
    found = graph_input(drawing(["first", "sub:deep:a", "sub:b"], edge("first", "sub:deep:a")))
    assert found.groups == (
        GraphGroup("sub", "sub", ""),
        GraphGroup("sub:deep", "deep", "sub"),
    )
    assert [(n.name, n.group) for n in found.nodes] == [
        ("first", ""),
        ("a", "sub:deep"),
        ("b", "sub"),
    ]


def test_a_node_that_has_nodes_in_it_is_a_group_that_edges_lead_to() -> None:
    found = graph_input(drawing(["sub", "sub:a"], edge("sub:a", "sub")))
    assert ids_of(found) == {"sub", "sub:a"}
    assert len(found.nodes) == 1
    assert found.edges == (GraphEdge("sub:a", "sub", conditional=False, label=""),)


def test_nodes_without_names_have_numbers() -> None:
    found = graph_input(
        {"nodes": [{"id": 0, "data": "Input"}, {"id": 1}], "edges": [edge(0, 1), edge(1, 7)]}
    )
    assert [(n.id, n.name, n.listed) for n in found.nodes] == [
        ("0", "Input", True),
        ("1", "1", True),
        ("7", "7", False),
    ]


def test_several_edges_between_two_nodes_are_one() -> None:
    found = graph_input(
        drawing(
            ["a", "b"],
            edge("a", "b", conditional=True, data="yes"),
            edge("a", "b", conditional=True, data="perhaps"),
            edge("a", "b", conditional=True, data="yes"),
            edge("b", "b", conditional=True),
            edge("b", "b"),
        )
    )
    assert found.edges == (
        GraphEdge("a", "b", conditional=True, label="yes, perhaps"),
        GraphEdge("b", "b", conditional=False, label=""),
    )


def test_what_is_too_much_is_left_out_and_counted() -> None:
    ids = [f"n{number}" for number in range(MOST_NODES + 5)]
    found = graph_input(drawing(ids, *(edge(ids[0], one) for one in ids)))
    assert len(found.nodes) == MOST_NODES
    assert found.left_out == 10
    pairs = [edge(a, b) for a in ids[:60] for b in ids[:60]]
    assert len(pairs) > MOST_EDGES
    found = graph_input(drawing(ids[:60], *pairs))
    assert (len(found.edges), found.left_out) == (MOST_EDGES, len(pairs) - MOST_EDGES)


def test_a_name_that_is_too_long_is_cut_and_its_id_is_not() -> None:
    long = "x" * 900
    (found,) = graph_input(drawing([long])).nodes
    assert (found.id, len(found.name), found.name[-1]) == (long, module.LONGEST_NAME, "…")
    assert graph_input(drawing(["x" * 1001])).left_out == 1


def test_what_is_deeper_than_can_be_drawn_is_in_the_innermost_group() -> None:
    names = [f"s{level}" for level in range(MOST_LEVELS + 3)]
    found = graph_input(drawing([":".join(names)]))
    assert len(found.groups) == MOST_LEVELS
    assert found.nodes[0].group == found.groups[-1].id
    assert found.nodes[0].name == ":".join(names[MOST_LEVELS:])


@pytest.mark.parametrize("odd", [None, [], "graph", 7, {"nodes": {}, "edges": "e"}, {"nodes": [1]}])
def test_what_is_no_description_has_no_nodes(odd: object) -> None:
    assert graph_input(odd).nodes == ()


@given(DRAWINGS | VALUES | st.fixed_dictionaries({"nodes": VALUES, "edges": VALUES}))
@examples(150)
def test_whatever_comes_can_be_laid_out(description: Any) -> None:
    before = json.dumps(description)
    found = graph_input(description)
    assert json.dumps(description) == before
    ids = [node.id for node in found.nodes] + [group.id for group in found.groups]
    assert len(set(ids)) == len(ids)
    for end in (end for edge in found.edges for end in (edge.source, edge.target)):
        assert end in ids
    assert len({(edge.source, edge.target) for edge in found.edges}) == len(found.edges)
    above: set[str] = {""}
    for group in found.groups:
        assert group.group in above
        above.add(group.id)
    assert {node.group for node in found.nodes} <= above
    assert above - {""} <= {part.group for part in (*found.nodes, *found.groups)}, "no empty group"
    assert all(part.name for part in (*found.nodes, *found.groups))
    json.dumps(found.as_json(), ensure_ascii=False).encode()


@given(st.lists(st.tuples(IDS, IDS), min_size=1))
@examples(100)
def test_an_edge_that_has_two_ends_is_drawn_or_counted(pairs: list[tuple[Any, Any]]) -> None:
    found = graph_input({"edges": [edge(*pair) for pair in pairs]})
    drawn = {(edge.source, edge.target) for edge in found.edges}
    named = [pair for pair in pairs if module._id(pair[0]) and module._id(pair[1])]
    assert {(module._id(a), module._id(b)) for a, b in named} == drawn
    assert found.left_out == len(pairs) - len(named)
