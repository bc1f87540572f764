"""What is said of the parts of a conversation, the same in every kind of file."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.transcript.asked import asked_in_words
from chat_app.transcript.elide import elided
from chat_app.transcript.failures import explained
from chat_app.transcript.forms import as_json
from chat_app.transcript.gist import gist
from chat_app.transcript.handoffs import handoff_of
from chat_app.transcript.media import media_of
from chat_app.transcript.message import (
    CustomEvent,
    Given,
    Media,
    Message,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolStatus,
)
from chat_app.transcript.readable_name import readable_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chat_app.transcript.message import Decision, Interrupt, Transcript

LONGEST_RESULT = 100_000
"""Characters of a tool's result in a file that is to be read; JSON has all of it."""
_STATUS = {
    ToolStatus.WRITING: text.CALL_UNANSWERED,
    ToolStatus.RUNNING: text.RUNNING,
    ToolStatus.WAITING: text.NEEDS_YOU,
    ToolStatus.ERROR: text.CALL_FAILED,
    ToolStatus.REJECTED: text.CALL_REJECTED,
    ToolStatus.UNANSWERED: text.CALL_UNANSWERED,
}
_KINDS = {
    "image": text.AN_IMAGE,
    "audio": text.A_SOUND,
    "video": text.A_VIDEO,
    "file": text.A_FILE,
}
_SAYING = ("text", "message", "label", "status", "description", "title")


def handed_over(call: ToolCall) -> str:
    """The sentence for a call that hands control to another agent; empty for any other call."""
    if not (handoff := handoff_of(call)):
        return ""
    said = text.HANDED_BACK if handoff.back else text.HANDED_OVER
    return said.format(agent=" ".join(handoff.agent.split()))


def status_of(call: ToolCall) -> str:
    """What became of a call in a word; empty where it has a result."""
    return _STATUS.get(call.status, "")


def name_of(call: ToolCall) -> str:
    """What a call is called, for people."""
    return readable_name(" ".join(call.name.split())) or text.AGENT_CALL


def gist_of(call: ToolCall) -> str:
    """The arguments of a call in a few words."""
    value = parsed(call.args)
    return gist(call.args if value is None else value) if call.args.strip() else ""


def arguments_of(call: ToolCall) -> str:
    """The arguments of a call as indented JSON, or as they were written; empty for none."""
    value = parsed(call.args)
    if value in ({}, None) and not call.args.strip().strip("{}"):
        return ""
    return call.args if value is None else indented(value)


def result_of(call: ToolCall) -> str:
    """The result of a call as text, without what is media; empty where there is none."""
    result = call.result
    if result is None:
        return ""
    said = [result.content] if result.content else []
    said += [indented(block) for block in result.blocks if media_of(block) is None]
    value = parsed(result.content) if len(said) == 1 else None
    whole = indented(value) if isinstance(value, dict | list) else "\n\n".join(said)
    if not whole and call.by_provider and not media_in(call):
        return text.KEPT
    return text_of_length(whole)


def text_of_length(whole: str) -> str:
    """A text as far as a file shows it, and how long it is where that is not all."""
    if len(whole) <= LONGEST_RESULT:
        return whole
    size = text.size(len(whole.encode(errors="replace")))
    return f"{whole[:LONGEST_RESULT]}\n… ({size})"


def media_in(call: ToolCall) -> list[Media]:
    """Images, sounds, videos and files in the result of a call, and beside it."""
    if call.result is None:
        return []
    artifact = call.result.artifact
    beside = artifact if isinstance(artifact, list) else [artifact]
    blocks = (*call.result.blocks, *(one for one in beside if isinstance(one, dict)))
    return [found for block in blocks if (found := media_of(block))]


def parsed(written: str) -> Any:
    """The value of a JSON text; None where it is none."""
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None


def indented(value: Any) -> str:
    """A value as JSON with indents, in which encoded bytes give way to their size."""
    try:
        return as_json(elided(value), indent=2)
    except RecursionError:
        return text.TOO_DEEP


def thought(part: Reasoning) -> str:
    """The reasoning, and that some of it is hidden."""
    return "\n\n".join(filter(None, (part.text, text.THINKING_HIDDEN if part.redacted else "")))


def event_line(event: CustomEvent) -> str:
    """A custom event in one line."""
    value = event.value
    if isinstance(value, dict):
        said = (value.get(name) for name in _SAYING)
        word = next((one for one in said if isinstance(one, str) and one.strip()), "")
        return " ".join(word.split()) or gist(value) or event.name
    return gist(value)


def asked_lines(asked: Interrupt) -> list[str]:
    """What the agent asks, a text for each action."""
    return list(asked_in_words(asked))


def exchanges(decision: Decision) -> list[tuple[str, str]]:
    """What was asked, if that is known, and what was decided."""
    asked = decision.asked if len(decision.asked) == len(decision.said) else ()
    return [(question or "", said or "") for question, said in zip_longest(asked, decision.said)]


def failure_lines(transcript: Transcript) -> tuple[str, str]:
    """Why the last run failed: a sentence, and the server's words; both empty where none did."""
    return explained(transcript.failure) if transcript.failure else ("", "")


def given_values(part: Given) -> list[tuple[str, str]]:
    """What a person gave a graph: pairs of a name, which may be empty, and a text."""
    if not isinstance(part.value, dict):
        return [("", _plain(part.value))]
    return [(label(str(name)), _plain(value)) for name, value in part.value.items()]


def label(name: str) -> str:
    """A key as a person reads it."""
    spoken = " ".join(name.replace("_", " ").split())
    return spoken[:1].upper() + spoken[1:]


def _plain(value: Any) -> str:
    match value:
        case None:
            return text.NOT_SET
        case bool():
            return text.YES if value else text.NO
        case str():
            return value
        case int() | float():
            return str(value)
    return indented(value)


def size_of(media: Media) -> int:
    """Bytes that its base64 stands for."""
    return len(media.data) * 3 // 4 - media.data[-2:].count("=")


def media_name(media: Media) -> str:
    """Its name, or what it is."""
    return " ".join(media.name.split())[:200] or _KINDS[media.kind]


def speakers(messages: Iterable[Message]) -> Iterator[str]:
    """For each message the name to put above it, empty where none is needed.

    Names are shown where several agents speak, and once for what one of them says at a stretch.
    """
    listed = list(messages)
    several = len({message.name for message in listed if _speaks(message)}) > 1
    last: str | None = None
    for message in listed:
        name = " ".join(message.name.split())[:100]
        if message.role is Role.HUMAN:
            last = None
        if not several or not _speaks(message) or name == last or (last is None and not name):
            yield ""
        else:
            yield name or text.AGENT
        if _speaks(message):
            last = name


def _speaks(message: Message) -> bool:
    if message.role not in {Role.ASSISTANT, Role.OTHER}:
        return False
    return any(
        isinstance(part, Media) or (isinstance(part, Text) and part.text.strip())
        for part in message.parts
    )
