"""The states of a thread for its inspector, compared with each other.

A checkpoint never changes, so the last few that were looked at are kept for a while: a reader opens
one part of a state after the other, and each state may be large.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app.client import BadRequestError, ServerError
from chat_app.runs.checkpoints import id_of, parent_of
from chat_app.runs.inspector.time_travel import NoSuchCheckpointError, state_at
from chat_app.runs.reading import read_state
from chat_app.timeline.difference import Same, difference

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.schema import ThreadState
    from chat_app.timeline.difference import Difference

NO_BASE = "-"
"""In the place of a checkpoint to compare with: none."""
_MOST = 6
_KEPT = 120.0
"""Seconds since it was looked at last."""


class Compared(NamedTuple):
    """A state, the one it is compared with, and what became of that one's values."""

    state: ThreadState
    base: ThreadState | None
    found: Difference


class States:
    """Those that were looked at last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], tuple[Compared, float]] = OrderedDict()

    async def compared(
        self,
        client: LangGraphClient,
        thread_id: str,
        checkpoint_id: str,
        base_id: str = "",
        *,
        state: ThreadState | None = None,
    ) -> Compared:
        """A state compared with another one.

        Args:
            client: the server's client of who asks.
            thread_id: the thread.
            checkpoint_id: the state.
            base_id: the one to compare with; empty: the one before it; `NO_BASE`: none.
            state: the state, where it was read already.

        Raises:
            NoSuchCheckpointError: the server does not have it.
            LangGraphError: the server does not tell.
        """
        key = (client.rights, thread_id, checkpoint_id, base_id)
        self._forget_old()
        if known := self._kept.get(key):
            self._kept[key] = known[0], monotonic()
            self._kept.move_to_end(key)
            return known[0]
        if state is None:
            state = await state_at(client, thread_id, checkpoint_id)
        base = await self._base(client, thread_id, state, base_id)
        found = await asyncio.to_thread(_difference, base, state)
        made = Compared(state, base, found)
        if checkpoint_id:
            self._kept[key] = made, monotonic()
            self._forget_old()
        return made

    async def _base(
        self, client: LangGraphClient, thread_id: str, state: ThreadState, base_id: str
    ) -> ThreadState | None:
        wanted = base_id or parent_of(state)
        if wanted in {"", NO_BASE}:
            return None
        try:
            return await state_at(client, thread_id, wanted)
        except (NoSuchCheckpointError, BadRequestError, ServerError):
            if base_id:
                raise
            return None  # a server may keep only the newest ones

    def _forget_old(self) -> None:
        until = monotonic() - _KEPT
        while self._kept:
            key, (_, at) = next(iter(self._kept.items()))
            if at > until and len(self._kept) <= _MOST:
                return
            del self._kept[key]


states = States()
"""Of this process; what is kept is apart for people with different rights."""


async def newest_state(client: LangGraphClient, thread_id: str) -> ThreadState:
    """The newest state; where the server cannot make it, what the thread itself holds of it.

    Raises:
        LangGraphError: the server does not tell.
    """
    return await read_state(client, thread_id)


def _difference(base: ThreadState | None, state: ThreadState) -> Difference:
    values = state.get("values")
    return difference(_values(base), values) if base else Same(values)


def _values(state: ThreadState | None) -> Any:
    return state.get("values") if state else None


def is_empty(state: ThreadState) -> bool:
    """Whether a thread has no state yet."""
    return not id_of(state) and not state.get("values")
