"""What the Streams tab makes of the answers of its route, and of its boxes, in Node."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples
from tests.helpers.node import each

USUAL = ["values", "updates", "messages", "custom"]
ALL = [*USUAL, "tasks", "checkpoints", "debug", "events"]
JOIN = """
    let known = module.NOTHING;
    for (const told of given) known = module.joined({ ...known, rows: [...known.rows] }, told);
    return [known.rows.map(({ number }) => number), known.run, known.start];
"""
CHOOSE = "return given.reduce((now, [name, isOn]) => module.changed(now, [%s], name, isOn), []);"


def page(numbers: list[int], run: str = "r") -> dict[str, Any]:
    rows = [[number, 100.0 + number, "values", "values", "", 1, "{}", True] for number in numbers]
    last = numbers[-1] if numbers else 0
    told = {"over": False, "cut": False, "empty": False, "next": last, "first": 1, "last": last}
    return {**told, "run": run, "runs": [{"id": run, "start": 100.0}], "rows": rows}


def test_pages_of_one_run_add_up_and_those_of_the_next_begin_anew() -> None:
    found = each(
        "inspector/streams_pages.js",
        JOIN,
        [
            [page([1, 2]), page([]), page([3])],
            [page([1, 2]), page([1], run="s"), page([2], run="s")],
            [page([*range(1, 15_001)]), page([*range(15_001, 30_001)])],
            [],
        ],
    )
    assert found == [
        [[1, 2, 3], "r", 100],
        [[1, 2], "s", 100],
        [[*range(10_001, 30_001)], "r", 100],
        [[], "", 0],
    ]


@examples(20)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(ALL), st.booleans()), max_size=6),
        min_size=5,
        max_size=20,
    )
)
def test_a_choice_is_of_known_modes_in_their_order_and_none_is_what_the_chat_needs(
    presses: list[list[tuple[str, bool]]],
) -> None:
    usual = ",".join(f'"{name}"' for name in USUAL)
    for pressed, found in zip(
        presses, each("inspector/streams_choice.js", CHOOSE % usual, presses), strict=True
    ):
        wanted: list[str] = []
        for name, is_on in pressed:
            now = {*(wanted or USUAL)} - {name} | ({name} if is_on else set())
            wanted = [mode for mode in ALL if mode in now]
        assert found == wanted
