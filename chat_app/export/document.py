"""What is exported: a transcript, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat_app import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chat_app.transcript.message import Transcript

DEEPEST = 4
"""Agents within agents: what is deeper is named, and not exported."""


@dataclass(frozen=True, slots=True)
class Document:
    """A conversation to export.

    `agents` are the transcripts of its subgraphs by namespace: those that its calls and its
    messages only name. `begun`, `changed` and `exported` have a time zone; None is not known.
    """

    transcript: Transcript
    title: str = ""
    assistant: str = ""
    """The name of the assistant, in words."""
    app: str = text.TITLE
    """The name of the app."""
    begun: datetime | None = None
    changed: datetime | None = None
    exported: datetime | None = None
    agents: Mapping[str, Transcript] = field(default_factory=dict)
    steps: bool = True
    """With tool calls and reasoning."""

    @property
    def heading(self) -> str:
        """The title on one line, never empty."""
        return " ".join(self.title.split()) or text.SHARED_UNTITLED
