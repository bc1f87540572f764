"""The drawing of a graph: what is shown of it, where it is laid out, and what of a run is in it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chat_app.timeline.graph_input import graph_input
from tests.helpers.examples import examples
from tests.helpers.node import each

FOLDED = """
    const { folded, neighbours, ordered } = module;
    const shown = folded(given.graph, given.closed);
    return {
        ...shown,
        list: ordered(shown).map(({ id }) => id),
        around: shown.boxes.map(({ id }) => [id, neighbours(id, shown)]),
    };
"""
LAID_OUT = """
    const { fitting, smooth, arrow } = module;
    const dagre = { Graph: class { constructor() { throw new Error("none"); } } };
    const { folded } = given;
    const sizes = new Map(folded.boxes.map(({ id }, at) => [id, { width: 60 + at, height: 40 }]));
    const labels = folded.pieces.map(() => ({ width: 0, height: 0 }));
    const frame = { width: 500, height: 400, unit: 1 };
    const layout = fitting(dagre, folded, { sizes, labels, frame });
    return {
        ...layout,
        boxes: Object.fromEntries(layout.boxes),
        lines: layout.lines.map(({ points }) => [smooth(points), arrow(points, 9)]),
    };
"""

PARTS = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(":".join)
IDS = st.one_of(PARTS, st.sampled_from(["__start__", "__end__", "__proto__", "a:__end__"]))
EDGES = st.fixed_dictionaries(
    {"source": IDS, "target": IDS}, optional={"conditional": st.booleans(), "data": st.text("xy")}
)


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Any]:
    """A graph as the route sends it, and some of its groups, which are closed."""
    nodes = [{"id": one} for one in draw(st.lists(IDS, max_size=12))]
    found = graph_input({"nodes": nodes, "edges": draw(st.lists(EDGES, max_size=20))}).as_json()
    groups = [group["id"] for group in found["groups"]]
    closed = draw(st.lists(st.sampled_from(groups))) if groups else []
    return {"graph": found, "closed": closed}


def folded(*given: dict[str, Any]) -> list[dict[str, Any]]:
    return each("inspector/graph_fold.js", FOLDED, list(given))


def drawn(ids: list[str], *pairs: tuple[str, str], closed: tuple[str, ...] = ()) -> dict[str, Any]:
    edges = [{"source": source, "target": target} for source, target in pairs]
    graph = graph_input({"nodes": [{"id": one} for one in ids], "edges": edges}).as_json()
    return {"graph": graph, "closed": list(closed)}


def pieces(shown: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (piece["within"], piece["source"] or piece["via"], piece["target"] or piece["via"])
        for piece in shown["pieces"]
    ]


NESTED = (
    ["__start__", "first", "sub:a", "sub:deep:b", "__end__"],
    ("__start__", "first"),
    ("first", "sub:a"),
    ("sub:a", "sub:deep:b"),
    ("sub:deep:b", "__end__"),
    ("sub:deep:b", "first"),
)


def test_an_edge_into_an_open_group_goes_on_from_its_entry() -> None:
    (shown,) = folded(drawn(*NESTED))
    assert shown["list"] == [
        "__start__",
        "first",
        "sub",
        "sub:a",
        "sub:deep",
        "sub:deep:b",
        "__end__",
    ]
    assert sorted(pieces(shown)) == sorted(
        [
            ("", "__start__", "first"),
            ("", "first", "sub"),
            ("sub", "entry", "sub:a"),
            ("sub", "sub:a", "sub:deep"),
            ("sub:deep", "entry", "sub:deep:b"),
            ("sub:deep", "sub:deep:b", "exit"),
            ("sub", "sub:deep", "exit"),
            ("", "sub", "__end__"),
            ("", "sub", "first"),
        ]
    )


def test_a_closed_group_has_the_edges_of_what_is_in_it() -> None:
    (shown,) = folded(drawn(*NESTED, closed=("sub",)))
    assert shown["list"] == ["__start__", "first", "sub", "__end__"]
    assert pieces(shown) == [
        ("", "__start__", "first"),
        ("", "first", "sub"),
        ("", "sub", "__end__"),
        ("", "sub", "first"),
    ]


def test_the_ends_of_edges_are_told_for_nodes_and_for_groups() -> None:
    (shown,) = folded(drawn(*NESTED))
    around = dict(shown["around"])
    assert [end["id"] for end in around["sub"]["to"]] == ["__end__", "first"]
    assert [end["id"] for end in around["sub"]["from"]] == ["first"]
    assert [end["id"] for end in around["sub:a"]["to"]] == ["sub:deep:b"]
    assert [end["id"] for end in around["first"]["from"]] == ["__start__", "sub:deep:b"]


def test_a_loop_is_an_edge_of_its_node_only() -> None:
    open_, closed = folded(
        drawn(["sub:a"], ("sub:a", "sub:a")), drawn(["sub:a"], ("sub:a", "sub:a"), closed=("sub",))
    )
    assert pieces(open_) == [("sub", "sub:a", "sub:a")]
    assert pieces(closed) == []


@given(st.lists(graphs(), min_size=20, max_size=30))
@examples(6)
def test_what_is_shown_of_any_graph_can_be_drawn_and_followed(given: list[dict[str, Any]]) -> None:
    found = folded(*given)
    layouts = each("inspector/graph_layout.js", LAID_OUT, [{"folded": one} for one in found])
    for asked, shown, layout in zip(given, found, layouts, strict=True):
        boxes = {box["id"]: box for box in shown["boxes"]}
        assert sorted(shown["list"]) == sorted(boxes)
        _check_groups(asked, boxes)
        for piece in shown["pieces"]:
            ends = [piece[end] for end in ("source", "target") if piece[end]]
            assert len(ends) == (1 if piece["via"] else 2)
            assert {boxes[end]["group"] for end in ends} == {piece["within"]}
        assert {end for way in shown["ways"] for end in (way["source"], way["target"])} <= set(
            boxes
        )
        _check_layout(boxes, layout, len(shown["pieces"]))


def _check_groups(asked: dict[str, Any], boxes: dict[str, Any]) -> None:
    closed = set(asked["closed"])
    for box in boxes.values():
        group = boxes.get(box["group"])
        assert group is None or group["isOpen"]
        assert box["level"] == (0 if group is None else group["level"] + 1)
        assert box["isOpen"] == (box["kind"] == "group" and box["id"] not in closed)
    graph = asked["graph"]
    if not closed:
        assert len(boxes) == len(graph["nodes"]) + len(graph["groups"])


def _check_layout(boxes: dict[str, Any], layout: dict[str, Any], count: int) -> None:
    """Each box has a place of its own, within its group; the same where dagre gives none."""
    places = layout["boxes"]
    assert set(places) == set(boxes)
    for name, box in boxes.items():
        inner, group = places[name], places.get(box["group"])
        around = group or {"x": 0, "y": 0, "width": layout["width"], "height": layout["height"]}
        assert around["x"] <= inner["x"]
        assert around["y"] <= inner["y"]
        assert inner["x"] + inner["width"] <= around["x"] + around["width"] + 0.01
        assert inner["y"] + inner["height"] <= around["y"] + around["height"] + 0.01
        for other, beside in boxes.items():
            if other > name and beside["group"] == box["group"]:
                assert not _meet(inner, places[other]), (name, other)
    assert len(layout["lines"]) == count
    assert all("NaN" not in path for paths in layout["lines"] for path in paths)


def _meet(one: dict[str, float], other: dict[str, float]) -> bool:
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


def test_a_long_name_is_broken_where_its_parts_begin() -> None:
    body = "return module.wrapped(given, { width: 12, most: 3, measure: (text) => text.length });"
    names = ["HumanInTheLoop.after_model", "a", "x" * 50, "", "one two three", "😀" * 30]
    found = each("inspector/graph_names.js", body, names)
    assert found[0] == ["HumanInThe", "Loop.after_", "model"]
    assert found[1] == ["a"]
    assert found[2] == ["x" * 12, "x" * 12, "x" * 11 + "…"]
    assert found[3] == [""]
    assert found[4] == ["one two", "three"]
    assert "\ufffd" not in "".join(found[5])


@given(st.lists(st.text(max_size=60), min_size=20, max_size=30))
@examples(4)
def test_the_lines_of_a_name_fit_and_leave_nothing_out_unsaid(names: list[str]) -> None:
    body = """
        const measure = (text) => [...text].length;
        return module.wrapped(given, { width: 10, most: 3, measure });
    """
    for name, lines in zip(names, each("inspector/graph_names.js", body, names), strict=True):
        assert 1 <= len(lines) <= 3
        assert all(len(line) <= 10 for line in lines)
        kept, whole = "".join("".join(lines).split()), "".join(name.split())
        assert kept == whole or (lines[-1].endswith("…") and whole.startswith(kept[:-1]))


def test_names_on_a_small_drawing_do_not_meet_and_the_first_ones_win() -> None:
    body = """
        const size = { width: 60, height: 14 };
        const boxes = given.map(([x, y], id) => ({ id, x, y, width: 20, height: 10, size }));
        const camera = { x: 0, y: 0, scale: 0.5 };
        return module.placed(boxes, camera, { width: 300, height: 200 });
    """
    grid = [[x * 30, y * 20] for y in range(30) for x in range(30)]
    (names,) = each("inspector/graph_labels.js", body, [grid])
    assert names[0]["id"] == 0
    assert 20 < len(names) < 900
    for at, one in enumerate(names):
        for other in names[:at]:
            apart = one["left"] >= other["right"] or other["left"] >= one["right"]
            assert apart or one["top"] >= other["bottom"] or other["top"] >= one["bottom"]


def span(name: str, state: str = "done", *namespace: str, kind: str = "node") -> dict[str, Any]:
    return {"name": name, "state": state, "namespace": list(namespace), "kind": kind}


RAN = """
    const boxes = given.boxes.map((id) => ({ id, level: id.split(":").length }));
    const parents = new Map(given.graph);
    const runs = module.ran(new Map(Object.entries(given.spans)), boxes, parents);
    const told = [...runs].map(([id, { count, state }]) => [id, count, state]);
    return { told, running: module.running(boxes, runs) };
