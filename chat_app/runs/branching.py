"""Branches of a thread beside its session: a copy as a new thread, a version to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.client import UnsupportedError

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.transcript.message import Transcript


async def fork(client: LangGraphClient, thread_id: str, message_id: str, metadata: Json) -> str:
    """Continue in a new chat: a thread with all up to a message, and what belongs to its turn.

    Args:
        client: the server's client, for `thread_id`.
        thread_id: the thread; its shown branch is copied.
        message_id: the last message of the copy; empty: all of the thread.
        metadata: of the new thread: its owner (see `thread_metadata.made_for`) and what else.

    Returns:
        The id of the new thread.

    Raises:
        NotFoundError: the shown branch has no such message.
        LangGraphError: the server did not do it.
    """
    raise UnsupportedError(f"{client}{thread_id}{message_id}{metadata}")


async def version_transcript(
    client: LangGraphClient, thread_id: str, message_id: str, number: int
) -> Transcript:
    """The thread as it is with another version of a message or an answer.

    Args:
        client: the server's client, for `thread_id`.
        thread_id: the thread.
        message_id: a key of `chat_app.runs.thread_view.View.versions`.
        number: of the version, from 1 on.

    Raises:
        NotFoundError: there is no such version.
        LangGraphError: the server does not tell.
    """
    raise UnsupportedError(f"{client}{thread_id}{message_id}{number}")
