"""Finding checkpoints of a thread by what they are about, however old, with few requests.

The history of a thread is long, and each state in it has all messages. But it can be searched by
the metadata of checkpoints: the run that made one, its step, what it is (``source``), and what this
app noted of the run (see `chat_app.transcript.branch_runs`). A server that has no such filter lists
others; then the history is read in pages.
"""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app import text
from chat_app.client import NotFoundError
from chat_app.client.recover import MESSAGE_KEY
from chat_app.transcript.branch_runs import EDITS
from chat_app.transcript.error_text import AppError
from chat_app.transcript.load import saved
from chat_app.transcript.shapes import MESSAGES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import ThreadState

_SIBLINGS = 50
"""Checkpoints of one step that are looked at: so many versions of one message."""
_PAGES = (10, 20, 50, 100)
"""States that are asked for at a time where each has to be looked at; the last one repeats."""


class NoCheckpointError(AppError, NotFoundError):
    """The server has no checkpoint to begin at."""

    def __init__(self) -> None:
        super().__init__(text.NO_CHECKPOINT)


class Place(NamedTuple):
    """Where the input of a run was taken: the state before it, and the first one with it."""

    before: ThreadState
    taken: ThreadState | None
    """None where the first state with it has the answer, too."""
    root: ThreadState
    """As `before`, of the first one of its versions."""


def id_of(state: Mapping[str, Any] | None) -> str:
    """The checkpoint's id; empty where there is none."""
    checkpoint = (state or {}).get("checkpoint") or {}
    return str(checkpoint.get("checkpoint_id") or (state or {}).get("checkpoint_id") or "")


def parent_of(state: Mapping[str, Any]) -> str:
    """The id of the one before it; empty at the beginning."""
    parent = state.get("parent_checkpoint") or {}
    return str(parent.get("checkpoint_id") or state.get("parent_checkpoint_id") or "")


def is_there(state: Mapping[str, Any] | None) -> bool:
    """Whether the server has a state that was asked for by its id: it answers for any."""
    return bool((state or {}).get("created_at"))


def about(state: Mapping[str, Any], key: str) -> Any:
    """One field of the checkpoint's metadata."""
    return (state.get("metadata") or {}).get(key)


