"""The tree of versions: of made-up histories in detail, of real ones by properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.branch_runs import RunLink, of_runs
from chat_app.transcript.branches import OF_ANSWER, Tree, Versions, anchors, labels, of_history
from tests.helpers.branching_history import ASK, FORGET, TOOL, Thread, leaves
from tests.helpers.examples import examples

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = ["plain", TOOL, ASK, f"{TOOL} {ASK}", FORGET]
steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "send",
                "edit",
                "edit",
                "regenerate",
                "regenerate",
                "answer",
                "dismiss",
                "halt",
                "show",
            ]
        ),
        st.integers(0, 50),
        st.sampled_from(WORDS),
    ),
    min_size=2,
    max_size=9,
)


def played(happened: Sequence[tuple[str, int, str]], *, copies: bool = False) -> Thread:
    """A thread in which all this happened, one after the other."""
    thread = Thread()
    thread.send("plain")
    for what, pick, words in happened:
        asked = thread.questions()
        state = thread.state()
        is_open = bool(state.next)
        match what:
            case "send" if not is_open:
                thread.send(words)
            case "halt" if not is_open:
                thread.send(words, before_the_model=True)
                thread.stop()
            case "edit" if asked:
                thread.edit(asked[pick % len(asked)], words)
            case "regenerate" if asked:
                thread.regenerate(asked[pick % len(asked)])
            case "answer" if state.interrupts:
                thread.answer()
            case "dismiss" if state.interrupts:
                thread.dismiss()
            case "show":
                ends = leaves(thread.rows())
                thread.show(ends[pick % len(ends)])
            case "copy" if copies:
                thread.copy(thread.shown)
            case _:
                pass
    return thread


def switched(tree: Tree, start: str) -> set[str]:
    """The ends of all branches that the switcher leads to, one press after the other."""
    found, open_now = set[str](), [start]
    while open_now:
        end = open_now.pop()
        if end in found:
            continue
        found.add(end)
        for fork in tree.forks(end):
            open_now += [tree.newest(version).leaf for version in fork.versions]
    return found


@examples(60)
@given(steps)
def test_each_branch_can_be_reached_by_the_switcher(happened: list[tuple[str, int, str]]):
    thread = played(happened)
    rows = thread.rows()
    reached = switched(of_history(rows), thread.shown)
    assert reached >= {end for end in leaves(rows) if has_more_to_say(rows, end)}


def has_more_to_say(rows: Sequence[dict[str, Any]], end: str) -> bool:
    """Whether a branch asks something, or ends in messages that no other one goes on from."""
    by_id = {id_of(row): row for row in rows}
    if of_history(rows).ends[end].endswith("?"):
        return True
    said = [one["id"] for one in replay(lineage(by_id, end))]
    others = [[one["id"] for one in replay(lineage(by_id, id_of(row)))] for row in rows]
    asking = [row for row in rows if f"{id_of(row)}?" in of_history(rows).nodes]
    if any([one["id"] for one in replay(lineage(by_id, id_of(row)))] == said for row in asking):
        return False
    newest = max((id_of(row) for row, other in zip(rows, others, strict=True) if other == said))
    return newest == end and not any(len(o) > len(said) and o[: len(said)] == said for o in others)


@examples(60)
@given(steps)
def test_each_path_is_the_state_of_its_checkpoint(happened: list[tuple[str, int, str]]):
    thread = played(happened)
    rows = thread.rows()
    tree = of_history(rows)
    by_id = {row["checkpoint"]["checkpoint_id"]: row for row in rows}
    for end in leaves(rows):
        path = [by_id[node.id.removesuffix("?")] for node in tree.path(end)]
        shown = replay(path)
        assert shown == replay(lineage(by_id, end))
        present = {one["id"] for one in by_id[end]["values"]["messages"]}
        assert present <= {one["id"] for one in shown}


def replay(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """All messages that these states have had, in order."""
    seen: dict[str, dict[str, Any]] = {}
    for row in rows:
        seen |= {one["id"]: one for one in row["values"]["messages"]}
    return list(seen.values())


def lineage(by_id: dict[str, dict[str, Any]], end: str) -> list[dict[str, Any]]:
    found = []
    while end:
        found.insert(0, by_id[end])
        end = (by_id[end]["parent_checkpoint"] or {}).get("checkpoint_id", "")
    return found


@examples(60)
@given(steps)
def test_the_runs_tell_the_same_as_the_history(happened: list[tuple[str, int, str]]):
    thread = played(happened)
    rows = thread.rows()
    of_rows, of_links = of_history(rows), of_runs(thread.links)
    for end in leaves(rows):
        shown = [one["id"] for one in replay(lineage({id_of(row): row for row in rows}, end))]
        exact = labels(anchors(of_rows.forks(end), shown))
        told = labels(anchors(of_links.forks(thread.run_of[end]), shown))
        assert told == exact


def id_of(row: dict[str, Any]) -> str:
    return row["checkpoint"]["checkpoint_id"]


def test_a_thread_without_forks_has_no_versions():
    thread = played([("send", 0, TOOL), ("send", 0, ASK), ("answer", 0, ""), ("halt", 0, "plain")])
    assert of_history(thread.rows()).forks(thread.shown) == ()
    assert of_runs(thread.links).forks(thread.run_of[thread.shown]) == ()


def test_a_fork_that_adds_nothing_is_no_version():
    thread = played([("send", 0, "plain"), ("copy", 0, "")], copies=True)
    tree = of_history(thread.rows())
    assert tree.forks(thread.shown) == ()
    thread.send("plain")
    assert of_history(thread.rows()).forks(thread.shown) == ()


def test_edits_stand_at_the_message_and_regenerations_at_the_answer():
    thread = Thread()
    thread.send("plain")
    first, answer = thread.ids()
    thread.regenerate(first)
    _, again = thread.ids()
    thread.edit(first, "plain")
    edited = thread.shown
    tree = of_history(thread.rows())
    at_edited = labels(anchors(tree.forks(edited), thread.ids()))
    assert at_edited == {thread.ids()[0]: Versions(2, 2)}
    [fork] = tree.forks(edited)
    left = tree.newest(fork.versions[0]).leaf
    assert thread.ids(left) == [first, again]
    at_again = labels(anchors(tree.forks(left), thread.ids(left)))
    assert at_again == {first: Versions(1, 2), again: Versions(2, 2)}
    assert answer in {node.message_id for node in tree.leaves}


def test_an_edit_of_an_edit_is_the_third_version_of_one_message():
    thread = Thread()
    thread.send("plain")
    for _ in range(2):
        thread.edit(thread.questions()[0], "plain")
    told = labels(anchors(of_runs(thread.links).forks("run-3"), thread.ids()))
    assert told == {thread.questions()[0]: Versions(3, 3)}


@pytest.mark.parametrize("history", [[], [{}], [{"checkpoint": None, "values": None}]])
def test_an_odd_history_has_no_versions(history: list[dict[str, Any]]):
    assert of_history(history).forks("any") == ()


def test_versions_of_an_answer_without_a_message_do_not_stand_at_the_next_question():
    links = [
        RunLink("run-1", "q1", has_input=True),
        RunLink("run-2", regenerates="q1"),
        RunLink("run-3", "q2", has_input=True),
        RunLink("run-4", "q3", has_input=True, edits="q2"),
    ]
    forks = of_runs(links).forks("run-4")
    told = labels(anchors(forks, ["q1", "q3", "a3"], {"q1", "q3"}))
    assert told == {"q1": Versions(2, 2), "q3": Versions(2, 2)}


def test_versions_of_an_answer_without_a_message_stand_beside_those_of_its_question():
    links = [
        RunLink("run-1", "q1", has_input=True),
        RunLink("run-2", regenerates="q1"),
        RunLink("run-3", "q2", has_input=True, edits="q1"),
    ]
    told = labels(anchors(of_runs(links).forks("run-2"), ["q1"], {"q1"}))
    assert told == {"q1": Versions(1, 2), f"q1{OF_ANSWER}": Versions(2, 2)}
