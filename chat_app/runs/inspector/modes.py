"""Which stream modes the runs of a thread ask for: chosen by a person, kept in its metadata.

Nothing chosen means what the chat needs, and ``tasks`` while an inspector is open. What is chosen
is asked for alone: one mode is enough for the conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, get_args

from chat_app.client.schema import StreamMode
from chat_app.runs.inspector.chosen import Chosen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chat_app.client.schema import ChatMode, RunOptions

MODES = "chat_modes"
"""The key in the metadata of a thread: a list of modes, empty where the chat decides."""
CHOICE = tuple(mode for mode in get_args(StreamMode) if mode != "messages-tuple")
"""The modes that can be chosen; ``messages`` are tokens, in the form that the server has."""
_OF_A_CHAT = ("values", "updates", "messages", "custom")
AS_NEEDED = frozenset(_OF_A_CHAT)
"""What a chat asks for where nothing is chosen."""


def known(modes: Iterable[object]) -> tuple[ChatMode, ...]:
    """Those of `modes` that there are, once each, in the order of `CHOICE`."""
    given = [mode for mode in modes if isinstance(mode, str)]
    return tuple(cast("ChatMode", mode) for mode in CHOICE if mode in given)


def chosen_in(metadata: Mapping[str, Any] | None) -> tuple[ChatMode, ...]:
    """The modes that a thread's metadata name; empty where the chat decides."""
    stored = (metadata or {}).get(MODES)
    return known(stored) if isinstance(stored, list) else ()


class ThreadModes(Chosen[tuple["ChatMode", ...]]):
    """Those of one thread; empty: what the chat needs."""

    key = MODES

    def __init__(self, thread_id: str) -> None:
        super().__init__(thread_id, ())

    def options(self, *, is_watched: bool) -> RunOptions:
        """What a run asks for."""
        if self.chosen:
            return {"chat_modes": self.chosen}
        return {"chat_modes": ("chat", "tasks")} if is_watched else {}

    def _in(self, metadata: Mapping[str, Any]) -> tuple[ChatMode, ...]:
        return chosen_in(metadata)

    def _as_json(self, chosen: tuple[ChatMode, ...]) -> list[ChatMode]:
        return list(chosen)
