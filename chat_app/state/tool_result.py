"""What a tool returned, as fields of its row: text or JSON, media, and an artifact beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.state import safe_json
from chat_app.state.media_row import artifact_blocks, parted
from chat_app.transcript import terminal
from chat_app.transcript.elide import elided

if TYPE_CHECKING:
    from chat_app.state.addresses import Shown
    from chat_app.state.rows import MediaItem
    from chat_app.transcript.message import ToolResult

RESULT_LIMIT = 16_000
"""Characters of a result that are sent at once; more of it on demand."""


@dataclass(frozen=True)
class ShownResult:
    """A result as it is shown: the fields are those of a `ToolRow`."""

    result: Any = None
    output: str = ""
    size: str = ""
    media: list[MediaItem] = field(default_factory=list)
    artifact: Any = None


def shown_result(result: ToolResult, where: Shown, *, whole: bool) -> ShownResult:
    """What is shown of a result: all of it, or the beginning where it is long and not `whole`."""
    items, others = parted(result.blocks, where, result.message_id)
    beside = artifact_blocks(result)
    more, unseen = parted(beside, where, result.message_id, start=len(result.blocks))
    content = _with_blocks(result.content, others)
    is_cut = len(content) > RESULT_LIMIT and not whole
    shown = content[:RESULT_LIMIT] if is_cut else content
    value = _tree(shown, is_cut=is_cut)
    is_all_media = bool(more) and not unseen
    return ShownResult(
        result=_cleaned(value),
        output="" if value else safe_json.sendable(shown),
        size=text.size(len(content.encode(errors="replace"))) if is_cut else "",
        media=items + more,
        artifact=None if is_all_media else _artifact(result.artifact),
    )


def _artifact(artifact: Any) -> Any:
    """The artifact as far as it is sent: of a long one the beginning, without encoded bytes."""
    if artifact in (None, "", [], {}):
        return None
    try:
        written = json.dumps(elided(artifact), ensure_ascii=False, default=str)
        parse = safe_json.parse_beginning if len(written) > RESULT_LIMIT else safe_json.parse
        return parse(written[:RESULT_LIMIT])
    except (ValueError, RecursionError):
        return None


def _with_blocks(content: str, others: list[dict[str, Any]]) -> str:
    """The text of a result and the blocks that are neither text nor media, as one text."""
    if not others:
        return content
    everything = [content, *others] if content else others
    try:
        shown = elided(everything if len(everything) > 1 else everything[0])
        return json.dumps(shown, ensure_ascii=False)
    except RecursionError:
        return content


def _tree(content: str, *, is_cut: bool) -> Any:
    """A JSON object or array with something in it; None for all that is better read as text."""
    if not content.lstrip().startswith(("{", "[")):
        return None
    try:
        return (safe_json.parse_beginning if is_cut else safe_json.parse)(content) or None
    except ValueError:
        return None


def _cleaned(value: Any) -> Any:
    """JSON with each text in it as a terminal shows it."""
    match value:
        case str():
            return terminal.plain(value)
        case dict():
            return {name: _cleaned(item) for name, item in value.items()}
        case list():
            return [_cleaned(item) for item in value]
    return value
