"""The transcript: one memoised component per turn and per row, and the tail that is still written.

The rows and the tail read different substates, so that an update of the tail, 25 times a second,
renders only the tail.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.cards.ask import ask, decision
from chat_app.components.connection.reconnecting import reconnecting
from chat_app.components.content.media import media
from chat_app.components.conversation.actions import Actions, OwnMessage
from chat_app.components.conversation.branches import branches
from chat_app.components.conversation.events import event, widget
from chat_app.components.conversation.feedback import feedback
from chat_app.components.conversation.output import InputValues, output
from chat_app.components.conversation.sources import sources
from chat_app.components.conversation.turn import (
    GroupedRows,
    StepsLine,
    Turn,
    Turns,
    turned,
)
from chat_app.components.navigation.link import link
from chat_app.components.panel.workspace import results
from chat_app.components.prose.prose import grouped, prose
from chat_app.components.rows import register, row_view
from chat_app.components.shared.error_boundary import LongText
from chat_app.components.shared.folded import folded, memory_line
from chat_app.components.steps.agent import agent
from chat_app.components.steps.reasoning import reasoning, thought
from chat_app.components.steps.tool import handoff, tool
from chat_app.state.assistants import AssistantsState
from chat_app.state.branches import BranchState
from chat_app.state.rows import (
    AgentRow,
    AskRow,
    DecisionRow,
    EndRow,
    ErrorRow,
    EventRow,
    HandoffRow,
    HumanRow,
    InnerRow,
    MediaRow,
    MemoryRow,
    NoticeRow,
    OutputRow,
    PlainTextRow,
    RawRow,
    ReasoningRow,
    ResultsRow,
    SourcesRow,
    SpeakerRow,
    StepsRow,
    SystemRow,
    TextRow,
    ToolRow,
    WidgetRow,
)
from chat_app.state.run import RunState
from chat_app.state.transcript import TailState, TranscriptState
from chat_app.state.view import steps


def transcript() -> rx.Component:
    """Return all turns; the last has the tail, and an activity indicator while it is empty."""
    parts = TranscriptState.old + TranscriptState.middle + TranscriptState.new
    rows = grouped(parts, TranscriptState.open_path)
    turns = turned(rows, TranscriptState.asked_at, RunState.running)
    return Turns.create(
        branches(
            feedback(
                rx.el.div(
                    rx.foreach(turns, lambda turn: turn_view(turn=turn, key=turn.key)),
                    class_name="log",
                    role="log",
                    aria_label=text.CONVERSATION,
                    aria_live="off",
                    data_steps=steps(),
                )
            )
        ),
        thread=RunState.thread_id,
        options=AssistantsState.options,
        chosen=AssistantsState.chosen,
    )


@rx.memo
def turn_view(turn: rx.Var[GroupedRows], rest: rx.RestProp) -> rx.Component:
    """One turn; it is rendered again only if one of its rows has changed."""
    seen = turn.to(ObjectVar, GroupedRows)
    return Turn.create(
        rx.foreach(seen.rows, lambda row: row_view(row=row, key=row.key)),
        rx.cond(seen.isLast, turn_end()),
        rest,
        turn=turn,
        you=text.YOU,
        agent=text.AGENT,
    )


@rx.memo
def turn_end() -> rx.Component:
    """The end of the last turn: a component of its own, as it changes with every token."""
    return rx.fragment(rx.cond(TranscriptState.open_path == "", _tail()), _waiting())


def _text(row: ObjectVar[TextRow]) -> rx.Component:
    """The text of one row, or of the rows of one block with its open end."""
    goes_on = row.to(dict)["open"].to(str)
    return prose(row.md, rx.cond(goes_on, open_end()), original=row.original, row=row)


def _plain_text(row: ObjectVar[PlainTextRow]) -> rx.Component:
    return prose(row.text, plain=rx.Var.create(True), follows=row.follows)


@rx.memo
def open_end() -> rx.Component:
    """The tail, inside the block that it continues."""
    return _tail(path=TranscriptState.open_path)


def _human(row: ObjectVar[HumanRow]) -> rx.Component:
    return OwnMessage.create(
        rx.el.div(
            LongText.create(text=row.text),
            rx.cond(row.inputs, InputValues.create(inputs=row.inputs)),
            class_name="bubble",
            dir="auto",
        ),
        row=row,
    )


def _media(row: ObjectVar[MediaRow]) -> rx.Component:
    """What a message carries; below it what can be done with a message that is nothing else."""
    items = media(row.media)
    return rx.cond(row.id, OwnMessage.create(items, row=row, keeps=True), items)


def _memory(row: ObjectVar[MemoryRow]) -> rx.Component:
    summary = folded(text.SUMMARISED, row.summary)
    return rx.cond(row.summary, summary, memory_line(text.FORGOTTEN))


def _tail(path: rx.Var[str] | None = None) -> rx.Component:
    words = TailState.head + TailState.text
    return rx.el.div(
        rx.match(
            TailState.kind,
            (TextRow.kind, prose(words, live=True, plain=TailState.is_plain, path=path)),
            (ReasoningRow.kind, thought(words)),
            rx.fragment(),
        ),
        class_name="row tail" if path is None else "tail inside",
        data_testid="tail",
        data_kind=TailState.kind,
    )


def _waiting() -> rx.Component:
    """The activity indicator until the first token, and after the result of a tool."""
    dot = rx.el.div(
        rx.el.span(class_name="dot"),
        rx.cond(RunState.starting, rx.el.span(text.STARTING)),
        class_name="row waiting",
        data_testid="waiting",
    )
    is_silent = RunState.running & (TailState.kind == "")
    stopping = rx.el.div(text.STOPPING, class_name="row waiting", role="status", aria_live="off")
    alive = rx.cond(RunState.cut, reconnecting(), rx.cond(is_silent, dot))
    return rx.cond(RunState.stopping, stopping, alive)


def _button(label: str, on_click: Any, test_id: str) -> rx.Component:
    return rx.el.button(
        label, type="button", class_name="button", on_click=on_click, data_testid=test_id
    )


def _error(row: ObjectVar[ErrorRow]) -> rx.Component:
    return error_view(row=row)


@rx.memo
def error_view(row: rx.Var[ErrorRow]) -> rx.Component:
    """A component of its own: it depends on the state of the run, other rows do not."""
    error = row.to(ObjectVar, ErrorRow)
    return rx.el.div(
        rx.el.p(error.sentence),
        rx.cond(
            RunState.can_retry & ~RunState.running,
            _button(text.RETRY, RunState.retry, "retry"),
        ),
        rx.cond(
            RunState.stop_failed,
            _button(text.RETRY, RunState.stop, "stop-again"),
        ),
        rx.cond(error.is_nowhere, link(text.NEW_CHAT, to="/", class_name="button")),
        folded(text.DETAILS, error.detail),
        class_name="alert",
        role="alert",
    )


def _notice(row: ObjectVar[NoticeRow]) -> rx.Component:
    return rx.el.div(
        rx.el.p(row.sentence),
        rx.cond(
            row.can_continue,
            _button(text.CONTINUE, BranchState.go_on, "continue"),
        ),
        rx.cond(row.detail, rx.el.pre(row.detail)),
        class_name="note",
    )


register(HumanRow, _human)
register(TextRow, _text)
register(PlainTextRow, _plain_text)
register(ReasoningRow, reasoning)
register(ToolRow, tool)
register(HandoffRow, handoff)
register(SourcesRow, sources)
register(RawRow, lambda row: folded(row.type, row.json))
register(SystemRow, lambda row: folded(text.SYSTEM_MESSAGE, row.text))
register(SpeakerRow, lambda row: rx.el.span(row.name, class_name="speaker", dir="auto"))
register(InnerRow, lambda row: folded(row.node, row.text))
register(MemoryRow, _memory)
register(ErrorRow, _error)
register(NoticeRow, _notice)
register(AgentRow, agent)
register(MediaRow, _media)
register(StepsRow, lambda row: StepsLine.create(sentence=row.sentence))
register(ResultsRow, results)
register(EventRow, event)
register(WidgetRow, widget)
register(AskRow, ask)
register(DecisionRow, decision)
register(OutputRow, output)
register(EndRow, lambda row: Actions.create(row=row))
