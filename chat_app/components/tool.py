"""A tool call: one quiet line that opens to its arguments and result."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.icon import icon
from chat_app.components.line import Copy, Elapsed, Line
from chat_app.components.prose import Image
from chat_app.components.renderers import rendered
from chat_app.components.value import Value
from chat_app.state.rows import Row
from chat_app.state.transcript import TranscriptState


def tool(row: ObjectVar[Row]) -> rx.Component:
    """The line of one call, and what its renderer makes of the result."""
    return rx.fragment(
        Line.create(
            rx.el.summary(
                _mark(row),
                rx.el.code(row.name),
                rx.el.span(row.gist, class_name="gist"),
                _state(row),
                icon("chevron-right", class_name="chevron"),
            ),
            rx.el.div(_arguments(row), _result(row), class_name="card"),
            class_name="line tool",
            data_status=row.status,
        ),
        rendered(row),
    )


def _mark(row: ObjectVar[Row]) -> rx.Component:
    return rx.fragment(
        rx.match(
            row.status,
            ("done", _said(text.CALL_DONE, icon("check", class_name="good"))),
            ("error", icon("x", class_name="bad")),
            ("unanswered", icon("minus")),
            _said(text.CALL_RUNNING, icon("loader-circle", class_name="spin")),
        )
    )


def _said(status: str, mark: rx.Component) -> rx.Component:
    """A mark and the word for those who cannot see it."""
    return rx.fragment(mark, rx.el.span(status, class_name="unseen"))


def _state(row: ObjectVar[Row]) -> rx.Component:
    """What is to be known without opening the line."""
    seconds = rx.cond(row.seconds, rx.el.span(row.seconds, class_name="seconds"))
    return rx.fragment(
        rx.match(
            row.status,
            ("done", seconds),
            ("error", rx.fragment(rx.el.span(text.CALL_FAILED, class_name="bad"), seconds)),
            ("unanswered", rx.el.span(text.CALL_UNANSWERED, class_name="seconds")),
            Elapsed.create(since=row.at),
        )
    )


def _arguments(row: ObjectVar[Row]) -> rx.Component:
    """As they are written, too: `args` is well-formed at every moment."""
    is_empty = ~row.args.bool() & ~row.text.bool()
    return rx.el.section(
        _head(text.ARGUMENTS, rx.cond(row.text, row.text, row.args), text.COPY_ARGUMENTS, is_empty),
        rx.cond(
            is_empty,
            rx.el.p(rx.cond(row.status == "writing", "…", text.NO_ARGUMENTS)),
            rx.cond(row.text, rx.el.pre(row.text), Value.create(value=row.args)),
        ),
    )


def _result(row: ObjectVar[Row]) -> rx.Component:
    return rx.fragment(
        rx.match(
            row.status,
            ("done", _answer(row)),
            ("error", _answer(row)),
            ("unanswered", rx.el.p(text.ENDED_WITHOUT_RESULT)),
            rx.fragment(),
        )
    )


def _answer(row: ObjectVar[Row]) -> rx.Component:
    has_images = row.images.bool()
    has_words = row.result.bool() | row.detail.bool()
    shown = rx.cond(row.result, row.result, row.detail)
    return rx.el.section(
        _head(text.RESULT, shown, text.COPY_RESULT, ~has_words | row.size.bool()),
        rx.cond(has_images, _images(row)),
        rx.cond(row.result, Value.create(value=row.result)),
        rx.cond(row.detail, rx.el.pre(row.detail)),
        rx.cond(~has_words & ~has_images, rx.el.p(text.NO_OUTPUT)),
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


def _images(row: ObjectVar[Row]) -> rx.Component:
    """Those that are part of the result; others are fetched only when the person says so."""
    return rx.el.div(rx.foreach(row.images, _image), class_name="images")


def _image(address: rx.Var[str]) -> rx.Component:
    return Image.create(src=address, alt=text.IMAGE_OF_RESULT, inline=True)


def _head(title: str, value: rx.Var, label: str, is_empty: rx.Var[bool]) -> rx.Component:
    """The name of a part of the card, and the button that copies it."""
    copy = rx.cond(is_empty, rx.fragment(), Copy.create(value=value, label=label))
    return rx.el.header(rx.el.h5(title), copy)
