"""Rows tell which version of a message or an answer they are: "2 / 3"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.runs.timings import Timings
from chat_app.state.painter import Painter
from chat_app.state.rows import EndRow, HumanRow, MediaRow
from chat_app.transcript.branches import OF_ANSWER, Versions
from chat_app.transcript.message import (
    Failure,
    Given,
    Interrupt,
    Media,
    Message,
    Role,
    Text,
    ToolCall,
    ToolStatus,
    Transcript,
)
from tests.helpers.painting import answer, human, running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.state.rows import Row

ASKED, SAID = human("?"), answer(Text("a"))
THREAD = Transcript((ASKED, SAID))
AGAIN = {ASKED.id: Versions(2, 3), SAID.id: Versions(1, 2)}


def numbered(rows: list[Row]) -> dict[str, tuple[int, int]]:
    """Number and count of each row that belongs to a message, by the message's id."""
    own = [row for row in rows if isinstance(row, HumanRow | MediaRow | EndRow) and row.id]
    return {row.id: (row.number, row.count) for row in own}


def painted(transcript: Transcript, versions: Mapping[str, Versions] | None = None) -> list[Row]:
    return Painter(Timings()).paint(transcript, at_rest=True, versions=versions).rows


def test_a_message_and_an_answer_tell_their_versions() -> None:
    assert numbered(painted(THREAD, AGAIN)) == {ASKED.id: (2, 3), SAID.id: (1, 2)}


def test_a_message_with_one_version_tells_none() -> None:
    assert numbered(painted(THREAD)) == {ASKED.id: (0, 0), SAID.id: (0, 0)}
    alone = {ASKED.id: Versions(1, 1)}
    assert painted(THREAD, alone) == painted(THREAD)


def test_versions_that_become_known_change_no_other_row() -> None:
    painter = Painter(Timings())
    thread = Transcript((ASKED, SAID, human("and?"), answer(Text("b"), id="a2")))
    before = painter.paint(thread, at_rest=True).rows
    paint = painter.paint(thread, at_rest=True, versions={SAID.id: Versions(2, 2)})
    assert paint.keep == 2
    after = [*before[: paint.keep], *paint.rows]
    assert numbered(after)[SAID.id] == (2, 2)
    changed = [row.key for row, was in zip(after, before, strict=True) if row != was]
    assert changed == ["0.end"]


def test_versions_that_go_away_are_not_shown_any_more() -> None:
    painter = Painter(Timings())
    painter.paint(THREAD, at_rest=True, versions=AGAIN)
    paint = painter.paint(THREAD, at_rest=True, versions={})
    assert set(numbered(paint.rows).values()) == {(0, 0)}


def test_the_same_versions_paint_nothing_again() -> None:
    painter = Painter(Timings())
    first = painter.paint(THREAD, at_rest=True, versions=AGAIN)
    paint = painter.paint(THREAD, at_rest=True, versions=AGAIN)
    assert (paint.keep, paint.rows) == (len(first.rows), [])


def test_earlier_rows_tell_their_versions_too() -> None:
    messages = [m for n in range(9) for m in (human(str(n)), answer(Text("a"), id=f"a{n}"))]
    versions = {"h 0": Versions(1, 2), "a8": Versions(3, 3)}
    painter = Painter(Timings(), page=3)
    last = painter.paint(Transcript(tuple(messages)), at_rest=True, versions=versions).rows
    assert "h 0" not in numbered(last)
    assert numbered(last)["a8"] == (3, 3)
    rows = last
    while painter.first:
        rows = painter.earlier() + rows
    assert numbered(rows)["h 0"] == (1, 2)


def test_the_line_below_another_version_of_an_answer_is_the_same_one() -> None:
    """However many messages it has: the focus stays on the button that was pressed."""
    call = ToolCall("c", "look", "{}", ToolStatus.DONE)
    longer = (ASKED, answer(call, id="b1"), answer(Text("b"), id="b2"))
    [end] = [row for row in painted(THREAD) if isinstance(row, EndRow)]
    [other] = [row for row in painted(Transcript(longer)) if isinstance(row, EndRow)]
    assert end.key == other.key
    assert (end.id, other.id) == (SAID.id, "b1"), "versions are known at the first message"


