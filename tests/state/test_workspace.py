"""Todos as a checklist, files as chips, and the one file that is open."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from chat_app import text
from chat_app.state.diff import Change, compared
from chat_app.state.workspace import MOST, FileState, TodoItem, Workspace, WorkspaceState
from chat_app.transcript.message import File, Todo, Transcript
from tests.helpers.working_graphs import HEAD, PAGE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import pytest

    from tests.helpers.tab import Tab


def marks(changes: dict[str, Any]) -> dict[str, str]:
    return {chip.name: chip.mark for chip in changes["files"]}


def test_the_checklist_says_how_far_it_is_and_what_comes_now() -> None:
    workspace = Workspace()
    todos = (Todo("Plan", "completed"), Todo("Read", "in_progress"), Todo("Write", "pending"))
    changes = workspace.look(view := Transcript(todos=todos))
    assert (changes["progress"], changes["now"]) == ("1 of 3", "Read")
    assert changes["todos"][0] == TodoItem("Plan", "completed")
    waiting = workspace.look(replace(view, todos=(*todos[:1], *todos[2:])))
    assert (waiting["progress"], waiting["now"]) == ("1 of 2", "Write")
    over = workspace.look(replace(view, todos=todos[:1]))
    assert (over["progress"], over["now"]) == ("1 of 1", "")
    assert workspace.look(replace(view, todos=()))["progress"] == ""


def test_a_view_with_the_same_todos_and_files_asks_for_nothing() -> None:
    workspace, view = Workspace(), Transcript((), todos=(Todo("a", "pending"),))
    workspace.look(view)
    assert workspace.look(replace(view, running=True)) == {}
    assert Workspace().look(Transcript()) == {}


def test_a_chip_says_what_the_run_made_of_its_file() -> None:
    workspace = Workspace()
    before = Transcript(files=(File("old.md", "x"), File("b/kept.md", "y")))
    assert marks(workspace.look(before)) == {"old.md": "", "kept.md": ""}
    files = (File("old.md", "z", "x"), File("b/kept.md", "y", "y"), File("made.md", "m"))
    running = replace(before, files=files, running=True)
    workspace.look(replace(before, running=True))
    now = {"old.md": "changed", "kept.md": "", "made.md": "new"}
    assert marks(workspace.look(running)) == now
    assert workspace.look(replace(running, running=False)) == {}


async def test_a_file_is_sent_when_it_is_opened_and_again_when_it_changes() -> None:
    workspace = Workspace()
    workspace.look(view := Transcript(files=(File("a.md", "one"), File("b.md", "two"))))
    assert await workspace.reread() == {}
    assert [await workspace.open(path) for path in ("nothing.md", None, ["a.md"])] == [{}] * 3
    assert (await workspace.open("a.md"))["text"] == "one"
    assert await workspace.reread() == {}
    workspace.look(view := replace(view, files=(File("a.md", "ONE", "one"), File("b.md", "two"))))
    page = await workspace.reread()
    assert (page["text"], [change.kind for change in page["diff"]]) == ("ONE", ["removed", "added"])
    workspace.look(replace(view, files=()))
    assert await workspace.reread() == {}, "who reads it reads on"
    workspace.close()
    workspace.look(view)
    assert await workspace.reread() == {}


async def test_texts_are_compared_while_the_app_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def noting(before: str, now: str) -> list[Change]:
        threads.append(threading.current_thread())
        return compared(before, now)

    monkeypatch.setattr("chat_app.state.workspace.compared", noting)
    workspace = Workspace()
    workspace.look(Transcript(files=(File("a.md", "ONE", "one"),)))
    assert (await workspace.open("a.md"))["diff"]
    assert threads
    assert threading.current_thread() not in threads


async def test_of_a_file_too_long_to_read_the_beginning_is_sent() -> None:
    workspace = Workspace()
    workspace.look(Transcript(files=(File("log", "x" * (MOST + 1), "y"),)))
    page = await workspace.open("log")
    assert len(page["text"]) == MOST
    assert page["cut"] == text.FILE_CUT.format(size="2.0 MB")
    assert page["diff"] == []


async def test_odd_paths_and_texts_can_be_sent_and_opened() -> None:
    workspace = Workspace()
    files = (File("", "a"), File("\ud83d.md", "b \ud83d"), File("/", "c"))
    chips = workspace.look(Transcript(files=files))["files"]
    assert [chip.name for chip in chips] == ["", ".md", "/"]
    assert [(await workspace.open(chip.path))["text"] for chip in chips] == ["a", "b ", "c"]


@pytest_asyncio.fixture
async def new_tab_of_works(
    start: Callable[..., Awaitable[Callable[[], Tab]]], langgraph_server: str
) -> Callable[[], Tab]:
    return await start(langgraph_server, CHAT_ASSISTANT="works")


async def test_the_texts_of_files_go_only_to_who_opens_them(
    new_tab_of_works: Callable[[], Tab],
) -> None:
    tab = new_tab_of_works()
    await tab.load("/")
    await tab.send("go")
    assert tab.var(WorkspaceState, "progress") == "2 of 3"
    assert tab.var(WorkspaceState, "now") == "Write the report"
    chips = tab.var(WorkspaceState, "files")
    assert [(c["path"], c["size"]) for c in chips] == [
        ("out/page.html", text.size(len(PAGE))),
        ("report.md", text.size(len(HEAD))),
    ]
    for path in ("/etc/passwd", None, 3, {}):
        await tab.do(FileState.open, path=path)
    assert tab.var(FileState, "path") == ""
    await tab.do(FileState.open, path="report.md")
    assert tab.var(FileState, "text") == HEAD
    await tab.send("again")
    await tab.until(lambda: "Line three of" in tab.var(FileState, "text"))  # live while it is open
    changed = [c["text"] for c in tab.var(FileState, "diff") if c["kind"] == "added"]
    assert changed == ["Line three of the report."]
    await tab.do(FileState.close)
    assert tab.var(FileState, "text") == ""
    other = new_tab_of_works()
    await other.load(f"/t/{tab.thread_id}")
    assert [c["mark"] for c in other.var(WorkspaceState, "files")] == ["", ""]
    await other.do(FileState.open, path="out/page.html")
    assert other.var(FileState, "text") == PAGE
    await other.go("/")
    assert other.var(FileState, "text") == other.var(WorkspaceState, "progress") == ""
    assert other.var(WorkspaceState, "files") == []
    await other.do(FileState.open, path="out/page.html")
    assert other.var(FileState, "path") == ""
