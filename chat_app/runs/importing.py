"""Makes a thread at the server of one that was stored in a file."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from chat_app import text
from chat_app.client import BadRequestError, InvalidError, LangGraphError, ServerError
from chat_app.runs import thread_metadata
from chat_app.runs.assistants import listed, preferred
from chat_app.transcript.error_text import AppError
from chat_app.transcript.message import Role, Text
from chat_app.transcript.supersteps import END, START, joined, supersteps_of, updates_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.runs.backend import Backend
    from chat_app.transcript.record import SavedThread

_TITLE_LENGTH = 60
_log = logging.getLogger("chat_app.runs")


class NotTakenError(AppError):
    """The graph keeps nothing of what the file has."""

    def __init__(self) -> None:
        super().__init__(text.IMPORT_NOT_TAKEN)


async def make_thread(
    client: LangGraphClient, backend: Backend, saved: SavedThread, owner: str
) -> str:
    """A new thread with all that a stored one has; returns its id.

    It works with the assistant of the stored thread where the server has that, else with the one
    for new chats.

    Raises:
        NotTakenError: the graph keeps nothing of it.
        LangGraphError: the server did not do it; then there is no new thread.
    """
    assistant = await _assistant(client, backend, saved)
    updates = updates_of(saved.record)
    metadata: Json = {
        **saved.record.metadata,
        **thread_metadata.made_for(owner, saved.title or _first_words(saved)),
        "assistant_id": assistant["assistant_id"],
    }
    graph_id = str(assistant.get("graph_id") or assistant["assistant_id"])
    whole = joined(updates, saved.record.shape.key or "messages")
    refused: LangGraphError = NotTakenError()
    for steps in (updates, [whole], None):
        thread_id = str(uuid4())
        try:
            await client.threads.create(
                metadata=metadata,
                thread_id=thread_id,
                graph_id=graph_id,
                supersteps=supersteps_of(steps) if steps else None,
            )
            if not await _has(client, thread_id, whole):
                # Some servers pass over the steps, some have no such field.
                await client.threads.update_state(thread_id, whole, as_node=START)
                await client.threads.update_state(thread_id, None, as_node=END)
            if await _has(client, thread_id, whole):
                return thread_id
        except (BadRequestError, InvalidError, ServerError) as failure:
            _log.info("a thread is not made of %d steps: %r", len(steps or ()), failure)
            refused = failure
        with suppress(LangGraphError):
            await client.threads.delete(thread_id)
    raise refused


def _first_words(saved: SavedThread) -> str:
    """The beginning of the first question, for a thread without a title."""
    for message in saved.record.transcript().messages:
        if message.role is Role.HUMAN:
            said = " ".join(part.text for part in message.parts if isinstance(part, Text))
            return " ".join(said.split())[:_TITLE_LENGTH]
    return ""


async def _assistant(
    client: LangGraphClient, backend: Backend, saved: SavedThread
) -> Mapping[str, Any]:
    found = await listed(client, await backend.default_assistant(client))
    for field, wanted in (("assistant_id", saved.assistant_id), ("graph_id", saved.graph_id)):
        for one in found:
            if wanted and one.get(field) == wanted:
                return cast("Mapping[str, Any]", one)
    default = await backend.default_assistant(client)
    chosen = preferred(found, default)
    return next(cast("Mapping[str, Any]", one) for one in found if one["assistant_id"] == chosen)


async def _has(client: LangGraphClient, thread_id: str, whole: Json) -> bool:
    """Whether the server has kept anything of what it was given."""
    values = (await client.threads.get_state(thread_id)).get("values")
    return isinstance(values, dict) and any(values.get(name) for name in whole)
