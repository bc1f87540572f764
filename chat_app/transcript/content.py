"""Message content, a string or any list of blocks, as parts; old and new shapes alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript import media, tools
from chat_app.transcript.message import Raw, Reasoning, Text

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.transcript.message import Part

_TEXT_TYPES = {"text", "output_text", "input_text", "text_delta"}
_REASONING_TYPES = {"reasoning", "thinking", "reasoning_content", "thinking_delta"}


def parts(
    content: Any, *, complete: bool = True, of_person: bool = False, of_tool: bool = False
) -> list[Part]:
    """The parts of a message's content. Adjacent texts become one; nothing unknown is lost.

    Among what is `of_person` text files are told from words. Of what is `of_tool` every block that
    is not text stays as it is.
    """
    if isinstance(content, str):
        return [Text(content)] if content else []
    found: list[Part] = []
    thought_index: Any = None
    for block in content if isinstance(content, list) else [content]:
        part = _file_of(block) if of_person else None
        part = part or _part_of(block, complete=complete, of_tool=of_tool)
        last = found[-1] if found else None
        if part is None or (isinstance(part, Text | Reasoning) and not part.text):
            continue
        if isinstance(part, Text) and isinstance(last, Text):
            found[-1] = Text(last.text + part.text)
        elif isinstance(part, Reasoning) and isinstance(last, Reasoning):
            gap = "" if block.get("index") == thought_index else "\n\n"
            found[-1] = Reasoning(last.text + gap + part.text)
        else:
            found.append(part)
        if isinstance(part, Reasoning):
            thought_index = block.get("index")
    return found


def _file_of(block: Any) -> Part | None:
    text = block.get("text") if isinstance(block, dict) and block.get("type") == "text" else None
    return media.file_in(text) if isinstance(text, str) else None


def _part_of(block: Any, *, complete: bool, of_tool: bool) -> Part | None:
    if not isinstance(block, dict):
        return _plain(block)
    kind = str(block.get("type"))
    if kind in tools.CALL_BLOCKS:
        return tools.call_of_block(block, complete=complete)
    if kind in _REASONING_TYPES:
        return Reasoning(_thought(block))
    if kind in _TEXT_TYPES and isinstance(text := block.get("text", ""), str):
        return Text(text)
    if kind in tools.CALL_FRAGMENTS:
        return None
    return (None if of_tool else media.media_of(block)) or Raw(block)


def _plain(block: Any) -> Part | None:
    if isinstance(block, str):
        return Text(block)
    return None if block is None else Raw({"type": "unknown", "value": block})


def _thought(block: Json) -> str:
    """Providers put it under the block's own type, a summary's texts, or plain `text`."""
    for key in ("reasoning", "thinking", "reasoning_content", "text"):
        value = block.get(key)
        if isinstance(value, dict):
            value = value.get("text")
        if isinstance(value, str) and value:
            return value
    pieces = block.get("summary") or block.get("content")
    texts = (
        piece.get("text") if isinstance(piece, dict) else piece
        for piece in (pieces if isinstance(pieces, list) else [pieces])
    )
    return "\n\n".join(text for text in texts if isinstance(text, str) and text)
