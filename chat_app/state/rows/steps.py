"""Rows of what an agent does beside answering: tool calls, subgraphs, progress, components."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from chat_app.state.rows.answers import MediaItem
from chat_app.state.rows.base import BaseRow


@dataclass(frozen=True)
class ToolRow(BaseRow):
    """One tool call: a line that opens to its arguments and its result."""

    kind: Literal["tool"] = field(default="tool", init=False)
    name: str
    """Of the tool."""
    status: str
    """writing, running, waiting, done, error, rejected or unanswered: see
    `chat_app.transcript.message.ToolStatus`."""
    gist: str = ""
    """The arguments in a few words; empty while they are written, and while a person is asked."""
    args: dict[str, Any] = field(default_factory=dict)
    """The arguments by name, also while they are written: of a long string then the end."""
    raw_args: str = ""
    """The arguments as they were written, where that is no JSON object."""
    edited: bool = False
    """A person changed the arguments before the tool ran."""
    result: Any = None
    """What the tool returned, where that is a JSON object or array; else None."""
    output: str = ""
    """What the tool returned in any other case, as text."""
    size: str = ""
    """How long the result is, in words, where only its beginning was sent."""
    media: list[MediaItem] = field(default_factory=list)
    """Images, sounds, videos and files in the result."""
    artifact: Any = None
    """Any JSON that came with the result and was not for the model."""
    namespace: str = ""
    """Of the subgraph that the call runs, if any: its rows are those of `AgentsState`."""
    agent: str = ""
    """The name of that subgraph."""
    title: str = field(default="", compare=False)
    """What its renderer says it is called; it follows from the name, so it is not compared."""
    stays: bool = False
    """The result is made for people, so the row is shown when the steps of its turn are folded."""
    took: str = ""
    at: int = 0
    """When it began, while it runs."""


@dataclass(frozen=True)
class HandoffRow(BaseRow):
    """A tool call that hands control to another agent: a sentence, with the arguments behind it."""

    kind: Literal["handoff"] = field(default="handoff", init=False)
    name: str
    """Of the tool."""
    sentence: str
    """Who takes over."""
    task: str = ""
    """What the other agent has to do, in a few words."""
    back: bool = False
    """Control goes back to an agent that had it before."""
    args: dict[str, Any] = field(default_factory=dict)
    raw_args: str = ""
    edited: bool = False
    """These three are as in a `ToolRow`."""


@dataclass(frozen=True)
class AgentRow(BaseRow):
    """A subgraph that no tool call started. Its rows are those of `AgentsState`."""

    kind: Literal["agent"] = field(default="agent", init=False)
    namespace: str
    """Where the server keeps its state."""
    status: Literal["running", "done"]
    name: str = ""
    took: str = ""
    at: int = 0
    """When it began, while it runs."""


@dataclass(frozen=True)
class EventRow(BaseRow):
    """A custom event, which a graph wrote with LangGraph's `get_stream_writer`."""

    kind: Literal["event"] = field(default="event", init=False)
    name: str = ""
    """Its `type`, `event`, `name` or `kind`, the first of these that it has."""
    text: str = ""
    """What it says in words: its `text`, `message`, `label` or `status`."""
    gist: str = ""
    """Its fields in a few words, where it has no `text`."""
    amount: str = ""
    """How much is done in words, as "3 of 10"; empty where it names no numbers."""
    percent: str = ""
    """The same from "0" to "100"; empty where there is no whole."""
    fields: dict[str, Any] = field(default_factory=dict)
    """The event itself, where it is a JSON object."""
    earlier: list[str] = field(default_factory=list)
    """Events before this one, a line of text each: they follow each other and stand behind it."""
    stays: bool = False
    """A renderer draws it, so it is shown when the steps of its turn are folded."""


@dataclass(frozen=True)
class WidgetRow(BaseRow):
    """A `ui` message, which a graph pushed with LangGraph's `push_ui_message`."""

    kind: Literal["widget"] = field(default="widget", init=False)
    name: str
    """Of the component that is to be drawn."""
    props: dict[str, Any] = field(default_factory=dict)
    gist: str = ""
    """The props in a few words."""


@dataclass(frozen=True)
class StepsRow(BaseRow):
    """The line that the steps of a finished turn fold to. The page puts it above the first one."""

    kind: Literal["steps"] = field(default="steps", init=False)
    sentence: str
    """How long the agent worked, and in how many steps."""


@dataclass(frozen=True)
class TodoItem:
    """One todo; `status` is pending, in_progress or completed."""

    text: str
    status: str


@dataclass(frozen=True)
class ResultsRow(BaseRow):
    """The plan and the files that a turn leaves behind."""

    kind: Literal["results"] = field(default="results", init=False)
    todos: list[TodoItem] = field(default_factory=list)
    progress: str = ""
    """How many of the todos are done, in words."""
    now: str = ""
    """The todo that was left open, or that all are done."""
    paths: list[str] = field(default_factory=list)
    """Of its files, which are in `WorkspaceState`."""
