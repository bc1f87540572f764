"""What a turn leaves behind: its plan and its files, told from its tool calls.

A call that has a list of `todos` writes the plan; one that names a file of the thread, and is not
called like one that only reads, writes that file. What no call of the thread accounts for, such as
the files that a node or a subgraph wrote, belongs to the last turn in which tools or subgraphs ran.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app import text
from chat_app.state.rows import ResultsRow, TodoItem
from chat_app.state.safe_json import parse, sendable
from chat_app.transcript import workspace
from chat_app.transcript.memory import is_mark
from chat_app.transcript.message import Role, SubAgent, ToolCall, ToolStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.transcript.message import Message, Todo, Transcript

_READING = re.compile(
    r"(?:read|ls|list|glob|grep|search|find|view|open|cat|get|load|show)(?:[_-]|$)"
)
"""Names of tools that do not write the file they are given."""


def checklist(todos: Sequence[Todo]) -> tuple[list[TodoItem], str]:
    """The items of a plan, and how many of them are done, in words."""
    items = [TodoItem(sendable(todo.content), todo.status) for todo in todos]
    done = sum(item.status == "completed" for item in items)
    return items, text.PROGRESS.format(done=done, of=len(items)) if items else ""


def next_of(items: Sequence[TodoItem]) -> str:
    """The todo that the agent is at or comes to; empty where all are done."""
    underway = [item.text for item in items if item.status == "in_progress"]
    coming = [item.text for item in items if item.status == "pending"]
    return next(iter(underway + coming), "")


class TurnResults:
    """The plan and the files of each turn of one thread."""

    def __init__(self) -> None:
        self._written: dict[int, tuple[Message, _Written]] = {}
        self._left = _Left()

    def look(self, transcript: Transcript) -> int:
        """Take the next view of the thread, at rest.

        Returns the index of the first message whose row is another one because of messages of
        other turns; the number of messages if there is none.
        """
        was, self._left = self._left, self._left_over(transcript)
        changed = [was.at, self._left.at] if was != self._left else []
        return min((at for at in changed if at >= 0), default=len(transcript.messages))

    def row(self, key: str, transcript: Transcript, first: int, index: int) -> ResultsRow | None:
        """The row of the turn from the message at `first` to that at `index`; None without any."""
        if not (transcript.files or transcript.todos):
            return None
        turn = [self._of(message) for message in transcript.messages[first : index + 1]]
        todos = next((written.todos for written in reversed(turn) if written.todos), ())
        named = frozenset[str]().union(*(written.paths for written in turn))
        paths = [file.path for file in transcript.files if _bare(file.path) in named]
        if index == self._left.at:
            todos = todos or self._left.todos
            paths += self._left.paths
        if not (todos or paths):
            return None
        items, progress = checklist(todos)
        now = next_of(items) or (text.ALL_DONE if items else "")
        return ResultsRow(key, items, progress, now, sorted(map(sendable, paths)))

    def _left_over(self, transcript: Transcript) -> _Left:
        """What no call accounts for, and the last message of the turn that gets it."""
        messages = transcript.messages
        if not (transcript.files or transcript.todos):
            return _Left()
        written = [self._of(message) for message in messages]
        self._written = {id(m): (m, w) for m, w in zip(messages, written, strict=True)}
        named = frozenset[str]().union(*(each.paths for each in written))
        paths = tuple(file.path for file in transcript.files if _bare(file.path) not in named)
        todos = () if any(each.todos for each in written) else transcript.todos
        return _Left(_last_at_work(messages), todos, paths) if paths or todos else _Left()

    def _of(self, message: Message) -> _Written:
        known = self._written.get(id(message))
        if known is None or known[0] is not message:
            known = self._written[id(message)] = (message, _written(message))
        return known[1]


class _Written(NamedTuple):
    """What the calls of a message wrote: a plan, and files of these paths among other words."""

    todos: tuple[Todo, ...] = ()
    paths: frozenset[str] = frozenset()


class _Left(NamedTuple):
    """What no call accounts for, and the index of the last message of the turn that gets it."""

    at: int = -1
    todos: tuple[Todo, ...] = ()
    paths: tuple[str, ...] = ()


_LONGEST_PATH = 1_000


def _written(message: Message) -> _Written:
    todos, paths = (), set[str]()
    for part in message.parts:
        if not isinstance(part, ToolCall) or part.status is not ToolStatus.DONE:
            continue
        args = _args(part)
        todos = workspace.todos(args.get("todos")) or todos
        if not _READING.match(part.name.lower()):
            words = (value for value in args.values() if isinstance(value, str))
            paths |= {_bare(word) for word in words if len(word) <= _LONGEST_PATH}
    return _Written(todos, frozenset(paths))


def _args(call: ToolCall) -> dict[str, Any]:
    try:
        args = parse(call.args)
    except ValueError:
        return {}
    return args if isinstance(args, dict) else {}


def _bare(path: str) -> str:
    """A path as it is compared: agents write `/a.md`, `./a.md` and `a.md` for the same file."""
    return path.strip().removeprefix("./").lstrip("/")


def _last_at_work(messages: Sequence[Message]) -> int:
    """The last message of the last turn with calls or subgraphs, or else of the last answer."""
    answered = end = -1
    for index in range(len(messages) - 1, -1, -1):
        message = messages[index]
        if message.role is Role.HUMAN:
            end = -1
        elif not is_mark(message):
            end = index if end < 0 else end
            answered = end if answered < 0 else answered
            if any(isinstance(part, ToolCall | SubAgent) for part in message.parts):
                return end
    return answered
