from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from chat_app.runs.timings import Timings
from chat_app.state.painter import Painter
from chat_app.state.rows import SourcesRow, Tail, TextRow
from chat_app.transcript.message import (
    Failure,
    Interrupt,
    Reasoning,
    Source,
    Sources,
    SubAgent,
    Text,
    Transcript,
    Widget,
)
from tests.helpers.painting import PIECES, Page, answer, from_scratch, human, running, steps
from tests.helpers.row_words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.state.rows import Row


@given(steps)
def test_painting_what_changed_gives_what_painting_all_gives(steps: list) -> None:
    page, now = Page(), Transcript(running=True)
    for step, text in steps:
        now = step(now, text)
        page.show(now)
        assert (page.rows, page.tail) == from_scratch(now)


@given(steps)
def test_a_row_that_stands_is_not_sent_again(steps: list) -> None:
    page, now = Page(), Transcript(running=True)
    for step, text in steps:
        before, now = list(page.rows), step(now, text)
        paint = page.show(now)
        assert paint.keep <= len(before)
        footer = Painter(Timings()).paint(replace(now, messages=(), running=now.running)).rows
        if len(paint.rows) > len(footer) and len(before) > paint.keep:
            assert before[paint.keep] != paint.rows[0]
        assert page.show(now).rows == footer


@given(steps)
def test_the_keys_of_all_rows_differ(steps: list) -> None:
    page, now = Page(), Transcript(running=True)
    for step, text in steps:
        now = step(now, text)
        page.show(now)
        keys = [row.key for row in page.rows]
        assert len(set(keys)) == len(keys)


@given(st.lists(st.sampled_from(["one ", "two.\n\n", "three\n", "four"]), max_size=30))
def test_no_word_is_lost_between_the_rows_and_the_tail(pieces: list[str]) -> None:
    page = Page()
    for length in range(1, len(pieces) + 1):
        text = "".join(pieces[:length])
        page.show(running(human("hi"), answer(Text(text))))
        assert page.words().split() == ["hi", *text.split()]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30))
def test_a_settled_answer_has_the_keys_it_had_while_it_was_written(pieces: list[str]) -> None:
    page, text = Page(), "".join(pieces)
    for length in range(len(pieces) + 1):
        page.show(running(answer(Text("".join(pieces[:length])))))
    written = [row.key for row in page.rows]
    page.show(Transcript((answer(Text(text)),)))
    settled = [row.key for row in page.rows]
    assert settled[: len(written)] == written


def texts(rows: Iterable[Row]) -> list[str]:
    return [words_of(row) for row in rows]


def test_an_answer_that_did_not_change_is_settled_when_the_next_begins() -> None:
    page, first = Page(), answer(Text("Hello."))
    page.show(running(human("hi"), first))
    assert (texts(page.rows), page.tail.text) == (["hi"], "Hello.")
    page.show(running(human("hi"), first, answer(Text("And"), id="a2")))
    assert (texts(page.rows), page.tail.text) == (["hi", "Hello."], "And")


def test_a_second_attempt_shows_no_block_of_the_first() -> None:
    page = Page()
    page.show(running(answer(Text("First words.\n\nMore."))))
    page.show(running(answer(Text("Other words.\n\nEnd."))))
    assert (texts(page.rows), page.tail.text) == (["Other words.\n\n"], "End.")


def test_a_link_is_resolved_when_its_definition_stands_at_the_end() -> None:
    page, text = Page(), "See [the docs][1].\n\nMore.\n\n[1]: https://docs.test\n"
    page.show(running(answer(Text(text))))
    page.show(Transcript((answer(Text(text)),)))
    assert words_of(page.rows[0]) == "[1]: https://docs.test\n\nSee [the docs][1].\n\n"


