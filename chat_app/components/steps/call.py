"""The arguments and the result of a tool call: the two parts that its row opens to."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.content.value import Value
from chat_app.components.panel.panel import OpenBeside
from chat_app.components.steps.disclosure import Copy
from chat_app.state.rows import HandoffRow, ToolRow
from chat_app.state.transcript import TranscriptState


def arguments(
    row: ObjectVar[ToolRow] | ObjectVar[HandoffRow], *, none: rx.Var[str] | str = text.NO_ARGUMENTS
) -> rx.Component:
    """Return the arguments, also while they are streamed; `none` is shown without arguments."""
    is_empty = ~row.args.bool() & ~row.raw_args.bool()
    title = rx.cond(row.edited, text.ARGUMENTS_EDITED, text.ARGUMENTS)
    copy = Copy.create(
        value=rx.cond(row.raw_args, row.raw_args, row.args), label=text.COPY_ARGUMENTS
    )
    return rx.el.section(
        _head(title, rx.cond(is_empty, rx.fragment(), copy)),
        rx.cond(
            is_empty,
            rx.el.p(none),
            rx.cond(
                row.raw_args, rx.el.pre(row.raw_args, tab_index=0), Value.create(value=row.args)
            ),
        ),
    )


def tool_arguments(row: ObjectVar[ToolRow]) -> rx.Component:
    """Return the arguments of a call, which may still be streamed."""
    return arguments(row, none=rx.cond(row.status == "writing", "…", text.NO_ARGUMENTS))


def result(row: ObjectVar[ToolRow]) -> rx.Component:
    """Return the result; nothing as long as there is none."""
    return rx.fragment(
        rx.match(
            row.status,
            ("done", _answer(row)),
            ("error", _answer(row)),
            ("rejected", _answer(row)),
            ("unanswered", rx.el.p(text.ENDED_WITHOUT_RESULT)),
            rx.fragment(),
        )
    )


def _answer(row: ObjectVar[ToolRow]) -> rx.Component:
    """The text and the artifact of a result; its images and files are below the row."""
    has_words = row.result.bool() | row.output.bool()
    words = rx.el.section(
        _head(text.RESULT, rx.cond(has_words, _tools(row))),
        rx.cond(row.result, Value.create(value=row.result)),
        rx.cond(row.output, rx.el.pre(row.output, tab_index=0)),
        rx.cond(has_words, rx.fragment(), rx.el.p(text.NO_OUTPUT)),
        rx.cond(
            row.size,
            rx.el.button(
                f"{text.SHOW_ALL} {row.size}",
                type="button",
                class_name="more",
                on_click=TranscriptState.reveal(row.key),
                data_testid="reveal",
            ),
        ),
        class_name="answer",
    )
    artifact = rx.el.section(
        _head(text.ARTIFACT, Copy.create(value=row.artifact, label=text.COPY_ARTIFACT)),
        Value.create(value=row.artifact),
        class_name="answer",
    )
    has_more = row.media.bool() | row.artifact.bool()
    return rx.fragment(
        rx.cond(has_words | ~has_more, words), rx.cond(row.artifact, artifact, rx.fragment())
    )


def _tools(row: ObjectVar[ToolRow]) -> rx.Component:
    """The buttons; opening a truncated result in the panel requests the rest."""
    shown = rx.cond(row.result, row.result, row.output)
    return rx.el.span(
        OpenBeside.create(
            id=row.key,
            name=row.name,
            value=shown,
            cut=row.size.bool(),
            label=text.OPEN_PANEL,
            on_reveal=TranscriptState.reveal(row.key),
        ),
        rx.cond(row.size, rx.fragment(), Copy.create(value=shown, label=text.COPY_RESULT)),
        class_name="tools",
    )


def _head(title: str | rx.Var, tools: rx.Component) -> rx.Component:
    """The title of a part of the card, and its buttons."""
    return rx.el.header(rx.el.h3(title), tools)
