"""What a tab shows of the graphs inside the graph: where each stands, and those looked into.

A graph at work says its last line. Its rows are painted only for a panel that a person opened, by a
painter of its own. A text that grows is shown a few times a second, anything else at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chat_app.state.addresses import Shown
from chat_app.state.call_words import title_of
from chat_app.state.painter import Painter
from chat_app.state.row_buckets import Levels
from chat_app.state.rows import Tail
from chat_app.state.safe_json import sendable
from chat_app.state.tool_row import call_gist, handed_over
from chat_app.transcript.message import (
    Reasoning,
    Role,
    SubAgent,
    Text,
    ToolCall,
    Transcript,
)
from chat_app.transcript.order import position
from chat_app.transcript.subgraphs import alone_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chat_app.runs.timings import Timings
    from chat_app.state.row_buckets import Changed
    from chat_app.state.rows import Row
    from chat_app.transcript.message import Message, Part

EVERY = 0.25
"""Seconds between two views of a text that grows."""
LINE = 120
"""Characters of a last line; the screen shows as many as there is room for."""
_MARKUP = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)|\*\*|`")

Vars = dict[str, dict[str, Any]]
"""Vars of `AgentsState` that changed, by name."""


@dataclass(frozen=True)
class About:
    """What an open panel says beside its rows: it is being read, or why it could not be."""

    reading: bool = False
    problem: str = ""
    detail: str = ""
    earlier: int = 0
    """How many messages stand before the rows."""


class AgentPanel:
    """The rows of one graph, as far as they were asked for."""

    def __init__(self, namespace: str, clock: Timings, viewer: str) -> None:
        self.painter = Painter(clock, under=f"{namespace}/")
        self.painter.where = Shown(viewer=viewer)
        self.levels = Levels()
        self.tail = Tail()
        self.about = About(reading=True)

    def show(self, transcript: Transcript) -> None:
        """Paint a transcript; what it asks a person is asked in the conversation itself."""
        paint = self.painter.paint(replace(transcript, interrupts=()))
        self.levels.place(paint.keep, paint.rows)
        self.tail = paint.tail
        self.about = About(earlier=self.painter.first)


class Panels:
    """The graphs inside the open thread's. Without `steps` there are none to see."""

    def __init__(self, clock: Timings, *, steps: bool = True) -> None:
        self._clock = clock
        self._steps = steps
        self._transcript = Transcript()
        self._shown: dict[str, tuple[float, SubAgent]] = {}
        self._late: dict[str, SubAgent] = {}
        self._lines: dict[str, str] = {}
        self._open: dict[str, AgentPanel] = {}
        self.viewer = ""
        """For whom they are painted (see `chat_app.state.addresses`)."""

    @property
    def count(self) -> int:
        """How many graphs were seen at work."""
        return len(self._shown)

    def look(self, transcript: Transcript, now: float) -> Vars:
        """Take the next view of the thread, at `now` seconds; returns what the page has to know."""
        before, self._transcript = self._transcript, transcript
        if not self._steps or (transcript.messages is before.messages and not self._late):
            return {}
        changed = {a.namespace: a for a in _agents(_news(before.messages, transcript.messages))}
        found = self._late | changed
        self._late = {}
        seen = [self._see(agent, now) for agent in found.values() if agent.transcript]
        return self._vars(*{name for names in seen for name in names})

    def find(self, namespace: str) -> SubAgent | None:
        """The graph of that name in this thread, as far as it can be seen."""
        if not self._steps:
            return None
        agents = (agent for t in self._seen_in() for agent in _agents(t.messages))
        return next((agent for agent in agents if agent.namespace == namespace), None)

    def handed(self, namespace: str) -> frozenset[str]:
        """The ids of the messages that a graph which is a node had before it as it began."""
        alone = alone_id(namespace)
        for transcript in self._seen_in():
            place = position(transcript.messages, alone)
            if place is not None:
                return frozenset(message.id for message in transcript.messages[:place])
        return frozenset()

    def _seen_in(self) -> tuple[Transcript, ...]:
        return (self._transcript, *(panel.painter.transcript for panel in self._open.values()))

    def open(self, agent: SubAgent) -> Vars:
        """Show a graph's rows, or that they are being read."""
        panel = self._open[agent.namespace] = AgentPanel(agent.namespace, self._clock, self.viewer)
        if agent.transcript:
            panel.show(agent.transcript)
        return self._vars(*_ROWS, "tails", "about")

    def read(self, namespace: str, transcript: Transcript) -> Vars:
        """Show what was read of a graph, if its panel is still open and has nothing newer."""
        panel = self._open.get(namespace)
        if panel is None or not panel.about.reading:
            return {}
        panel.show(transcript)
        return self._vars(*_ROWS, "tails", "about")

    def failed(self, namespace: str, problem: str, detail: str = "") -> Vars:
        """Say why a graph could not be read."""
        panel = self._open.get(namespace)
        if panel is None or not panel.about.reading:
            return {}
        panel.about = About(problem=problem, detail=detail)
        return self._vars("about")

    def close(self, namespace: str) -> Vars:
        """Drop a panel and those within it."""
        within = f"{namespace}|"
        closed = [name for name in self._open if name == namespace or name.startswith(within)]
        for name in closed:
            del self._open[name]
        return self._vars(*_ROWS, "tails", "about") if closed else {}

    def earlier(self, namespace: str) -> Vars:
        """Put a page of earlier rows before those of a panel."""
        panel = self._open.get(namespace)
        if panel is None or not panel.painter.first:
            return {}
        changed = panel.levels.put_before(panel.painter.earlier())
        panel.about = About(earlier=panel.painter.first)
        return self._vars(*changed, "about")

    def reveal(self, key: str) -> Vars:
        """Show the whole of a long result within a panel."""
        changed: Changed = {}
        for panel in self._open.values():
            if row := panel.painter.reveal(key):
                changed |= panel.levels.swap(row)
        return self._vars(*changed)

    def _see(self, agent: SubAgent, now: float) -> Iterable[str]:
        """Take the next view of one graph; returns the names of the vars that changed."""
        key, transcript = agent.namespace, agent.transcript or Transcript()
        then, last = self._shown.get(key, (0.0, None))
        if last is not None and last.transcript is transcript:
            return ()
        only_grows = last is not None and _shape(last.transcript) == _shape(transcript)
        if only_grows and now - then < EVERY:
            self._late[key] = agent
            return ()
        self._shown[key] = now, agent
        changed = []
        line = last_line(transcript) if transcript.running else ""
        if line != self._lines.get(key, ""):
            changed.append("lines")
            self._lines = {name: said for name, said in self._lines.items() if name != key}
            self._lines |= {key: line} if line else {}
        if panel := self._open.get(key):
            before = _state_of(panel)
            panel.show(transcript)
            changed += [name for name, value in _state_of(panel).items() if value != before[name]]
        return changed

    def _vars(self, *names: str) -> Vars:
        states = {key: _state_of(panel) for key, panel in self._open.items()}
        return {
            name: self._lines
            if name == "lines"
            else {key: state[name] for key, state in states.items()}
            for name in names
        }


