"""The plan and the files of a turn, told from its calls."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chat_app.runs.timings import Timings
from chat_app.state.painter import Painter
from chat_app.state.rows import ResultsRow, TodoItem
from chat_app.transcript.message import (
    File,
    Interrupt,
    Text,
    Todo,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)
from tests.helpers.painting import Page, answer, human


def call(name: str, status: ToolStatus = ToolStatus.DONE, **args: Any) -> ToolCall:
    return ToolCall(name, name, json.dumps(args), status, ToolResult("done"))


def results(transcript: Transcript, **options: Any) -> dict[str, tuple[list[TodoItem], list[str]]]:
    rows = Painter(Timings(), **options).paint(transcript).rows
    return {row.key: (row.todos, row.paths) for row in rows if isinstance(row, ResultsRow)}


def paths(transcript: Transcript) -> dict[str, list[str]]:
    return {key: paths for key, (_, paths) in results(transcript).items()}


A, B, C = File("/a.md", "a"), File("notes/b.md", "b"), File("c.md", "c")
WROTE_A = answer(call("write_file", file_path="/a.md", content="a"))
WROTE_B = answer(call("edit_file", path="./notes/b.md", new_string="b"))
SAID = answer(Text("Done."))


def test_each_turn_has_the_files_that_its_calls_wrote() -> None:
    messages = (human("1"), WROTE_A, SAID, human("2"), WROTE_B, SAID, human("3"), WROTE_A, SAID)
    assert paths(Transcript(messages, files=(A, B))) == {
        "2.results": ["/a.md"],
        "5.results": ["notes/b.md"],
        "8.results": ["/a.md"],
    }
    assert paths(Transcript(messages, files=(B,))) == {"5.results": ["notes/b.md"]}
    assert paths(Transcript(messages)) == {}


@pytest.mark.parametrize(
    "made",
    [
        call("read_file", path="c.md"),
        call("ls", path="c.md"),
        call("write_file", ToolStatus.ERROR, path="c.md"),
        call("write_file", path="d.md", content="c.md is better"),
        ToolCall("x", "write_file", "c.md"),
    ],
    ids=lambda made: f"{made.name} {made.status.value}",
)
def test_a_call_that_reads_fails_or_only_mentions_a_file_wrote_none(made: ToolCall) -> None:
    messages = (human("1"), answer(made), human("2"), WROTE_A, SAID)
    assert paths(Transcript(messages, files=(A, C)))["4.results"] == ["/a.md", "c.md"]


def test_what_no_call_wrote_belongs_to_the_last_turn_that_worked() -> None:
    messages = (human("1"), WROTE_A, human("2"), answer(call("task", description="b")), SAID)
    thread = Transcript((*messages, human("3"), SAID), files=(A, B))
    assert paths(thread) == {"1.results": ["/a.md"], "4.results": ["notes/b.md"]}
    assert paths(Transcript((human("1"), SAID), files=(B,))) == {"1.results": ["notes/b.md"]}


def test_a_turn_keeps_its_own_plan_as_its_last_call_left_it() -> None:
    first = [{"content": "Look", "status": "completed"}, {"content": "Write", "status": "odd"}]
    later = [{"content": "Other", "status": "in_progress"}]
    messages = (
        human("1"),
        answer(call("write_todos", todos=[])),
        answer(call("write_todos", todos=first)),
        human("2"),
        answer(call("write_todos", todos=later)),
        SAID,
    )
    assert results(Transcript(messages, todos=(Todo("Other", "in_progress"),))) == {
        "2.results": ([TodoItem("Look", "completed"), TodoItem("Write", "pending")], []),
        "5.results": ([TodoItem("Other", "in_progress")], []),
    }
    untold = Transcript((human("1"), SAID), todos=(Todo("Other", "in_progress"),))
    assert results(untold)["1.results"][0] == [TodoItem("Other", "in_progress")]


def test_a_turn_at_work_or_waiting_has_none_and_neither_has_one_without_steps() -> None:
    thread = Transcript((human("1"), WROTE_A), files=(A,))
    assert results(replace(thread, running=True)) == {}
    assert results(replace(thread, interrupts=(Interrupt("i", "?"),))) == {}
    assert results(thread, steps=False) == {}
    assert results(thread, under="tools:1/") == {}


def test_what_is_left_over_moves_on_with_the_next_turn_that_works_as_after_a_reload() -> None:
    page, task = Page(), answer(call("task", description="b"))
    views = [
        Transcript((human("1"), task, SAID), files=(B,)),
        Transcript((human("1"), task, SAID, human("2"), task), files=(B, C), running=True),
        Transcript((human("1"), task, SAID, human("2"), task, SAID), files=(B, C)),
    ]
    for view in views:
        page.show(view)
    assert page.rows == Painter(Timings()).paint(views[-1]).rows
    kept = [row.paths for row in page.rows if isinstance(row, ResultsRow)]
    assert kept == [["c.md", "notes/b.md"]]
