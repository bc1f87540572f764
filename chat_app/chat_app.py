"""Builds the app: one page, one lifespan. Everything else is below."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import theme
from chat_app.config import settings
from chat_app.demo.server import DemoServer
from chat_app.pages import chat
from chat_app.runs import tasks
from chat_app.state import server
from chat_app.state.thread import ThreadState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def agent_server() -> AsyncIterator[None]:
    """Connect the LangGraph server; without one in the settings, start the demo's own."""
    configured = settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    async with AsyncExitStack() as stack:
        if configured.embedded:
            demo = DemoServer(data_dir=Path(configured.data_dir), model=configured.demo_model)
            await demo.start()
            stack.push_async_callback(demo.stop)
            await stack.enter_async_context(server.connected(demo.url, starting=demo.ready()))
        else:
            await stack.enter_async_context(server.connected(configured.api_url))
        stack.push_async_callback(tasks.shutdown)
        yield


app = rx.App(stylesheets=theme.STYLESHEETS)
app.register_lifespan_task(agent_server)
app.add_page(chat.chat, route=chat.ROUTE, title=settings().title, on_load=ThreadState.open)
