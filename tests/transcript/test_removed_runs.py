"""The tree of versions after runs were deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from chat_app.transcript.branch_runs import RunLink, of_runs
from chat_app.transcript.removed_runs import (
    REMOVED,
    RemovedRun,
    no_note_of,
    note_of,
    removal_of,
    removed_in,
    with_removed,
)
from tests.helpers.examples import examples
from tests.helpers.values import VALUES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.transcript.branches import Node, Tree

moves = st.lists(
    st.tuples(st.sampled_from(["send", "edit", "regenerate", "switch"]), st.integers(0, 50)),
    min_size=1,
    max_size=8,
)
removals = st.lists(st.integers(0, 50), min_size=1, max_size=4)


def asked(number: int) -> str:
    return f"m{number}"


def played(happened: Sequence[tuple[str, int]], *, first: int = 1, end: str = "") -> list[RunLink]:
    """Runs in which all this happened, in a thread where `end` is shown at first."""
    links: list[RunLink] = []
    for number, (what, pick) in enumerate(happened, first):
        run = f"r{number}"
        questions = [one for one in links if one.message_id]
        old = questions[pick % len(questions)] if questions else None
        if what == "switch" and links:
            end = links[pick % len(links)].run_id
        elif what == "edit" and old:
            links.append(RunLink(run, asked(number), has_input=True, edits=old.message_id))
            end = ""
        elif what == "regenerate" and old:
            links.append(RunLink(run, regenerates=old.message_id))
            end = ""
        else:
            links.append(RunLink(run, asked(number), has_input=True, from_run=end))
            end = ""
    return links


def deleted(
    links: Sequence[RunLink], picks: Sequence[int]
) -> tuple[list[RunLink], dict[str, RemovedRun]]:
    """The runs that are left, and the notes of the others, deleted one after the other."""
    left, gone = list(links), dict[str, RemovedRun]()
    for pick in picks:
        if len(left) > 1:
            run_id = left[pick % len(left)].run_id
            note = removal_of(left, gone.values(), run_id)
            assert note
            gone[run_id] = note
            left = [one for one in left if one.run_id != run_id]
    return left, gone


def tree_of(left: Sequence[RunLink], gone: dict[str, RemovedRun]) -> Tree:
    order = with_removed(left, gone.values())
    return of_runs(order, removed={name: one.is_last for name, one in gone.items()})


def lives(tree: Tree, node: Node, living: set[str]) -> bool:
    """Whether a run that is left made a node, or goes on from it."""
    below = [one for one in tree.nodes.values() if one.parent == node.id]
    return node.leaf in living or any(lives(tree, one, living) for one in below)


@examples(300)
@given(moves, removals)
@example([("send", 0), ("edit", 0)], [0])
@example([("send", 0), ("send", 0), ("regenerate", 1), ("send", 0)], [1])
def test_only_versions_of_which_nothing_is_left_are_gone(
    happened: list[tuple[str, int]], picks: list[int]
) -> None:
    links = played(happened)
    before = of_runs(links)
    left, gone = deleted(links, picks)
    after, living = tree_of(left, gone), {one.run_id for one in left}
    for run_id in living:
        assert [n.id for n in after.path(run_id)] == [n.id for n in before.path(run_id)]
        wanted = {
            fork.shown.id: [n.id for n in fork.versions if lives(before, n, living)]
            for fork in before.forks(run_id)
        }
        found = {fork.shown.id: [n.id for n in fork.versions] for fork in after.forks(run_id)}
        assert found == {at: those for at, those in wanted.items() if len(those) > 1}


@examples(200)
@given(moves, removals)
def test_every_version_leads_to_a_run_that_is_left(
    happened: list[tuple[str, int]], picks: list[int]
) -> None:
    left, gone = deleted(played(happened), picks)
    tree, living = tree_of(left, gone), {one.run_id for one in left}
    for run_id in living:
        for fork in tree.forks(run_id):
            for version in fork.versions:
                assert tree.newest(version).leaf in living


@examples(200)
@given(moves, removals)
def test_what_is_sent_after_the_last_run_was_deleted_goes_on_from_the_last_that_is_left(
    happened: list[tuple[str, int]], picks: list[int]
) -> None:
    left, gone = deleted(played(happened), picks)
    new = RunLink("new", "question", has_input=True)
    tree = tree_of([*left, new], gone)
    is_last_gone = any(one.is_last for one in gone.values())
    path = [node.id for node in tree.path("new")]
    if is_last_gone:
        assert path[-3:-2] == [left[-1].run_id]
    assert path[-2:] == ["new?", "new"]


@examples(200)
@given(moves, removals)
def test_the_order_in_which_notes_are_read_does_not_matter(
    happened: list[tuple[str, int]], picks: list[int]
) -> None:
    links = played(happened)
    left, gone = deleted(links, picks)
    assert with_removed(left, list(gone.values())[::-1]) == links
    assert with_removed(left, gone.values()) == links


@examples(200)
@given(moves, removals)
def test_a_note_is_read_as_it_was_written(
    happened: list[tuple[str, int]], picks: list[int]
) -> None:
    _, gone = deleted(played(happened), picks)
    metadata = {"chat_title": "x"}
    for one in gone.values():
        metadata |= note_of(one)
    assert {one.run_id: one for one in removed_in(metadata)} == gone
    for one in gone.values():
        metadata |= no_note_of(one.run_id)
    assert removed_in(metadata) == ()


@examples(200)
@given(st.dictionaries(st.sampled_from(["link", "older", "is_last", "x"]), VALUES))
def test_a_note_of_another_form_is_passed_over(note: dict[str, object]) -> None:
    for one in removed_in({f"{REMOVED}r": note, REMOVED: note}):
        assert with_removed([], [one]) == [one.link]
        of_runs([one.link], removed={one.run_id: one.is_last})


def test_a_run_that_is_listed_was_not_deleted() -> None:
    link = RunLink("r1", "m1", has_input=True)
    assert with_removed([link], [RemovedRun(RunLink("r1"))]) == [link]
