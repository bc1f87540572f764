"""Each checkpoint of a thread's history is on one branch, with all that led to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples
from tests.helpers.node import each

LANES = "inspector/lanes.js"
BODY = "return Object.fromEntries(module.lanesOf(given));"


def lanes(*rows: tuple[str, str]) -> dict[str, int]:
    """Those of checkpoints and their parents, newest first."""
    listed = [{"id": name, "parent": parent} for name, parent in rows]
    return each(LANES, BODY, [listed])[0]


def test_one_branch_is_one_line() -> None:
    assert lanes(("c", "b"), ("b", "a"), ("a", "")) == {"c": 0, "b": 0, "a": 0}


def test_an_older_branch_is_beside_the_newest_until_they_part() -> None:
    rows = [("d", "b"), ("c", "b"), ("b", "a"), ("a", "")]
    assert lanes(*rows) == {"d": 0, "c": 1, "b": 0, "a": 0}


@examples(20)
@given(st.lists(st.integers(0, 9), max_size=12))
def test_the_newest_and_all_that_led_to_it_are_on_the_first_branch(parents: list[int]) -> None:
    # Each goes on from one that is older than itself.
    rows = [(str(n + 1), str(parent % (n + 1))) for n, parent in enumerate(parents)]
    tree = dict([("0", ""), *rows])
    found = lanes(*[*rows[::-1], ("0", "")])
    assert found.keys() == tree.keys()
    at = str(len(parents))
    while at:
        assert found[at] == 0
        at = tree[at]
    ends = tree.keys() - {*tree.values()}
    assert len({found[end] for end in ends}) == len(ends), "no two ends are on the same branch"
