"""Of a long thread only the end is on the screen, and the rest comes page by page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chat_app.runs.timings import Timings
from chat_app.state.painter import Painter
from chat_app.state.rows import Tail, ToolRow
from chat_app.transcript.message import (
    Message,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)
from tests.helpers.painting import answer, from_scratch, human, running, steps
from tests.helpers.row_words import words_of


def talk(turns: int, *, since: int = 0) -> tuple[Message, ...]:
    pairs = ((human(f"{n}"), answer(Text(f"So {n}."), id=f"a{n}")) for n in range(since, turns))
    return tuple(message for pair in pairs for message in pair)


@given(steps, st.integers(1, 8), st.lists(st.booleans(), max_size=30))
def test_however_much_is_on_the_screen_it_is_the_end_of_the_whole(
    steps: list, page_size: int, pages: list[bool]
) -> None:
    painter, rows, now = Painter(Timings(), page=page_size), [], Transcript(talk(6), running=True)
    for number, (step, text) in enumerate(steps):
        now = step(now, text)
        paint = painter.paint(now)
        rows = rows[: paint.keep] + paint.rows
        if number < len(pages) and pages[number]:
            rows = painter.earlier() + rows
        elif number % 7 == 6:
            rows = rows[painter.trim() :]
        whole, tail = from_scratch(now)
        assert whole[len(whole) - len(rows) :] == rows
        assert paint.tail == tail
        assert (painter.first == 0) == (len(rows) == len(whole))


def test_a_long_thread_opens_with_its_end_and_goes_back_a_page_at_a_time() -> None:
    painter, thread = Painter(Timings(), page=10), Transcript(talk(40))
    shown = painter.paint(thread).rows
    assert 10 <= len(shown) <= 13
    assert words_of(shown[-2]) == "So 39."
    for _ in range(100):
        if painter.first == 0:
            break
        page = painter.earlier()
        assert 10 <= len(page) <= 13 or painter.first == 0
        shown = page + shown
    assert (shown, painter.earlier()) == (from_scratch(thread)[0], [])


def test_a_new_answer_costs_the_same_in_a_thread_of_any_length() -> None:
    counts = []
    for turns in (10, 1000):
        painter = Painter(Timings())
        painter.paint(Transcript(talk(turns)))
        asked = (*talk(turns), human("next"))
        paint = painter.paint(Transcript((*asked, answer(Text("Yes"), id="x")), running=True))
        counts.append((len(paint.rows), paint.tail))
    assert counts[0] == counts[1]


def test_a_hidden_step_is_nowhere_in_rows_or_tail() -> None:
    painter = Painter(Timings(), steps=False)
    call = ToolCall("c", "weather", "{}", ToolStatus.DONE, ToolResult("sunny"))
    thinking = painter.paint(running(human("?"), answer(Reasoning("hm"))))
    assert ([row.kind for row in thinking.rows], thinking.tail) == (["human"], Tail())
    said = Transcript((human("?"), answer(Reasoning("hm"), call, Text("Sun"))))
    assert [row.kind for row in painter.paint(said).rows] == ["text", "end"]


def test_a_long_result_is_sent_whole_when_it_is_wanted() -> None:
    result = ToolResult("x" * 100_000)
    painter = Painter(Timings())
    call = ToolCall("c", "read", "{}", ToolStatus.DONE, result)
    rows = painter.paint(Transcript((human("?"), answer(call, Text("Read."))))).rows
    cut = rows[1]
    assert isinstance(cut, ToolRow)
    assert (cut.size, len(cut.output) < 20_000) == ("100 KB", True)
    whole = painter.reveal(rows[1].key)
    assert isinstance(whole, ToolRow)
    assert (whole.output, whole.size, whole.key) == (result.content, "", rows[1].key)
    assert painter.reveal(rows[1].key) is None
    assert painter.reveal("no such row") is None


def test_a_long_answer_opens_with_its_question() -> None:
    long = answer(Text("A paragraph.\n\n" * 50), id="long")
    rows = Painter(Timings(), page=10).paint(Transcript((*talk(9), human("why"), long))).rows
    assert (rows[0].kind, words_of(rows[0])) == ("human", "why")