_ROWS = ("old", "middle", "new")


def _state_of(panel: AgentPanel) -> dict[str, list[Row] | Tail | About]:
    levels = {name: getattr(panel.levels, name) for name in _ROWS}
    return {**levels, "tails": panel.tail, "about": panel.about}


def _news(before: tuple[Message, ...], now: tuple[Message, ...]) -> Iterator[Message]:
    """The messages of the present turn that are not as they were.

    Of a thread opened anew that is all of them.
    """
    if not before:
        yield from now
        return
    for place in range(len(now) - 1, -1, -1):
        message = now[place]
        if place >= len(before) or message is not before[place]:
            yield message
        if message.role is Role.HUMAN:
            return


def _agents(messages: Iterable[Message]) -> Iterator[SubAgent]:
    """The graphs that these messages started, and those within them."""
    for message in messages:
        for part in message.parts:
            agent = part.agent if isinstance(part, ToolCall) else part
            if isinstance(agent, SubAgent):
                yield agent
                if agent.transcript:
                    yield from _agents(agent.transcript.messages)


def _shape(transcript: Transcript | None) -> object:
    """What is equal for two views of which the later one only has more text at its end."""
    if transcript is None or not transcript.messages:
        return None
    last = transcript.messages[-1]
    parts = [part.status if isinstance(part, ToolCall) else type(part) for part in last.parts]
    return transcript.running, len(transcript.messages), last.id, parts


def last_line(transcript: Transcript) -> str:
    """What a graph does right now, in one line: the end of its words, or the tool it called."""
    for message in reversed(transcript.messages):
        if message.role is not Role.HUMAN:
            for part in reversed(message.parts):
                if line := _line_of(part):
                    return sendable(line)
    return ""


def _line_of(part: Part) -> str:
    match part:
        case Text(words) | Reasoning(words):
            last = words[-4 * LINE :].rstrip().rpartition("\n")[2]
            return _MARKUP.sub(r"\1", last).strip("#*_>-` \t|")[-LINE:]
        case ToolCall():
            if said := handed_over(part):
                return said[:LINE]
            name = part.agent.name if part.agent else ""
            return f"{name or title_of(part.name) or part.name} {call_gist(part)}".strip()[:LINE]
    return ""
