"""What a row says, whatever its class calls that: for tests about rows of several kinds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reflex.utils.format import json_dumps

if TYPE_CHECKING:
    from chat_app.state.rows import Row

_FIELDS = {
    "text": "md",
    "raw": "json",
    "memory": "summary",
    "speaker": "name",
    "notice": "sentence",
    "error": "sentence",
    "end": "usage",
    "tool": "raw_args",
    "handoff": "raw_args",
}


def words_of(row: Row | Mapping[str, Any]) -> str:
    """The words of a row, as it was painted or as the page has it; empty where it has none."""
    sent = row if isinstance(row, Mapping) else json.loads(json_dumps(row))
    if sent["kind"] == "decision":
        return "\n".join(exchange["said"] for exchange in sent["exchanges"])
    return sent.get(_FIELDS.get(sent["kind"], "text"), "")
