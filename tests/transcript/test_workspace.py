"""Todos and files of an agent's state."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import decode
from chat_app.transcript import workspace
from chat_app.transcript.fold import fold, load, start
from chat_app.transcript.message import File, Todo, Transcript
from tests.helpers import events as ev
from tests.transcript.test_fold_robust import JSON


def state(**values: Any) -> Any:
    return decode("values", {"messages": [ev.human("hello")], **values})


def test_a_plan_is_read_and_an_unknown_status_is_pending():
    listed = [
        {"content": "read", "status": "completed"},
        {"content": "write", "status": "in_progress", "id": "2"},
        {"content": "rest", "status": "someday"},
        "sleep",
        {"content": ""},
        7,
    ]
    assert workspace.todos(listed) == (
        Todo("read", "completed"),
        Todo("write", "in_progress"),
        Todo("rest", "pending"),
        Todo("sleep", "pending"),
    )


def test_files_are_text_or_lines_and_stand_by_path():
    listed = {"b.md": "text", "a.md": {"content": ["one", "two"]}, "c.bin": {"content": 7}, "d": 1}
    assert workspace.files(listed, {}) == (File("a.md", "one\ntwo"), File("b.md", "text"))


def test_a_file_remembers_what_it_was_when_the_run_began():
    loaded = load({"values": {"files": {"a": "old", "b": "same"}}})
    assert {file.before for file in loaded.files} == {None}
    changed = fold(start(loaded), state(files={"a": "new", "b": "same", "c": "made"})).transcript
    assert changed.files == (File("a", "new", "old"), File("b", "same", "same"), File("c", "made"))


def test_a_state_that_says_nothing_of_them_changes_nothing():
    begun = fold(start(Transcript()), state(todos=[{"content": "x"}], files={"a": "b"}))
    after = fold(begun, state()).transcript
    assert (after.todos, after.files) == (begun.transcript.todos, begun.transcript.files)


def test_a_subgraphs_todos_and_files_are_not_the_roots():
    inner = decode("values|tools:x", {"todos": [{"content": "x"}], "files": {"a": "b"}})
    assert fold(start(Transcript()), inner).transcript == start(Transcript()).transcript


@given(JSON, st.dictionaries(st.text(max_size=3), JSON, max_size=3) | JSON)
def test_whatever_a_state_holds_nothing_raises(todos: Any, files: Any):
    kept = workspace.kept(Transcript(), {"todos": todos, "files": files}, {})
    assert all(isinstance(file.text, str) for file in kept.files)
    assert all(todo.status in workspace.STATUSES for todo in kept.todos)
