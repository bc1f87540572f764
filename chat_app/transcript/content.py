"""Message content, a string or any list of blocks, as parts; old and new shapes alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript import media, paragraphs, provider_tools, tools
from chat_app.transcript.message import Raw, Reasoning, Text

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.transcript.message import Part

_TEXT_TYPES = {"text", "output_text", "input_text", "text_delta", "None"}
_REASONING_TYPES = {
    "reasoning",
    "thinking",
    "reasoning_content",
    "thinking_delta",
    "reasoning.text",
    "reasoning.summary",
}
_REDACTED_TYPES = {"redacted_thinking", "redacted_reasoning"}
_DEEPEST = 4
"""Blocks of another standard may wrap each other; so many wrappings are taken off."""


def parts(
    content: Any, *, complete: bool = True, of_person: bool = False, of_tool: bool = False
) -> list[Part]:
    """The parts of a message's content. Adjacent texts become one; nothing unknown is lost.

    In content `of_person`, text files are recognised. Of what is `of_tool` every block that
    is not text stays as it is.
    """
    if isinstance(content, str):
        return [Text(content)] if content else []
    found: list[Part] = []
    before: Any = None
    """The block of the last part."""
    for sent in content if isinstance(content, list) else [content]:
        block = _unwrapped(sent)
        answer = None if of_tool else provider_tools.answer_of(block)
        if answer:
            provider_tools.join(found, answer)
            before = block
            continue
        if not of_tool and (said := _transcript_of(block)):
            found.append(Text(said))
        part = _file_of(block) if of_person else None
        part = part or _part_of(block, complete=complete, of_tool=of_tool)
        if part is None or _is_empty(part):
            continue
        joined = _joined(found[-1], part, before, block) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(part)
        before = block
    return found


def _transcript_of(block: Any) -> str:
    """What is said in a block of sound, in words."""
    said = block.get("transcript") if isinstance(block, dict) and media.is_sound(block) else None
    return said if isinstance(said, str) else ""


def _joined(last: Part, part: Part, before: Any, block: Any) -> Part | None:
    """The two as one part, where they are one text or one thought."""
    match last, part:
        case Text(), Text(text) if last.refused == part.refused:
            gap = paragraphs.gap(before, block, last.text)
            return replace(last, text=last.text + gap + text)
        case Reasoning(), Reasoning(text):
            same = _index_of(block) == _index_of(before)
            gap = "" if same or not (last.text and text) else paragraphs.PARAGRAPH
            return Reasoning(last.text + gap + text, redacted=last.redacted or part.redacted)
    return None


def _index_of(block: Any) -> Any:
    return block.get("index") if isinstance(block, dict) else None


def _is_empty(part: Part) -> bool:
    match part:
        case Text(text):
            return not text
        case Reasoning(text):
            return not text and not part.redacted
    return False


def _unwrapped(block: Any) -> Any:
    """The provider's own block in one that LangChain has no standard for."""
    for _ in range(_DEEPEST):
        match block:
            case {"type": "non_standard", "value": dict(inner)}:
                block = {"index": block["index"], **inner} if "index" in block else inner
            case _:
                break
    return block


def _file_of(block: Any) -> Part | None:
    text = block.get("text") if isinstance(block, dict) and block.get("type") == "text" else None
    return media.file_in(text) if isinstance(text, str) else None


def _part_of(block: Any, *, complete: bool, of_tool: bool) -> Part | None:
    if not isinstance(block, dict):
        return _plain(block)
    kind = str(block.get("type"))
    if kind in tools.CALL_BLOCKS:
        return tools.call_of_block(block, complete=complete)
    if words := _words_of(block, kind):
        return words
    if of_tool:
        return Raw(block)
    # A player of half of a sound would stay one.
    if kind in tools.CALL_FRAGMENTS or (not complete and media.is_sound(block)):
        return None
    call = provider_tools.call_of(block, complete=complete)
    return call or media.media_of(block) or Raw(block)


def _words_of(block: Json, kind: str) -> Text | Reasoning | None:
    if kind in _REDACTED_TYPES:
        return Reasoning("", redacted=True)
    if kind in _REASONING_TYPES or block.get("thought") is True:
        return Reasoning(thought_in(block))
    if kind == "refusal" and isinstance(words := block.get("refusal"), str):
        return Text(words, refused=True)
    if kind in _TEXT_TYPES and isinstance(text := _text_of(block, kind), str):
        return Text(text)
    return None


def _text_of(block: Json, kind: str) -> Any:
    """A text that is missing is empty, but not where nothing says that it is one."""
    return block.get("text", None if kind == "None" else "")


def _plain(block: Any) -> Part | None:
    if isinstance(block, str):
        return Text(block)
    return None if block is None else Raw({"type": "unknown", "value": block})


def thought_in(block: Json) -> str:
    """Providers put it under the block's own type, a summary's texts, or plain `text`."""
    for key in ("reasoning", "thinking", "reasoning_content", "text"):
        value = block.get(key)
        if isinstance(value, dict):
            value = value.get("text")
        if isinstance(value, list):
            value = "".join(_texts_of(value))
        if isinstance(value, str) and value:
            return value
    pieces = block.get("summary") or block.get("content")
    return paragraphs.PARAGRAPH.join(_texts_of(pieces if isinstance(pieces, list) else [pieces]))


def _texts_of(pieces: list[Any]) -> list[str]:
    texts = (piece.get("text") if isinstance(piece, dict) else piece for piece in pieces)
    return [text for text in texts if isinstance(text, str) and text]
