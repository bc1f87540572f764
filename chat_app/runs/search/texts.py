"""The text of a thread that can be found: what a person wrote, and what the agent answered.

Tool calls, thinking and files are not searched.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from chat_app.runs.reading import read_thread
from chat_app.runs.search.tables import Message
from chat_app.runs.shown_branch import shown_thread
from chat_app.transcript.message import Given, Output, Role, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chat_app.client import LangGraphClient
    from chat_app.runs.backend import Backend
    from chat_app.transcript import message as transcript

_MOST_VALUES = 200


async def read_texts(
    client: LangGraphClient,
    backend: Backend,
    thread_id: str,
    assistant: str,
    *,
    has_branch: bool = False,
) -> list[Message]:
    """The messages that the page of a thread shows, oldest first.

    Args:
        client: the server's client.
        backend: what the person uses.
        thread_id: the thread.
        assistant: the one that has worked on it.
        has_branch: the person has chosen a branch of it; else the newest one is shown.

    Raises:
        LangGraphError: the server does not tell.
    """
    shape = await backend.shape(client, assistant or await backend.default_assistant(client))
    reading = partial(read_thread, client, thread_id, shape, is_whole=True)
    if has_branch or shape.needs_runs:
        thread: Any = await client.threads.get(thread_id)
        shown = await shown_thread(client, thread)
        reading = partial(reading, state=shown.state, elsewhere=shown.elsewhere, again=shown.again)
    read = await reading()
    return await asyncio.to_thread(lambda: list(texts_of(read.messages)))


def texts_of(messages: Iterable[transcript.Message]) -> Iterator[Message]:
    """What messages say, by their ids."""
    for message in messages:
        if message.role in (Role.HUMAN, Role.ASSISTANT):
            said = "\n\n".join(filter(None, map(_said, message.parts)))
            if said:
                yield Message(message.id, said)


def _said(part: transcript.Part) -> str:
    match part:
        case Text(text):
            return text
        case Given(value) | Output(value=value):
            return "\n".join(_strings(value))
    return ""


def _strings(value: Any) -> list[str]:
    """The texts in any JSON."""
    found, left = list[str](), [value]
    while left and len(found) < _MOST_VALUES:
        match left.pop():
            case str(text):
                found.append(text)
            case dict(fields):
                left += reversed(fields.values())
            case list(items):
                left += reversed(items)
    return found
