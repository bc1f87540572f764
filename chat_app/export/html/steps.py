"""The steps of an agent: one line each, which opens to what is behind it."""

from __future__ import annotations

from chat_app import text
from chat_app.export import words
from chat_app.export.html.elements import Html, el
from chat_app.export.html.values import json_block, preformatted, value_block
from chat_app.transcript.message import ToolCall, ToolStatus


def disclosure(summary: str, content: str, *, class_: str = "") -> Html:
    """A line that opens; a plain line where there is nothing behind it."""
    if not content:
        return el("p", summary, class_="note")
    inner = content if isinstance(content, Html) else el("p", content)
    classes = " ".join(filter(None, ("disclosure", class_)))
    return el("details", el("summary", summary), inner, class_=classes)


def tool_call(call: ToolCall, agent: str) -> Html:
    """A call: its name, its arguments in short and what became of it; behind them all of it."""
    handed = words.handed_over(call)
    line = el(
        "summary",
        el("code", handed or words.name_of(call)),
        el("span", words.gist_of(call), class_="gist"),
        _status(call),
    )
    return el(
        "details", line, _card(call, agent), class_="disclosure tool", data_status=_word(call)
    )


def _word(call: ToolCall) -> str:
    return call.status.value


def _status(call: ToolCall) -> Html:
    word = words.status_of(call)
    if not word:
        return Html("")
    is_bad = call.status in {ToolStatus.ERROR, ToolStatus.REJECTED}
    is_open = call.status is ToolStatus.WAITING
    return el("span", word, class_="bad" if is_bad else "asks" if is_open else "seconds")


def _card(call: ToolCall, agent: str) -> Html:
    arguments, result = words.arguments_of(call), words.result_of(call)
    parts: list[str] = [el("code", call.name)]
    heading = text.ARGUMENTS_EDITED if call.edited else text.ARGUMENTS
    shown = json_block(arguments) if arguments else el("p", text.NO_ARGUMENTS)
    parts.append(_section(heading, shown))
    if agent:
        parts.append(agent)
    if call.result is not None:
        value = words.parsed(result) if result[:1] in "[{" else None
        answer = value_block(value) if isinstance(value, list) else preformatted(result)
        parts.append(_section(text.RESULT, answer if result else el("p", text.NO_OUTPUT), "answer"))
        if call.result.artifact and not words.media_in(call):
            parts.append(_section(text.ARTIFACT, value_block(call.result.artifact)))
    elif call.status is ToolStatus.UNANSWERED:
        parts.append(el("p", text.ENDED_WITHOUT_RESULT))
    return el("div", *parts, class_="card")


def _section(heading: str, content: str, class_: str | None = None) -> Html:
    return el("section", el("header", el("h3", heading)), content, class_=class_)