"""
OF_NESTED = [["first", ""], ["sub", ""], ["sub:a", "sub"], ["sub:deep", "sub"]]


def ran(boxes: list[str], *spans: dict[str, Any]) -> dict[str, Any]:
    asked = {"boxes": boxes, "graph": OF_NESTED, "spans": list(spans)}
    (found,) = each("inspector/graph_runs.js", RAN, [asked])
    return found


def test_the_steps_of_a_run_belong_to_their_nodes() -> None:
    found = ran(
        ["first", "sub", "sub:a", "sub:deep"],
        span("first"),
        span("sub", "running"),
        span("a", "done", "sub:1b2c"),
        span("a", "running", "sub:1b2c"),
        span("a", "done", "sub:1b2c"),
        span("weather", "failed", kind="tool"),
    )
    assert found["told"] == [["first", 1, "done"], ["sub", 1, "running"], ["sub:a", 3, "running"]]
    assert found["running"] == ["sub:a", "sub"], "the innermost first"


def test_what_is_not_drawn_is_not_counted_for_what_is_around_it() -> None:
    found = ran(
        ["first", "sub"],
        span("sub", "interrupted"),
        span("a", "done", "sub:1"),
        span("model", "running", "first:2", "agent:3"),
        span("stranger", "failed"),
    )
    assert found["told"] == [["sub", 1, "interrupted"], ["first", 0, ""]]


def test_zooming_keeps_the_point_and_moving_keeps_the_drawing_in_sight() -> None:
    body = """
        const { firstView, kept, moved, revealed, whole, zoomed } = module;
        const [drawing, frame] = [{ width: 4000, height: 3000 }, { width: 500, height: 400 }];
        const all = whole(drawing, frame, 1);
        const near = zoomed(all, 8, { x: 100, y: 90 }, 1);
        const far = { x: 3900, y: 2900, width: 80, height: 40 };
        const from = { ...far, x: 0, y: 0 };
        const first = firstView(drawing, frame, { unit: 1, readable: 0.8, from });
        return {
            all, first, lost: kept(moved(near, { x: 9e9, y: -9e9 }), drawing, frame),
            before: (100 - all.x) / all.scale, after: (100 - near.x) / near.scale,
            shown: revealed(first, far, frame),
        };
    """
    (found,) = each("inspector/graph_camera.js", body, [None])
    all_ = found["all"]
    assert all_["x"] >= 0
    assert all_["x"] + 4000 * all_["scale"] <= 500
    assert abs(found["before"] - found["after"]) < 1e-6
    assert found["first"]["scale"] == 0.8
    assert (found["first"]["x"], found["first"]["y"]) == (16, 16), "not in the middle of nothing"
    shown = found["shown"]
    assert 0 <= shown["x"] + 3900 * 0.8 <= 500
    assert 0 <= shown["y"] + 2900 * 0.8 <= 400
    assert found["lost"]["x"] < 500
    assert found["lost"]["y"] > -3000 * found["lost"]["scale"]