def test_what_a_person_sent_without_words_can_be_edited() -> None:
    picture = Message("m1", Role.HUMAN, (Media("image", "image/png", "a.png", data="AA=="),))
    [row] = painted(Transcript((picture, SAID)), {"m1": Versions(1, 2)})[:1]
    assert isinstance(row, MediaRow)
    assert (row.id, row.number, row.count) == ("m1", 1, 2)
    both = replace(picture, parts=(Text("Look"), *picture.parts))
    media, words = painted(Transcript((both, SAID)))[:2]
    assert isinstance(media, MediaRow)
    assert isinstance(words, HumanRow)
    assert (media.id, words.id) == ("", "m1"), "one place for each message"


def test_what_was_filled_in_is_edited_in_its_form() -> None:
    filled = Message("m1", Role.HUMAN, (Given({"city": "Rome"}),))
    beside = Message("m2", Role.HUMAN, (Text("Go"), Given({"city": "Rome"})))
    rows = [row for row in painted(Transcript((filled, SAID, beside))) if isinstance(row, HumanRow)]
    assert [row.has_form for row in rows] == [True, True]
    assert not any(row.has_form for row in painted(THREAD) if isinstance(row, HumanRow))


def test_an_answer_without_words_can_be_regenerated() -> None:
    call = ToolCall("c", "look", "{}", ToolStatus.UNANSWERED)
    silent = Transcript((ASKED, answer(call, stopped=True)))
    end = painted(silent)[-1]
    stopped = next(row for row in painted(silent) if isinstance(row, EndRow))
    assert (stopped.id, stopped.is_bare) == ("a1", True)
    assert end is not None
    asked, nothing, _ = painted(Transcript((ASKED,)), AGAIN)
    assert isinstance(asked, HumanRow)
    assert isinstance(nothing, EndRow)
    assert (nothing.id, nothing.is_bare) == (ASKED.id, True), "the message that has no answer"
    assert (asked.count, nothing.count) == (3, 0), "told once"


def test_while_a_run_goes_there_is_no_line_below_its_answer() -> None:
    assert not any(isinstance(row, EndRow) for row in painted(running(ASKED)))
    assert not any(isinstance(row, EndRow) for row in painted(running(ASKED, SAID)))
    unwatched = Painter(Timings()).paint(Transcript((ASKED,)), at_rest=False).rows
    assert not any(isinstance(row, EndRow) for row in unwatched)


def test_an_answer_that_asks_or_failed_has_its_line_if_it_has_other_versions() -> None:
    for open_end in (
        replace(THREAD, interrupts=(Interrupt("i", "Go?"),)),
        replace(THREAD, failure=Failure("Error", "It broke")),
    ):
        assert not any(isinstance(row, EndRow) for row in painted(open_end))
        [end] = [row for row in painted(open_end, AGAIN) if isinstance(row, EndRow)]
        assert (end.number, end.count, end.is_bare) == (1, 2, True)


def test_nothing_can_be_done_with_the_messages_of_a_graph_inside_the_graph() -> None:
    inside = Painter(Timings(), under="tools:1/")
    rows = inside.paint(THREAD, at_rest=True, versions=AGAIN).rows
    assert numbered(rows) == {}
    assert not any(isinstance(row, EndRow) and row.is_bare for row in rows)


def test_an_answer_without_a_message_tells_its_versions_beside_those_of_its_question() -> None:
    both = AGAIN | {f"{ASKED.id}{OF_ANSWER}": Versions(2, 2)}
    asking = Transcript((ASKED,), (Interrupt("i", "Go?"),))
    rows = [row for row in painted(asking, both) if isinstance(row, HumanRow | EndRow)]
    asked, nothing = rows
    assert isinstance(nothing, EndRow)
    assert (asked.number, asked.count) == (2, 3)
    assert (nothing.number, nothing.count) == (2, 2)
    assert (nothing.id, nothing.versions_at) == (ASKED.id, f"{ASKED.id}{OF_ANSWER}")
