"""Graphs inside the graph, view by view."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chat_app.runs.timings import Timings
from chat_app.state.agent_panels import EVERY, Panels, last_line
from chat_app.state.rows import TextRow, ToolRow
from chat_app.transcript.message import (
    Interrupt,
    Message,
    Part,
    Reasoning,
    Role,
    SubAgent,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)

HUMAN = Message("h", Role.HUMAN, (Text("go"),))
SOON = EVERY / 10


def says(*parts: Part, running: bool = True, earlier: int = 0) -> Transcript:
    """What a graph said: some messages, and one with these parts."""
    before = tuple(Message(f"b{n}", Role.ASSISTANT, (Text(f"before {n}"),)) for n in range(earlier))
    return Transcript((*before, Message("m", Role.ASSISTANT, parts)), running=running)


def calls(transcript: Transcript | None, namespace: str = "tools:1") -> ToolCall:
    agent = SubAgent(namespace, "reader", transcript)
    return ToolCall(namespace, "task", '{"q": "Nile"}', ToolStatus.RUNNING, agent=agent)


def thread(*parts: Part) -> Transcript:
    return Transcript((HUMAN, Message("a", Role.ASSISTANT, parts)), running=True)


def texts(news: dict[str, Any], namespace: str = "tools:1") -> list[str]:
    rows = [row for name in ("old", "middle", "new") for row in news.get(name, {})[namespace]]
    return [row.md for row in rows if isinstance(row, TextRow)]


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ((Text("one\ntwo\n\n"),), "two"),
        ((Text("- **bold** item"),), "bold item"),
        ((Text("See `code` [here](https://a.example), a * b"),), "See code here, a * b"),
        ((Reasoning("hm"), Text("")), "hm"),
        ((Text("I look."), calls(None)), "reader Nile"),
        ((ToolCall("c", "search", '{"q": "Ni'),), "search Ni"),
        ((Text("x" * 500),), "x" * 120),
        ((Text("a \ud83d b"),), "a  b"),
        ((), ""),
    ],
)
def test_the_last_line_is_the_end_of_the_words_or_the_tool_called(
    parts: tuple[Part, ...], line: str
) -> None:
    assert last_line(says(*parts)) == line


def test_what_a_graph_was_asked_is_not_its_last_line() -> None:
    assert last_line(Transcript((HUMAN,), running=True)) == ""


def test_a_text_that_grows_is_shown_a_few_times_a_second() -> None:
    panels = Panels(Timings())
    shown = []
    for step in range(40):
        news = panels.look(thread(calls(says(Text("w" * (step + 1))))), step * SOON)
        shown += [news["lines"]["tools:1"]] if news else []
    assert len(shown) == 4
    assert shown[-1] == "w" * 31


def test_what_came_too_soon_is_shown_with_the_next_view_whatever_that_is_about() -> None:
    panels, first, second = Panels(Timings()), says(Text("one")), says(Text("one two"))
    panels.look(thread(calls(first)), 1)
    assert panels.look(view := thread(calls(second)), 1 + SOON) == {}
    assert panels.look(replace(view, running=True), 1 + EVERY)["lines"] == {"tools:1": "one two"}


@pytest.mark.parametrize(
    ("after", "line"),
    [
        (says(Text("one"), ToolCall("c", "look", "{}")), {"tools:1": "look"}),
        (says(Text("one two"), earlier=1), {"tools:1": "one two"}),
        (says(Text("one two"), running=False), {}),
    ],
)
def test_anything_but_growth_is_shown_at_once(after: Transcript, line: dict[str, str]) -> None:
    panels = Panels(Timings())
    panels.look(thread(calls(says(Text("one")))), 1)
    assert panels.look(thread(calls(after)), 1 + SOON)["lines"] == line


def test_a_view_in_which_no_graph_changed_asks_for_nothing() -> None:
    panels, call = Panels(Timings()), calls(says(Text("one")))
    panels.look(thread(call), 1)
    assert panels.look(thread(call, Text("and the answer")), 5) == {}
    assert panels.look(thread(call, Text("and the answer grows")), 9) == {}


def test_two_graphs_at_once_are_kept_apart() -> None:
    panels = Panels(Timings())
    one, two = calls(says(Text("one"))), calls(says(Text("two")), "tools:2")
    panels.look(thread(one, two), 1)
    assert panels.find("tools:2") is two.agent
    news = panels.look(thread(one, calls(says(Text("two more")), "tools:2")), 5)
    assert news["lines"] == {"tools:1": "one", "tools:2": "two more"}


def test_graphs_within_graphs_are_found_and_say_their_lines() -> None:
    inner = calls(says(Text("deep")), "tools:1|tools:2")
    panels = Panels(Timings())
    lines = panels.look(thread(calls(says(inner))), 1)["lines"]
    assert lines == {"tools:1": "reader Nile", "tools:1|tools:2": "deep"}
    assert panels.find("tools:1|tools:2") is inner.agent
    assert panels.find("tools:2") is None


def test_an_open_panel_follows_its_graph_with_rows_of_its_own_keys() -> None:
    panels = Panels(Timings())
    call = calls(says(Text("one\n\ntwo")))
    panels.look(thread(call), 1)
    assert call.agent
    opened = panels.open(call.agent)
    assert texts(opened) == ["one\n\n"]
    assert opened["tails"]["tools:1"].text == "two"
    news = panels.look(thread(calls(says(Text("one\n\ntwo\n\nthree")))), 5)
    [one, two] = news["new"]["tools:1"]
    assert (one.md, two.md) == ("one\n\n", "two\n\n")
    assert (one.key, two.key) == ("tools:1/0.0.0", "tools:1/0.0.1")
    assert news["tails"]["tools:1"].text == "three"


def test_the_rows_of_a_long_graph_come_a_page_at_a_time() -> None:
    panels = Panels(Timings())
    call = calls(says(Text("end"), earlier=100, running=False))
    panels.look(thread(call), 1)
    assert call.agent
    opened = panels.open(call.agent)
    before = opened["about"]["tools:1"].earlier
    assert 0 < before < 100
    news = panels.earlier("tools:1")
    assert news["about"]["tools:1"].earlier < before
    assert news["old"]["tools:1"]


def test_the_rest_of_a_long_result_comes_on_demand() -> None:
    panels = Panels(Timings())
    answered = ToolCall("c", "look", "{}", ToolStatus.DONE, ToolResult("long " * 10_000))
    call = calls(says(answered, Text("end"), running=False))
    panels.look(thread(call), 1)
    assert call.agent
    rows = panels.open(call.agent)["new"]["tools:1"]
    cut = next(row for row in rows if isinstance(row, ToolRow) and row.size)
    assert panels.reveal("0.0") == {}
    [whole, *_] = panels.reveal(cut.key)["new"]["tools:1"]
    assert (whole.output, whole.size) == ("long " * 10_000, "")


def test_what_was_read_gives_way_to_what_was_heard_meanwhile() -> None:
    panels = Panels(Timings())
    unread = calls(None)
    panels.look(thread(unread), 1)
    assert unread.agent
    assert panels.open(unread.agent)["about"]["tools:1"].reading
    live = panels.look(thread(calls(says(Text("live"), running=False))), 2)
    assert [row.md for row in live["new"]["tools:1"] if isinstance(row, TextRow)] == ["live"]
    assert not live["about"]["tools:1"].reading
    assert panels.read("tools:1", says(Text("old"))) == {}
    assert panels.failed("tools:1", "no") == {}


def test_what_a_graph_asks_is_asked_in_the_conversation_alone() -> None:
    panels = Panels(Timings())
    asks = replace(says(Text("May I?"), running=False), interrupts=(Interrupt("i", "May I?"),))
    call = calls(asks)
    panels.look(thread(call), 1)
    assert call.agent
    assert texts(panels.open(call.agent)) == ["May I?"]
