"""Writes what only the stream of a run contains into the thread's metadata, for later readers."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError
from chat_app.runs import tasks
from chat_app.transcript import thread_notes
from chat_app.transcript.message import Role, SubAgent
from chat_app.transcript.tools import calls_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.transcript.message import Message, Transcript

_log = logging.getLogger("chat_app.runs")


class MetadataWriter:
    """Writes into a thread's metadata which graphs ran in it, as far as they were not `before`.

    Of a run that was `joined` the last turn may stand there already.
    """

    def __init__(
        self,
        client: LangGraphClient,
        thread_id: str,
        before: Transcript,
        *,
        joined: bool = False,
    ) -> None:
        self._client = client
        self._thread_id = thread_id
        self._known = _notes(before.messages)
        self._earlier = thread_notes.ids_of_run(
            _before_the_turn(before) if joined else before.messages
        )
        self._turn = asyncio.Lock()

    def see(self, transcript: Transcript, *, is_over: bool = True) -> None:
        """Note what is new, on the side; of a run that is not over only its subgraphs.

        Which call a graph belongs to may be a guess at first (see `chat_app.transcript.subgraphs`),
        so a later note on a call takes the place of an earlier one.
        """
        noted = _notes(transcript.messages)
        if is_over:
            of_run = thread_notes.note_of_run
            noted |= of_run(transcript.run_id, transcript.messages, self._earlier)
        if new := {key: note for key, note in noted.items() if self._known.get(key) != note}:
            self._known |= new
            tasks.spawn(self._write(new), name=f"note {self._thread_id}")

    async def _write(self, notes: Json) -> None:
        """A refusal is ignored: only a reload lacks the notes."""
        async with self._turn:
            try:
                await self._client.threads.update(self._thread_id, metadata=notes)
            except LangGraphError as refused:
                said = "thread %s: its subgraphs are not noted: %r"
                _log.info(said, self._thread_id, refused)


def _before_the_turn(transcript: Transcript) -> tuple[Message, ...]:
    messages = transcript.messages
    asked = (n for n in range(len(messages), 0, -1) if messages[n - 1].role is Role.HUMAN)
    return messages[: next(asked, 0)]


def _notes(messages: tuple[Message, ...]) -> Json:
    """The notes on the calls in `messages`, and on those of the graphs that they ran."""
    noted: Json = {}
    for inner in _inside(messages):
        noted |= _notes(inner)
    return noted | thread_notes.note_of_agents(messages) | thread_notes.note_of_inner(messages)


def _inside(messages: tuple[Message, ...]) -> Iterator[tuple[Message, ...]]:
    for message in messages:
        alone = (part for part in message.parts if isinstance(part, SubAgent))
        for agent in (*(call.agent for call in calls_of(message)), *alone):
            if agent and agent.transcript:
                yield agent.transcript.messages