class Checkpoints:
    """Those of one thread; `key` is where its states keep messages.

    All methods raise a `LangGraphError` where the server does not tell.
    """

    def __init__(self, client: LangGraphClient, thread_id: str, key: str = MESSAGES) -> None:
        self._client = client
        self._thread_id = thread_id
        self._key = key

    async def get(self, checkpoint_id: str) -> ThreadState:
        """One state."""
        return await self._client.threads.get_state(self._thread_id, checkpoint_id=checkpoint_id)

    async def newest(self, *, before: str = "") -> ThreadState | None:
        """The newest state of all branches, or the one before another."""
        found = await self._client.threads.get_history(
            self._thread_id, limit=1, before=before or None
        )
        return found[0] if found else None

    async def having(self, *, limit: int = _SIBLINGS, **metadata: Any) -> list[ThreadState]:
        """The states with this metadata, the newest first; others that a server lists are not."""
        found = await self._client.threads.get_history(
            self._thread_id, limit=limit, metadata=metadata
        )
        return [
            state
            for state in found
            if isinstance(state, dict)
            and all(about(state, key) == value for key, value in metadata.items())
        ]

    async def end_of(self, run_id: str, *, asked: str = "") -> ThreadState | None:
        """The state at the end of a run: its last one, or what was saved after it without a run.

        Of one that never began its question, `asked`, may have been saved; None if it was not.
        """
        newest = await self.having(run_id=run_id, limit=1)
        if not newest and asked:
            saved_instead = await self.having(source="update")
            newest = [one for one in saved_instead if self.ends_with(one, asked)]
        if not newest:
            return None
        state = newest[0]
        while isinstance(step := about(state, "step"), int):
            saved_after = await self.having(source="update", step=step + 1)
            mine = [one for one in saved_after if parent_of(one) == id_of(state)]
            if not mine:
                break
            state = mine[0]
        return state

    def ends_with(self, state: Mapping[str, Any], asked: str) -> bool:
        """Whether nothing follows a message, and nothing is asked."""
        is_asking = any(task.get("interrupts") for task in state.get("tasks") or [])
        return bool(asked) and self._ids(state)[-1:] == [asked] and not is_asking

    async def place_of(self, message_id: str, *, leaf: str = "", run_id: str = "") -> Place:
        """Where a person's message was taken into a branch.

        Args:
            message_id: the message.
            leaf: the checkpoint at the end of the branch; empty: the newest one.
            run_id: the run that it began, where that is known.

        Raises:
            NoCheckpointError: the branch has no such message.
        """
        known = {"run_id": run_id} if run_id else {MESSAGE_KEY: message_id}
        inputs = await self.having(source="input", limit=5, **known)
        if inputs:
            taken = await self._taken(inputs[0], message_id)
            before = inputs[0]
            while about(before, EDITS) and (parent := parent_of(before)):
                state = await self.get(parent)  # of the version that it stands beside
                if not is_there(state):
                    break  # that one was deleted
                before = state
            return Place(inputs[0], taken, before)
        first = await self.first_with(message_id, leaf=leaf)
        if not (parent := parent_of(first)):
            raise NoCheckpointError
        ends_with_it = self._ids(first)[-1:] == [message_id]
        before = await self.get(parent)
        if not is_there(before):
            raise NoCheckpointError  # its run was deleted
        return Place(before, first if ends_with_it else None, before)

    async def _taken(self, before: ThreadState, message_id: str) -> ThreadState | None:
        """The state in which an input was taken, if nothing was answered in it yet."""
        step = about(before, "step")
        if not isinstance(step, int):
            return None
        following = await self.having(run_id=about(before, "run_id"), step=step + 1)
        mine = [one for one in following if parent_of(one) == id_of(before) and one.get("next")]
        mine = [one for one in mine if self._ids(one)[-1:] in ([], [message_id])]
        return mine[-1] if mine else None

    async def first_with(self, message_id: str, *, leaf: str = "") -> ThreadState:
        """The oldest state of a branch that has a message.

        Raises:
            NoCheckpointError: it has none.
        """
        end = await (self.get(leaf) if leaf else self._head())
        if self._has(end, message_id) and (found := await self._by_steps(message_id, end)):
            return found
        first = end if self._has(end, message_id) else None
        async for state in self._back_from(end):
            if self._has(state, message_id):
                first = state
            elif first:
                break
        if first is None:
            raise NoCheckpointError
        return first

    async def _head(self) -> ThreadState:
        return await self._client.threads.get_state(self._thread_id)

    async def _by_steps(self, message_id: str, end: ThreadState) -> ThreadState | None:
        """The same by halving: a message stays in all later states, and steps are counted.

        None where the server cannot search by steps, or where the message was not always there.
        """
        ids, first, without = self._ids(end), end, -2
        while isinstance(step := about(first, "step"), int) and step - without > 1:
            middle = (step + without) // 2
            states = await self.having(step=middle)
            states = [state for state in states if ids[: len(self._ids(state))] == self._ids(state)]
            with_it = [state for state in states if self._has(state, message_id)]
            if not states:
                return None
            first, without = (with_it[-1], without) if with_it else (first, middle)
        return first

    async def _back_from(self, end: ThreadState) -> AsyncGenerator[ThreadState, None]:
        """The states that led to `end`, the newest first, each the parent of the one before it."""
        wanted, before = parent_of(end), id_of(end)
        sizes = chain(_PAGES, repeat(_PAGES[-1]))
        while wanted:
            size = next(sizes)
            page = await self._client.threads.get_history(
                self._thread_id, limit=size, before=before
            )
            for state in page:
                if id_of(state) == wanted:
                    yield state
                    wanted = parent_of(state)
            if len(page) < size:
                return
            before = id_of(page[-1])

    def _ids(self, state: Mapping[str, Any]) -> list[str]:
        return [message.id for message in saved(state, self._key)]

    def _has(self, state: Mapping[str, Any], message_id: str) -> bool:
        return message_id in self._ids(state)
