"""Which stream modes the runs of a thread ask for: chosen by a person, kept in its metadata.

Nothing chosen means what the chat needs, and ``tasks`` while an inspector is open. What is chosen
is asked for alone: one mode is enough for the conversation.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast, get_args

from chat_app.client.schema import StreamMode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
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


class ThreadModes:
    """Those of one thread."""

    def __init__(self, thread_id: str) -> None:
        self.chosen: tuple[ChatMode, ...] = ()
        """Empty: what the chat needs."""
        self._thread_id = thread_id
        self._stored: tuple[ChatMode, ...] = ()
        """What the metadata say, as far as this process knows."""
        self._writing = asyncio.Lock()

    def options(self, *, is_watched: bool) -> RunOptions:
        """What a run asks for."""
        if self.chosen:
            return {"chat_modes": self.chosen}
        return {"chat_modes": ("chat", "tasks")} if is_watched else {}

    def read(self, metadata: Mapping[str, Any]) -> None:
        """Take what the metadata say, unless something that was chosen here is not written yet."""
        if self.chosen == self._stored and not self._writing.locked():
            self.chosen = self._stored = chosen_in(metadata)

    def metadata(self) -> Json:
        """What a thread that is created now gets into its metadata."""
        self._stored = self.chosen
        return {MODES: list(self.chosen)} if self.chosen else {}

    async def keep(self, client: LangGraphClient) -> None:
        """Write what is chosen. Of several choices at the same time the last one is written last.

        Raises:
            LangGraphError: the server did not take it.
        """
        async with self._writing:
            if (wanted := self.chosen) == self._stored:
                return
            await client.threads.update(self._thread_id, metadata={MODES: list(wanted)})
            self._stored = wanted
