"""The rows of a conversation: what the screen draws, one dataclass for each kind of row.

A transcript is a tree (messages, parts, Markdown blocks); the screen is a list. Cutting it into
rows is what makes streaming cheap: a row that did not change is neither sent nor drawn again.

========== ======================= ==============================================================
kind       class                   what it shows
========== ======================= ==============================================================
human      `HumanRow`              what a person wrote, or the input that they filled in
text       `TextRow`               one Markdown block of an answer
plain      `PlainTextRow`          a piece of an answer that is shown as it is, not as Markdown
reasoning  `ReasoningRow`          what a model thought before it answered
media      `MediaRow`              images, sounds, videos and files of one message
sources    `SourcesRow`            the pages that an answer cites
raw        `RawRow`                a content block of an unknown type, as JSON
system     `SystemRow`             instructions to the model
speaker    `SpeakerRow`            which agent speaks below
inner      `InnerRow`              what a model said inside a node
memory     `MemoryRow`             the agent's memory begins below
end        `EndRow`                time, tokens and model of a finished answer
tool       `ToolRow`               one tool call with its arguments and its result
handoff    `HandoffRow`            a tool call that hands control to another agent
agent      `AgentRow`              a subgraph that no tool call started
event      `EventRow`              a custom event: progress that a graph reports
widget     `WidgetRow`             a `ui` message: a component that a graph pushed
steps      `StepsRow`              the line that the steps of a finished turn fold to
results    `ResultsRow`            the plan and the files that a turn leaves behind
ask        `AskRow`                a question of the graph (an interrupt) that is open
decision   `DecisionRow`           what a person was asked and answered
output     `OutputRow`             a value of the graph's state
notice     `NoticeRow`             how an answer came about: stopped, cut off, missing
error      `ErrorRow`              an error
========== ======================= ==============================================================

In every class `text` is plain text, to be shown as it is; `md` is Markdown; `at` is a moment in
milliseconds since 1970 (UTC), 0 where it is unknown; `took` is a duration in words, as "3.2 s".

A field that has its default value is not sent: in the browser it is undefined. Components get a
row as a var of its class (see `chat_app.components.conversation.transcript`), so a component that
reads a field which its row does not have fails when the page is built.
"""

from __future__ import annotations

from chat_app.state.rows.answers import (
    EndRow,
    InnerRow,
    Link,
    MediaItem,
    MediaRow,
    MemoryRow,
    PlainTextRow,
    RawRow,
    ReasoningRow,
    SourcesRow,
    SpeakerRow,
    SystemRow,
    Tail,
    TextRow,
)
from chat_app.state.rows.base import BaseRow
from chat_app.state.rows.notices import ErrorRow, NoticeRow, error_row, notice_row, nowhere_row
from chat_app.state.rows.people import (
    AskRow,
    DecisionRow,
    Exchange,
    HumanRow,
    OpenQuestion,
)
from chat_app.state.rows.steps import (
    AgentRow,
    EventRow,
    HandoffRow,
    ResultsRow,
    StepsRow,
    TodoItem,
    ToolRow,
    WidgetRow,
)
from chat_app.state.rows.values import InputValue, JsonValue, OutputRow

Row = (
    HumanRow
    | TextRow
    | PlainTextRow
    | ReasoningRow
    | MediaRow
    | SourcesRow
    | RawRow
    | SystemRow
    | SpeakerRow
    | InnerRow
    | MemoryRow
    | EndRow
    | ToolRow
    | HandoffRow
    | AgentRow
    | EventRow
    | WidgetRow
    | StepsRow
    | ResultsRow
    | AskRow
    | DecisionRow
    | OutputRow
    | NoticeRow
    | ErrorRow
)
"""Any row of a conversation."""

__all__ = [
    "AgentRow",
    "AskRow",
    "BaseRow",
    "DecisionRow",
    "EndRow",
    "ErrorRow",
    "EventRow",
    "Exchange",
    "HandoffRow",
    "HumanRow",
    "InnerRow",
    "InputValue",
    "JsonValue",
    "Link",
    "MediaItem",
    "MediaRow",
    "MemoryRow",
    "NoticeRow",
    "OpenQuestion",
    "OutputRow",
    "PlainTextRow",
    "RawRow",
    "ReasoningRow",
    "ResultsRow",
    "Row",
    "SourcesRow",
    "SpeakerRow",
    "StepsRow",
    "SystemRow",
    "Tail",
    "TextRow",
    "TodoItem",
    "ToolRow",
    "WidgetRow",
    "error_row",
    "notice_row",
    "nowhere_row",
]
