"""Editing, regenerating, continuing and showing versions: the part of `chat_app.runs.machine`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_app.runs.conversation import Conversation
    from chat_app.runs.effect_types import Step
    from chat_app.runs.events import Event


def not_yet(now: Conversation, _: Event) -> Step:
    """Ignored."""
    return now, ()
