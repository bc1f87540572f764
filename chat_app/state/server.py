"""The one LangGraph server behind this app, and whether it answers yet.

`chat_app.chat_app` connects it when the app starts; handlers wait for it with `ready()`.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.client import LangGraphClient, LangGraphError, get_client
from chat_app.config import settings
from chat_app.runs import tasks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine


class NotStartedError(LangGraphError):
    """The embedded agent never came up; `detail` is what its log says."""

    hint = text.DEMO_FAILED


class _Server:
    client: LangGraphClient | None = None
    starting: asyncio.Task[None] | None = None


_server = _Server()


@asynccontextmanager
async def connected(
    url: str, *, starting: Coroutine[None, None, None] | None = None
) -> AsyncIterator[None]:
    """Talk to the server at `url` for as long as the app runs.

    `starting` returns when a server that is just being started answers, or raises.
    """
    configured = settings()
    _server.client = get_client(
        url=url,
        headers=configured.headers() if not configured.embedded else None,
        token_mode=configured.stream_mode,
    )
    _server.starting = tasks.spawn(starting, name="starting the agent") if starting else None
    try:
        yield
    finally:
        await _server.client.aclose()
        _server.client = None


def is_starting() -> bool:
    """True while the embedded agent does not answer yet."""
    return _server.starting is not None and not _server.starting.done()


async def ready() -> LangGraphClient:
    """The client, as soon as its server can be asked.

    Raises:
        NotStartedError: there is no server, and there will be none.
    """
    if _server.client is None:
        raise NotStartedError
    if _server.starting is not None:
        # `wait` and not `await`: one tab that gives up waiting must not end the start for all.
        await asyncio.wait({_server.starting})
        if failure := _server.starting.exception():
            raise NotStartedError(str(failure))
    return _server.client
