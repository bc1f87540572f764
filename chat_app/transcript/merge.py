"""Two chunks of one message make one longer chunk: the rule by which the server itself adds them.

Merging JSON, and reading it only afterwards, makes every dialect agree: a message streamed in
pieces goes through the same reader as the whole message of a snapshot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript import paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chat_app.client.events import Json

_GROWING = {
    "text",
    "reasoning",
    "reasoning_content",
    "thinking",
    "signature",
    "refusal",
    "partial_json",
    "args",
    "arguments",
    "input",
    "code",
    "output",
    "transcript",
    "data",
    "base64",
    "encrypted_content",
}
"""Fields whose pieces follow each other. The server adds up all texts; of those that name a thing
(an id, a type, a state) it is sent the whole each time, so here the latest counts."""
_RUNNING_TEXT = {"text", "reasoning", "thinking"}
_BLOCK_OF_DELTA = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "tool_call_chunk": "tool_call",
    "server_tool_call_chunk": "server_tool_call",
}
_TAKES_JSON = {"tool_use", "server_tool_use", "mcp_tool_use"}
"""The blocks that an ``input_json_delta`` may continue."""


def appended(draft: Json, chunk: Json) -> Json:
    """A new draft: `draft` with `chunk` written after it; start with an empty one."""
    merged = dict(draft)
    for key, value in chunk.items():
        if value and key not in _MISLEADING:
            join = _JOINS.get(key)
            merged[key] = join(merged.get(key), value) if join else value
    return merged


def joined(chunks: Sequence[Json]) -> list[Json]:
    """The same with fewer chunks: those that only bring more text become one.

    A token is such a chunk: all that it says beside its text was said by the one before.
    """
    fewer: list[Json] = []
    texts: list[str] = []
    """Of the last chunk of `fewer`, where more text may follow it."""
    blank: Json | None = None
    for chunk in chunks:
        if blank is not None and {**chunk, "content": ""} == blank and _is_text(chunk):
            texts.append(chunk["content"])
            continue
        if len(texts) > 1:
            fewer[-1] = {**fewer[-1], "content": "".join(texts)}
        is_plain = _is_text(chunk) and not any(chunk.get(key) for key in _ADDED)
        blank, texts = ({**chunk, "content": ""}, [chunk["content"]]) if is_plain else (None, [])
        fewer.append(chunk)
    if len(texts) > 1:
        fewer[-1] = {**fewer[-1], "content": "".join(texts)}
    return fewer


def _is_text(chunk: Json) -> bool:
    return isinstance(chunk.get("content"), str)


def followed(first: Json, second: Json) -> Json:
    """Two messages, each whole so far, as one: `second` goes on where `first` ended."""
    if not first:
        return second
    whole = {**first, **second, "content": content(first.get("content"), second.get("content"))}
    calls = [*_listed(first.get("tool_calls") or []), *_listed(second.get("tool_calls") or [])]
    return {**whole, "tool_calls": calls}


def content(first: Any, second: Any) -> Any:
    """Strings grow; blocks of the same index grow; anything else follows."""
    if not first or not second:
        return first or second
    if isinstance(first, str) and isinstance(second, str):
        return first + second
    blocks = [*_listed(first)]
    for block in _listed(second):
        place = _same_block(blocks, block)
        if place is None:
            blocks.append(block)
        else:
            blocks[place] = _grown(blocks[place], block)
    return blocks


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _same_block(blocks: list[Any], block: Any) -> int | None:
    if isinstance(block, str):
        return len(blocks) - 1 if isinstance(blocks[-1], str) else None
    if not isinstance(block, dict):
        return None
    if block.get("index") is None:
        return len(blocks) - 1 if _continues(blocks[-1], block) else None
    for place in range(len(blocks) - 1, -1, -1):
        known = blocks[place]
        if isinstance(known, dict) and known.get("index") == block["index"] and _fits(known, block):
            return place
    return None


def _fits(known: Json, block: Json) -> bool:
    """Whether two blocks of one index are of one kind; a piece may leave its kind out."""
    if block.get("type") == "input_json_delta":
        return known.get("type") in _TAKES_JSON
    return "type" not in block or _kind(known) == _kind(block)


def _continues(known: Any, block: Json) -> bool:
    """Whether two blocks without different indices are one text."""
    return (
        isinstance(known, dict)
        and known.get("index") is None
        and _kind(known) == _kind(block)
        and _kind(block) in _RUNNING_TEXT
        and not (paragraphs.cites(known) or paragraphs.cites(block))
    )


def _kind(block: Json) -> str:
    kind = str(block.get("type"))
    return _BLOCK_OF_DELTA.get(kind, kind)


def _grown(known: Any, block: Any) -> Any:
    if isinstance(known, str):
        return known + block
    if known.get("index") is None and _kind(known) == _kind(block) == "text":
        block = _spaced(known, block)
    grown = dict(known)
    for key, value in block.items():
        before = grown.get(key)
        if not before:
            grown[key] = value if value is not None else before
        elif isinstance(before, list) and isinstance(value, list):
            grown[key] = content(before, value)
        elif isinstance(before, dict) and isinstance(value, dict):
            grown[key] = _grown(before, value)
        elif key in _GROWING and isinstance(before, str) and isinstance(value, str):
            grown[key] = before + value
        elif value and key not in {"type", "index"}:
            grown[key] = value
    return grown


def _spaced(known: Json, block: Json) -> Json:
    """`block`, which continues `known`, with the empty line before it where it is a paragraph."""
    before = known.get("text")
    gap = paragraphs.gap(known, block, before) if isinstance(before, str) else ""
    return {**block, "text": gap + block["text"]} if gap else block


def call_chunks(first: Any, second: Any) -> list[Json]:
    """Fragments of tool calls: `args` texts grow, `id` and `name` come with the first only.

    Parallel calls differ by `index`, which need not start at 0; some providers give every call
    the same index and only the ids differ.
    """
    calls: list[Json] = [*(first or ())]
    for fragment in _listed(second):
        if not isinstance(fragment, dict):
            continue
        place = _same_call(calls, fragment)
        if place is None:
            calls.append(fragment)
        else:
            calls[place] = _grown(calls[place], {**fragment, "args": _fragment_text(fragment)})
    return calls


def _fragment_text(fragment: Json) -> str:
    args = fragment.get("args")
    return args if isinstance(args, str) else ""


def _same_call(calls: list[Json], fragment: Json) -> int | None:
    for place in range(len(calls) - 1, -1, -1):
        if _continues_call(calls[place], fragment):
            return place
    return None


def _continues_call(known: Json, fragment: Json) -> bool:
    if fragment.get("id") and known.get("id"):
        # Two calls may have one id; then at least their numbers differ.
        first, second = known.get("index"), fragment.get("index")
        are_apart = first is not None and second is not None and first != second
        return bool(known["id"] == fragment["id"]) and not are_apart
    if fragment.get("index") is None:
        return not fragment.get("id")
    return bool(known.get("index") == fragment["index"])


def _beside(first: Any, second: Any) -> Any:
    """`additional_kwargs`: reasoning, a refusal or sound grow there as they do in blocks."""
    if isinstance(first, dict) and isinstance(second, dict):
        return _grown(first, second)
    return second


def _latest(first: Any, second: Any) -> Any:
    return {**first, **second} if isinstance(first, dict) and isinstance(second, dict) else second


def _summed(first: Any, second: Any) -> Any:
    """Usage: a provider may count the input in its first chunk and the output in its last."""
    if isinstance(first, dict) and isinstance(second, dict):
        return {**first, **{key: _summed(first.get(key), value) for key, value in second.items()}}
    if isinstance(first, int) and isinstance(second, int):
        return first + second
    return first if second is None else second


_MISLEADING = {"tool_calls", "invalid_tool_calls"}
"""On a chunk these are each fragment parsed alone, mostly as an invalid call."""

_JOINS: dict[str, Callable[[Any, Any], Any]] = {
    "content": content,
    "tool_call_chunks": call_chunks,
    "usage_metadata": _summed,
    "response_metadata": _latest,
    "additional_kwargs": _beside,
}
_ADDED = _JOINS.keys() - {"content"}
"""Fields of which each chunk adds something, also where it says the same again."""
