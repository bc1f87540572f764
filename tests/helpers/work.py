"""What the effects of one thread work with, and what they report; without a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.runs.backend import Backend
from chat_app.runs.thread_view import Work

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient


def backend_of(client: LangGraphClient, assistant_id: str = "slow", **options: Any) -> Backend:
    """A backend whose messages go to `assistant_id`."""

    async def connect() -> LangGraphClient:
        return client

    async def default(_: LangGraphClient) -> str:
        return assistant_id

    return Backend(connect, default, **options)


def work_on(
    client: LangGraphClient, thread_id: str, assistant_id: str = "slow", **options: Any
) -> tuple[Work, list[Any]]:
    """The work of a thread, and the list that all reports are added to."""
    reported: list[Any] = []
    backend = backend_of(client, assistant_id, **options)
    return Work(thread_id, backend, reported.append, lambda: None), reported
