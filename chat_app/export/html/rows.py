"""The messages of a transcript as the rows of a page; classes are those of the app's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text
from chat_app.export import words
from chat_app.export.document import DEEPEST
from chat_app.export.html import steps
from chat_app.export.html.elements import Html, el, joined
from chat_app.export.html.links import host_of, linked
from chat_app.export.html.media import media_row
from chat_app.export.html.prose import prose
from chat_app.export.html.values import json_block, value_block
from chat_app.transcript.message import (
    CustomEvent,
    Decision,
    Forgotten,
    Given,
    InnerCall,
    Media,
    Message,
    Output,
    Raw,
    Reasoning,
    Role,
    Sources,
    SubAgent,
    Text,
    ToolCall,
    Widget,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chat_app.export.html.media import Inlining
    from chat_app.transcript.message import Aside, Part, Transcript


class Rows:
    """Writes the rows of one page."""

    def __init__(
        self, agents: Mapping[str, Transcript], inlining: Inlining, *, steps: bool
    ) -> None:
        self._agents = agents
        self._inlining = inlining
        self._steps = steps

    def turns(self, transcript: Transcript) -> Iterator[Html]:
        """The rows, a section for each turn."""
        rows: list[Html] = []
        names = list(words.speakers(transcript.messages))
        for index, message in enumerate(transcript.messages):
            if message.role is Role.HUMAN and rows:
                yield el("section", *rows, class_="turn")
                rows = []
            rows += self.message(message, str(index), names[index])
        if self._steps:
            rows += kept(transcript)
        rows += footer(transcript)
        if rows:
            yield el("section", *rows, class_="turn")

    def message(self, message: Message, key: str, speaker: str = "", depth: int = 0) -> list[Html]:
        """The rows of one message."""
        if message.role is Role.HUMAN:
            rows = self._human(message, key, depth)
        elif message.role is Role.SYSTEM:
            rows = self._system(message)
        else:
            named = [row("speaker", el("span", speaker, class_="speaker"))] if speaker else []
            parts = (self._part(part, f"{key}.{n}", depth) for n, part in enumerate(message.parts))
            rows = [*named, *(one for found in parts for one in found)]
            rows += _end(message)
        return [*rows, *self._asides(message.asides)]

    def _human(self, message: Message, key: str, depth: int) -> list[Html]:
        said = [part.text for part in message.parts if isinstance(part, Text)]
        media = [part for part in message.parts if isinstance(part, Media)]
        given = [part for part in message.parts if isinstance(part, Given)]
        rows = []
        if media:
            rows.append(row("media", media_row(media, self._inlining), data_status="sent"))
        bubble: list[str] = ["\n\n".join(said)] if any(said) else []
        for name, value in (pair for part in given for pair in words.given_values(part)):
            label = el("dt", name) if name else ""
            bubble.append(el("dl", label, el("dd", value)) if name else value)
        if bubble:
            rows.append(row("human", el("div", *bubble, class_="bubble", dir="auto")))
        for number, part in enumerate(message.parts):
            if not isinstance(part, Text | Media | Given):
                rows += self._part(part, f"{key}.{number}", depth)
        return rows

    def _system(self, message: Message) -> list[Html]:
        said = "\n\n".join(part.text for part in message.parts if isinstance(part, Text))
        if message.continues or not (said and self._steps):
            return []
        return [row("system", steps.disclosure(text.SYSTEM_MESSAGE, el("pre", said)))]

    def _part(self, part: Part, key: str, depth: int) -> list[Html]:  # noqa: C901, PLR0911 - one case each
        match part:
            case Text(said, refused):
                mark = [note(text.REFUSED)] if refused else []
                return [*mark, row("text", prose(said, key))] if said.strip() else mark
            case Reasoning():
                thought = el("div", words.thought(part), class_="thought")
                return self._step("reasoning", steps.disclosure(text.THOUGHT, thought))
            case ToolCall():
                return self._call(part, depth)
            case SubAgent():
                return [] if part.is_pass else self._step("agent", self._agent(part, depth))
            case Sources(pages):
                listed = [(page, linked(page.url, {"http", "https"})) for page in pages]
                return _sources([(p.title or url, url) for p, url in listed if url])
            case Media():
                return [row("media", media_row([part], self._inlining))]
            case Output(name, value):
                return _output(name, value, key)
            case Forgotten(summary):
                said = text.SUMMARISED if summary.strip() else text.FORGOTTEN
                inner = el("pre", summary) if summary.strip() else ""
                return [row("memory", steps.disclosure(said, inner), class_="memory")]
            case Given():
                return [row("raw", value_block(part.value))]
            case Raw(block):
                name = str(block.get("type") or text.RESULT)
                return [row("raw", steps.disclosure(name, json_block(words.indented(block))))]

    def _step(self, kind: str, content: Html) -> list[Html]:
        return [row(kind, content)] if self._steps else []

    def _call(self, call: ToolCall, depth: int) -> list[Html]:
        media = words.media_in(call)
        shown = [row("media", media_row(media, self._inlining))] if media else []
        if not self._steps:
            return shown
        agent = self._agent(call.agent, depth) if call.agent else ""
        return [row("tool", steps.tool_call(call, agent)), *shown]

    def _agent(self, agent: SubAgent, depth: int) -> Html:
        """What a subgraph did, as a transcript in a transcript."""
        inside = agent.transcript or self._agents.get(agent.namespace)
        name = agent.name or text.AGENT
        if inside is None or depth >= DEEPEST:
            return steps.disclosure(text.TRANSCRIPT_OF.format(name=name), text.AGENT_NOT_KEPT)
        keys = (f"{agent.namespace}.{number}" for number in range(len(inside.messages)))
        pairs = zip(inside.messages, keys, strict=True)
        rows = [one for m, key in pairs for one in self.message(m, _key(key), depth=depth + 1)]
        rows += footer(inside)
        return steps.disclosure(
            text.TRANSCRIPT_OF.format(name=name), el("div", *rows, class_="inside")
        )

    def _asides(self, asides: Iterable[Aside]) -> list[Html]:
        rows: list[Html] = []
        for aside in asides:
            match aside:
                case Decision():
                    rows.append(row("decision", _decision(aside)))
                case Widget(_, name, props):
                    rows.append(row("widget", _widget(name, props)))
                case CustomEvent():
                    rows += self._step("event", el("p", words.event_line(aside), class_="event"))
                case InnerCall(_, node, said):
                    name = node.partition(".")[0]
                    rows += self._step("inner", steps.disclosure(name, el("pre", said)))
        return rows


def row(kind: str, content: Html, **attributes: str) -> Html:
    """One row."""
    named = {"class_": " ".join(filter(None, ("row", attributes.pop("class_", ""))))}
    return el("div", content, data_kind=kind, **named, **attributes)


def note(sentence: str) -> Html:
    """A quiet line."""
    return row("notice", el("div", el("p", sentence), class_="note"))


def footer(transcript: Transcript) -> list[Html]:
    """What is open at the end: questions, a failure, an answer that was not finished."""
    rows = [row("ask", _question(words.asked_lines(asked))) for asked in transcript.interrupts]
    sentence, detail = words.failure_lines(transcript)
    if sentence and not transcript.running:
        more = steps.disclosure(text.DETAILS, el("pre", detail)) if detail else ""
        rows.append(row("error", el("div", el("p", sentence), more, class_="alert")))
    if transcript.running:
        rows.append(note(text.STILL_RUNNING))
    return rows


def kept(transcript: Transcript) -> list[Html]:
    """The plan and the files that the agent keeps in its state."""
    parts: list[str] = []
    if transcript.todos:
        todos = (el("li", one.content, data_status=one.status) for one in transcript.todos)
        parts += [el("h3", text.PLAN), el("ul", *todos)]
    for file in transcript.files:
        content = el("pre", words.text_of_length(file.text))
        parts.append(steps.disclosure(file.path, content))
    return [row("results", el("div", *parts, class_="kept"))] if parts else []


def _end(message: Message) -> list[Html]:
    if message.stopped:
        return [note(text.STOPPED)]
    return [note(text.CUT_OFF[message.cut.value])] if message.cut else []


def _question(lines: list[str]) -> Html:
    said = (el("p", line, class_="asked") for line in lines)
    return el("div", el("h3", text.WAITED_FOR), *said, class_="ask")


def _decision(decision: Decision) -> Html:
    rows: list[str] = []
    for asked, said in words.exchanges(decision):
        rows += [el("p", asked, class_="asked")] if asked else []
        rows.append(el("p", said, class_="said"))
    return el("div", *rows, class_="decided")


def _widget(name: str, props: dict[str, object]) -> Html:
    title, listed = props.get("title"), props.get("rows")
    if isinstance(listed, list):
        caption = el("figcaption", title) if isinstance(title, str) else ""
        return el("figure", caption, value_block(listed), class_="figure")
    return steps.disclosure(words.label(name), value_block(props))


def _sources(pages: list[tuple[str, str]]) -> list[Html]:
    if not pages:
        return []
    items = (
        el(
            "li",
            el(
                "a",
                el("span", title),
                el("small", host_of(url)),
                href=url,
                title=url,
                target="_blank",
                rel="noopener noreferrer nofollow",
            ),
        )
        for title, url in pages
    )
    return [row("sources", el("div", text.SOURCES, el("ol", *items), class_="sources"))]


def _output(name: str, value: object, key: str) -> list[Html]:
    if value is None and not name:
        return [note(text.NOTHING_RETURNED)]
    content = prose(value, key) if isinstance(value, str) else value_block(value)
    heading = el("h3", words.label(name), class_="output-name") if name else ""
    return [row("output", joined([heading, content]))]


def _key(name: str) -> str:
    """What may stand in a fragment."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
