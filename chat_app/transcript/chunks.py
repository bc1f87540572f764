"""Pieces of messages: what one is part of, and whether it is to be seen."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from chat_app.client.events import MessageDelta
from chat_app.transcript.read import id_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client.events import Event, Json

TOOL_NODE = "tools"
"""Where prebuilt agents run their tools; a model called there speaks to its tool."""

_HIDING_TAGS = {
    "nostream",
    "langsmith:nostream",
    "langsmith:hidden",
    "langsmith:do-not-render",
}


def is_hidden(metadata: Any) -> bool:
    """Whether the tags of a model's run say that its words are not for the reader."""
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and any(
        tag in _HIDING_TAGS for tag in tags if isinstance(tag, str)
    )


def hides(patterns: Sequence[str], metadata: Json) -> bool:
    """Whether the words of a node's models are not to be shown.

    A pattern is a node's name, where ``*`` stands for any characters; one that begins with ``!``
    names nodes that are shown all the same.
    """
    node = metadata.get("langgraph_node")
    if not patterns or not isinstance(node, str):
        return False
    shown = (pattern[1:] for pattern in patterns if pattern.startswith("!"))
    return any(fnmatchcase(node, pattern) for pattern in patterns) and not any(
        fnmatchcase(node, pattern) for pattern in shown
    )


def said_to_a_tool(metadata: Json) -> str:
    """The task in which a model's words are for the tool that called it; else empty."""
    if metadata.get("langgraph_node") != TOOL_NODE:
        return ""
    path = metadata.get("langgraph_checkpoint_ns")
    return path.rpartition("|")[2] if isinstance(path, str) else ""


def piece_of(event: Event) -> str:
    """The id of the message that an event makes longer, empty where it may do more than that."""
    if not isinstance(event, MessageDelta) or event.namespace or is_hidden(event.metadata):
        return ""
    if said_to_a_tool(event.metadata):
        return ""
    return id_of(event.message) if event.message.get("type") == "AIMessageChunk" else ""
