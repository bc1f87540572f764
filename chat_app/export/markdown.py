"""A conversation as Markdown: what was said, and behind a fold what was done."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.export import words
from chat_app.export.document import DEEPEST
from chat_app.export.html.links import linked
from chat_app.transcript.markdown.structure import Structure, Verbatim, step
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
    from collections.abc import Iterator, Mapping

    from chat_app.export.document import Document
    from chat_app.transcript.message import Aside, Part, Transcript

_DISPLAYS = frozenset({"$$", "\\[", "\\begin"})
"""Maths is none to every reader of Markdown, so nothing is left open by it."""
_ENDS = ("-->", "?>", "]]>", "</pre>", ">")
"""What ends the blocks of HTML that a blank line does not end."""
_BACKTICKS = re.compile(r"`{3,}")


def markdown(document: Document) -> str:
    """The whole conversation."""
    writer = _Writer(document.agents, steps=document.steps)
    parts = [f"# {_line(document.heading)}"]
    facts = [
        f"{document.begun:%Y-%m-%d %H:%M}" if document.begun else "",
        text.EXPORTED_WITH.format(assistant=_line(document.assistant))
        if document.assistant
        else "",
    ]
    if any(facts):
        parts.append(f"*{' · '.join(filter(None, facts))}*")
    parts += writer.conversation(document.transcript, document.assistant)
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


class _Writer:
    def __init__(self, agents: Mapping[str, Transcript], *, steps: bool) -> None:
        self._agents = agents
        self._steps = steps

    def conversation(
        self, transcript: Transcript, assistant: str = "", depth: int = 0
    ) -> Iterator[str]:
        """Blocks of Markdown, of which each is complete."""
        heading, last = "#" * min(depth + 2, 6), ""
        for message in transcript.messages:
            blocks = list(self._message(message, depth))
            if not any(block.strip() for block in blocks):
                continue
            if (who := _speaker(message, assistant)) != last or message.role is Role.HUMAN:
                yield f"{heading} {who}"
            last = who
            yield from blocks
        if self._steps:
            yield from _kept(transcript)
        for asked in transcript.interrupts:
            yield f"**{text.WAITED_FOR}**"
            yield from map(_quoted, words.asked_lines(asked))
        sentence, detail = words.failure_lines(transcript)
        if sentence and not transcript.running:
            yield f"**{sentence}**"
            yield fenced(detail) if detail else ""
        if transcript.running:
            yield f"*{text.STILL_RUNNING}*"

    def _message(self, message: Message, depth: int) -> Iterator[str]:
        for part in () if message.continues else message.parts:
            yield from self._part(part, depth)
        if message.stopped:
            yield f"*{text.STOPPED}*"
        elif message.cut:
            yield f"*{text.CUT_OFF[message.cut.value]}*"
        for aside in message.asides:
            yield from self._aside(aside)

    def _part(self, part: Part, depth: int) -> Iterator[str]:  # noqa: C901 - a case each
        match part:
            case Text(said, refused):
                if refused:
                    yield f"*{text.REFUSED}*"
                yield closed(said)
            case Reasoning() if self._steps:
                yield folded(text.THOUGHT, _quoted(words.thought(part)))
            case ToolCall():
                yield from self._call(part, depth)
            case SubAgent() if self._steps and not part.is_pass:
                yield self._agent(part, depth)
            case Sources(pages):
                listed = [f"{n}. {_page(p.title, p.url)}" for n, p in enumerate(pages, 1)]
                yield "\n".join([f"{text.SOURCES}:", "", *listed])
            case Media():
                yield _attachment(part)
            case Given():
                yield "\n".join(
                    f"- **{_line(name)}**: {_line(value)}" if name else closed(value)
                    for name, value in words.given_values(part)
                )
            case Output(name, value):
                if name:
                    yield f"**{_line(words.label(name))}**"
                shown = isinstance(value, str)
                yield closed(value) if shown else fenced(words.indented(value), "json")
            case Raw(block):
                name = str(block.get("type") or text.RESULT)
                yield folded(name, fenced(words.indented(block), "json"))
            case Forgotten(summary):
                said = text.SUMMARISED if summary.strip() else text.FORGOTTEN
                yield folded(said, _quoted(summary)) if summary.strip() else f"*{said}*"

    def _call(self, call: ToolCall, depth: int) -> Iterator[str]:
        if self._steps:
            name = words.handed_over(call) or words.name_of(call)
            short = filter(None, (name, words.gist_of(call), words.status_of(call)))
            inside: list[str] = []
            if arguments := words.arguments_of(call):
                inside += [f"{text.ARGUMENTS}:", fenced(arguments, "json")]
            if call.agent:
                inside.append(self._agent(call.agent, depth))
            if result := words.result_of(call):
                inside += [f"{text.RESULT}:", fenced(result)]
            yield folded(" · ".join(short), "\n\n".join(inside))
        yield from map(_attachment, words.media_in(call))

    def _agent(self, agent: SubAgent, depth: int) -> str:
        inside = agent.transcript or self._agents.get(agent.namespace)
        summary = text.TRANSCRIPT_OF.format(name=agent.name or text.AGENT)
        if inside is None or depth >= DEEPEST:
            return folded(summary, text.AGENT_NOT_KEPT)
        return folded(summary, "\n\n".join(self.conversation(inside, agent.name, depth + 1)))

    def _aside(self, aside: Aside) -> Iterator[str]:
        match aside:
            case Decision():
                for asked, said in words.exchanges(aside):
                    yield _quoted(asked)
                    yield f"**{_line(said)}**" if said else ""
            case Widget(_, name, props):
                yield folded(words.label(name), fenced(words.indented(props), "json"))
            case CustomEvent() if self._steps:
                yield f"- {_line(words.event_line(aside))}"
            case InnerCall(_, node, said) if self._steps:
                yield folded(node.partition(".")[0], _quoted(said))


def _kept(transcript: Transcript) -> Iterator[str]:
    """The plan and the files that the agent keeps in its state."""
    if transcript.todos:
        marks = {True: "x", False: " "}
        todos = ((one.status == "completed", _line(one.content)) for one in transcript.todos)
        yield "\n".join([f"{text.PLAN}:", "", *(f"- [{marks[d]}] {said}" for d, said in todos)])
    for file in transcript.files:
        yield folded(file.path, fenced(words.text_of_length(file.text)))


def closed(said: str) -> str:
    """A text with what may be open at its end closed: a code block, a comment."""
    now = Structure()
    for line in said.split("\n"):
        now = step(now, line, _DISPLAYS).after
    if now.containers or not isinstance(now.leaf, Verbatim):
        return said
    end = now.leaf.fence or next((one for one in _ENDS if now.leaf.end.search(one)), "")
    return f"{said}\n{end}" if end else said


def fenced(said: str, language: str = "") -> str:
    """A code block around any text."""
    longest = max((len(run) for run in _BACKTICKS.findall(said)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{said}\n{fence}"


def folded(summary: str, inside: str) -> str:
    """A line that opens where HTML in Markdown is shown, and reads well where it is not."""
    said = escape(_line(summary), quote=False)
    return f"<details>\n<summary>{said}</summary>\n\n{inside}\n\n</details>"


def _quoted(said: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in said.splitlines())


def _line(said: str) -> str:
    return " ".join(said.split())


def _speaker(message: Message, assistant: str) -> str:
    match message.role:
        case Role.HUMAN:
            return text.YOU
        case Role.SYSTEM:
            return text.SYSTEM_MESSAGE
    return _line(message.name) or _line(assistant) or text.ASSISTANT


def _page(title: str, url: str) -> str:
    address = linked(url, {"http", "https"})
    name = re.sub(r"[\[\]<>]", " ", _line(title)) or address
    return f"[{name}](<{address.replace('>', '%3E').replace('<', '%3C')}>)" if address else name


def _attachment(media: Media) -> str:
    name = words.media_name(media)
    if media.data:
        about = ", ".join(filter(None, (media.mime_type, text.size(words.size_of(media)))))
        return f"📎 {_line(name)} ({about})"
    return f"📎 {_page(name, media.url)}"
