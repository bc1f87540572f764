"""The agent server that a command talks to: the configured one, or the demo agent."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from chat_app import masking
from chat_app.cli.exits import CommandError, Exit, UsageError
from chat_app.client import get_client
from chat_app.config import settings
from chat_app.demo.serving import running
from chat_app.demo.serving.server import DemoServer, DemoServerError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.cli.output import Output
    from chat_app.client import LangGraphClient

_READY_WITHIN = 60.0
"""Seconds: the demo agent of an app that has just been started."""
_LOOK_EVERY = 0.2
_STARTING = "Starting the demo agent, as LANGGRAPH_API_URL names no server."
_NOT_STARTED = "The demo agent did not start."


@asynccontextmanager
async def connected(url: str, output: Output) -> AsyncGenerator[LangGraphClient, None]:
    """A client of the server at `url`, or where that is empty of the one in the settings.

    The key and the headers of the settings go to the server of the settings alone. Without one it
    is the demo agent: that of the app that runs, else one of its own for as long as the block.

    Raises:
        UsageError: `url` is no address of a server.
        CommandError: the demo agent cannot be had.
        SettingsError: the settings cannot be used.
    """
    configured = settings()
    address = url.rstrip("/") or configured.api_url
    if not address:
        async with _demo(Path(configured.data_dir), configured.demo_model, output) as client:
            yield client
        return
    headers = configured.headers() if address == configured.api_url else None
    try:
        client = get_client(url=address, headers=headers)
    except ValueError as odd:
        raise UsageError(str(odd)) from None
    async with client:
        yield client


@asynccontextmanager
async def _demo(folder: Path, model: str, output: Output) -> AsyncGenerator[LangGraphClient, None]:
    if found := await asyncio.to_thread(running.find, folder):
        async with _client_of(found) as client:
            await _ready(client)
            yield client
        return
    demo = DemoServer(data_dir=folder, model=model)
    output.note(_STARTING)
    try:
        await demo.start()
        await demo.ready()
        async with _client_of(running.Running(demo.url, demo.secret)) as client:
            yield client
    except DemoServerError as failure:
        raise CommandError(_NOT_STARTED, str(failure), code=Exit.UNREACHABLE) from None
    finally:
        await demo.stop()


def _client_of(found: running.Running) -> LangGraphClient:
    masking.know([found.secret])
    # A proxy that the environment names has no business on the loopback interface.
    return get_client(url=found.url, api_key=found.secret, trust_env=False)


async def _ready(client: LangGraphClient) -> None:
    try:
        async with asyncio.timeout(_READY_WITHIN):
            while not await client.ok():  # noqa: ASYNC110 - another process
                await asyncio.sleep(_LOOK_EVERY)
    except TimeoutError:
        raise CommandError(_NOT_STARTED, code=Exit.UNREACHABLE) from None
