"""What providers put beside the content of a message, under ``additional_kwargs`` and the like.

That is thoughts (DeepSeek, OpenRouter, vLLM, OpenAI's Responses before blocks were standard), a
refusal and sound (OpenAI), pictures (LiteLLM, OpenRouter), and tools of the provider (OpenAI
before, Groq).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript import content, media, paragraphs
from chat_app.transcript.message import Media, Reasoning, Text, ToolCall

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.transcript.message import Part

_THOUGHTS = (
    "reasoning_content",
    "reasoning",
    "reasoning_details",
    "thinking",
    "thinking_blocks",
    "thought",
    "thoughts",
)
_RAN = {"search": "web_search", "python": "code_interpreter", "visit": "visit_website"}
"""Groq's names for its tools."""


def thought(message: Json) -> Reasoning | None:
    """The first thought that stands anywhere beside the content."""
    about = fields(message, "response_metadata")
    for place in (fields(message, "additional_kwargs"), about, _within(about, "message")):
        for name in _THOUGHTS:
            found = _thought(place.get(name))
            if found and (found.text or found.redacted):
                return found
    return None


def _thought(value: Any) -> Reasoning | None:
    if isinstance(value, str):
        return Reasoning(value)
    if isinstance(value, dict):
        # An object may be the model's settings, `{"effort": ..., "summary": "auto"}`.
        settings = {key: item for key, item in value.items() if key != "effort"}
        if isinstance(settings.get("summary"), str):
            settings.pop("summary")
        return Reasoning(content.thought_in(settings))
    if not isinstance(value, list):
        return None
    texts, redacted = [], False
    for block in value:
        match block:
            case str():
                texts.append(block)
            case {"type": "reasoning.encrypted" | "redacted_thinking"}:
                redacted = True
            case dict():
                texts.append(_text_of(block))
    return Reasoning(paragraphs.PARAGRAPH.join(filter(None, texts)), redacted=redacted)


def _text_of(block: Json) -> str:
    summary = block.get("summary")
    return summary if isinstance(summary, str) else content.thought_in(block)


def parts(message: Json, found: list[Part], *, complete: bool) -> list[Part]:
    """All else that is beside the content and not `found` in it."""
    beside = fields(message, "additional_kwargs")
    words = [part.text for part in found if isinstance(part, Text)]
    more: list[Part] = []
    refusal = beside.get("refusal")
    if isinstance(refusal, str) and refusal and refusal not in words:
        more.append(Text(refusal, refused=True))
    more += _sound(beside.get("audio"), words, complete=complete)
    if not any(isinstance(part, Media) for part in found):
        images = beside.get("images")
        read = content.parts(images) if isinstance(images, list) else []
        more += [part for part in read if isinstance(part, Media)]
    return more


def _sound(audio: Any, words: list[str], *, complete: bool) -> list[Part]:
    """The transcript, which is the answer in words, then the sound as soon as it is all there."""
    audio = {"data": audio} if isinstance(audio, str) else audio
    if not isinstance(audio, dict):
        return []
    said = audio.get("transcript")
    texts = [Text(said)] if isinstance(said, str) and said and said not in words else []
    block = {**audio, "type": "audio"}
    sound = media.media_of(block) if complete else None
    return [*texts, *([sound] if sound else [])]


def tools(message: Json) -> list[Part]:
    """The provider's own tools, where they are not among the content."""
    beside = fields(message, "additional_kwargs")
    outputs = beside.get("tool_outputs")
    ran = beside.get("executed_tools")
    blocks = [*(outputs if isinstance(outputs, list) else ())]
    for tool in ran if isinstance(ran, list) else ():
        if isinstance(tool, dict):
            kind = str(tool.get("type") or tool.get("name") or "")
            blocks.append({**tool, "type": "mcp_call", "name": _RAN.get(kind, kind)})
    found = content.parts(blocks)
    return [part for part in found if isinstance(part, ToolCall | Media)]


def fields(message: Json, name: str) -> Json:
    """A field of a message that is an object; empty where it is none."""
    return _within(message, name)


def _within(outer: Json, name: str) -> Json:
    inner = outer.get(name)
    return inner if isinstance(inner, dict) else {}
