"""Where the runs of a thread stop, as its metadata say: of any kind, for they are shared."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from chat_app.runs.inspector.breakpoints import (
    BREAKPOINTS,
    EVERY,
    MOST_NODES,
    Breakpoints,
    ThreadBreakpoints,
    breakpoints_in,
    options_of,
)
from tests.helpers.examples import examples
from tests.helpers.values import VALUES


@examples(100)
@given(VALUES, VALUES)
def test_whatever_the_metadata_hold_is_read_as_names_of_nodes(value: Any, other: Any) -> None:
    for stored in (value, {"before": value, "after": other}):
        found = breakpoints_in({BREAKPOINTS: stored})
        assert all(isinstance(name, str) and name for some in found for name in some)
        assert breakpoints_in({BREAKPOINTS: found._asdict()}) == found


def test_a_run_asks_to_stop_at_them() -> None:
    assert options_of(Breakpoints()) == {}
    assert options_of(Breakpoints(("a", "b"))) == {"interrupt_before": ["a", "b"]}
    assert options_of(Breakpoints(after=(EVERY,))) == {"interrupt_after": "*"}


def test_every_node_stands_for_all_others() -> None:
    stored = {"before": ["a", EVERY, "a"], "after": [str(n) for n in range(500)]}
    found = breakpoints_in({BREAKPOINTS: stored})
    assert found.before == (EVERY,)
    assert len(found.after) == MOST_NODES


def test_what_was_chosen_here_and_is_not_written_yet_stays() -> None:
    mine = ThreadBreakpoints("t")
    mine.read({BREAKPOINTS: {"before": ["a"]}})
    assert mine.chosen == Breakpoints(("a",))
    mine.chosen = Breakpoints(("b",))
    mine.read({BREAKPOINTS: {"before": ["a"]}})
    assert mine.chosen == Breakpoints(("b",))
    assert mine.metadata() == {BREAKPOINTS: {"before": ["b"], "after": []}}