def test_what_the_model_wrote_can_be_put_together_again_from_the_rows() -> None:
    text = "Prices[^1] of $5, see [a].\n\n[^1]: Of *May*.\n\n- \\(x\\) and\n\n[a]: http://a.com\n"
    rows = Painter(Timings()).paint(Transcript((answer(Text(text)),))).rows
    originals = [row.original or row.md for row in rows if isinstance(row, TextRow)]
    assert sorted("".join(originals).split()) == sorted(text.split())
    assert originals[-1].strip() == "[^1]: Of *May*."


def test_thoughts_are_open_while_they_come_and_a_row_after() -> None:
    page, thought = Page(), Reasoning("Hm")
    page.show(running(answer(thought)))
    assert (page.rows, page.tail) == ([], Tail("reasoning", "Hm"))
    page.show(running(answer(thought, Text("So"))))
    assert [(row.kind, words_of(row)) for row in page.rows] == [("reasoning", "Hm")]
    assert page.tail == Tail("text", "So")


def test_what_a_person_wrote_is_one_row_and_no_markdown() -> None:
    page = Page()
    page.show(Transcript((human("# not a head\n\n$5 and $6"),)))
    shown = [(row.kind, words_of(row)) for row in page.rows]
    assert shown == [("human", "# not a head\n\n$5 and $6")]


def test_the_mark_of_a_stop_stands_below_its_answer() -> None:
    page = Page()
    page.show(Transcript((answer(Text("Half"), stopped=True), human("go on"))))
    assert [row.kind for row in page.rows] == ["text", "notice", "end", "human"]


def test_questions_and_the_failure_come_last_and_the_failure_only_when_nothing_runs() -> None:
    page = Page()
    ended = Transcript((human("hi"),), interrupts=(Interrupt("i", "?"),), failure=Failure("E", "m"))
    page.show(ended)
    assert [row.kind for row in page.rows] == ["human", "ask", "error"]
    page.show(replace(ended, running=True))
    assert [row.kind for row in page.rows] == ["human", "ask"]


def test_a_question_is_asked_once_and_not_again_where_the_graph_inside_is_shown() -> None:
    asking = Transcript((human("hi"),), interrupts=(Interrupt("i", "?"),))
    rows = Painter(Timings(), under="3.agent.").paint(asking).rows
    assert [row.kind for row in rows] == ["human"]


def test_sources_are_web_pages_and_nothing_else() -> None:
    pages = ("https://a.com/x", "javascript:alert(1)", "data:text/html,x", "//b.com", "http://[bad")
    said = answer(Text("So."), Sources(tuple(Source(page, "T") for page in pages)))
    rows = Painter(Timings()).paint(Transcript((human("?"), said))).rows
    assert [row.kind for row in rows] == ["human", "text", "sources", "end"]
    cited = rows[2]
    assert isinstance(cited, SourcesRow)
    assert [(link.url, link.host) for link in cited.links] == [("https://a.com/x", "a.com")]
    none = answer(Text("So."), Sources((Source("javascript:x"),)))
    assert len(Painter(Timings()).paint(Transcript((human("?"), none))).rows) == 3


def test_a_component_stands_below_the_words_that_are_still_being_written() -> None:
    page, widget = Page(), Widget("w", "table", {}, "a1")
    keys = []
    for text in ("Below", "Below this", "Below this.\n\nAnd mo", "Below this.\n\nAnd more."):
        page.show(running(human("hi"), replace(answer(Text(text)), asides=(widget,))))
        assert [row.kind for row in page.rows][-1] == "widget"
        assert page.words().split() == ["hi", *text.split()]
        assert not page.tail.kind
        keys = [row.key for row in page.rows]
    page.show(Transcript((human("hi"), replace(answer(Text(text)), asides=(widget,)))))
    assert [row.key for row in page.rows if row.kind != "end"] == keys


def test_a_pass_of_a_supervisor_has_no_row() -> None:
    agent = SubAgent("lead:1", "lead", Transcript())
    page = Page()
    page.show(Transcript((human("hi"), answer(agent))))
    assert [row.kind for row in page.rows] == ["human", "agent"]
    page.show(Transcript((human("hi"), answer(replace(agent, is_pass=True)))))
    assert [row.kind for row in page.rows] == ["human"]
