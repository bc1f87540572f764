"""What a person has chosen for the next runs of a thread, kept in the thread's metadata."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json

T = TypeVar("T")


class Chosen(ABC, Generic[T]):
    """That of one thread, under the `key` of its metadata; `nothing` where it has none."""

    key: str

    def __init__(self, thread_id: str, nothing: T) -> None:
        self.chosen = nothing
        self._nothing = nothing
        self._stored = nothing
        """What the metadata say, as far as this process knows."""
        self._thread_id = thread_id
        self._writing = asyncio.Lock()

    @abstractmethod
    def _in(self, metadata: Mapping[str, Any]) -> T:
        """What the metadata of a thread name."""

    @abstractmethod
    def _as_json(self, chosen: T) -> Any:
        """How it is written there."""

    def read(self, metadata: Mapping[str, Any]) -> None:
        """Take what the metadata say, unless something that was chosen here is not written yet."""
        if self.chosen == self._stored and not self._writing.locked():
            self.chosen = self._stored = self._in(metadata)

    def metadata(self) -> Json:
        """What a thread that is created now gets into its metadata."""
        self._stored = self.chosen
        has_some = self.chosen != self._nothing
        return {self.key: self._as_json(self.chosen)} if has_some else {}

    async def keep(self, client: LangGraphClient) -> None:
        """Write what is chosen. Of several choices at the same time the last one is written last.

        Raises:
            LangGraphError: the server did not take it.
        """
        async with self._writing:
            if (wanted := self.chosen) == self._stored:
                return
            written = {self.key: self._as_json(wanted)}
            await client.threads.update(self._thread_id, metadata=written)
            self._stored = wanted
