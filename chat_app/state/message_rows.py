"""The rows of parts of messages that need no module of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chat_app import text
from chat_app.state.rows import Link, RawRow, ReasoningRow, SourcesRow
from chat_app.transcript.elide import elided

if TYPE_CHECKING:
    from chat_app.transcript.message import Raw, Reasoning, Sources


def sources_row(key: str, part: Sources) -> SourcesRow:
    """The pages that an answer cites; what is no web address is left out."""
    links = [
        Link(page.url, page.title or page.url, host)
        for page in part.pages
        if (host := _web_host(page.url))
    ]
    return SourcesRow(key, links)


def _web_host(url: str) -> str:
    """The host of an http or https address, else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""


def raw_row(key: str, part: Raw) -> RawRow:
    """A content block of an unknown type, as JSON."""
    name = str(part.block.get("type") or "block")
    try:
        return RawRow(key, name, _dump(elided(part.block)))
    except (RecursionError, ValueError):
        return RawRow(key, name, text.TOO_DEEP)


def reasoning_row(key: str, part: Reasoning, *, took: str) -> ReasoningRow:
    """A thought, and that some of it is hidden."""
    return ReasoningRow(key, reasoning_text(part), took)


def reasoning_text(part: Reasoning) -> str:
    """The thought; of a redacted one that there is more."""
    words = [part.text, text.THINKING_HIDDEN if part.redacted else ""]
    return "\n\n".join(filter(None, words))


def _dump(value: Any) -> str:
    """Any value as JSON with indents."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
