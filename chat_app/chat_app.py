"""Builds the app: one page, one lifespan. Everything else is below."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import reflex as rx
from reflex.utils.prerequisites import get_web_dir
from reflex_base.config import get_config
from reflex_base.constants import Dirs, Env
from reflex_base.environment import environment

from chat_app import (
    event_socket,
    logs,
    masking,
    renderers,
    spool,
    text,
    theme,
    thread_notices,
    updates,
)
from chat_app.auth import watch
from chat_app.auth.identify import authenticator
from chat_app.auth.secret import keep_shared
from chat_app.built_page.base_path import documents, served_below
from chat_app.components.connection import connection, login
from chat_app.components.navigation import look
from chat_app.config import settings
from chat_app.demo.serving.server import DemoServer
from chat_app.draining import drain
from chat_app.middleware import protected
from chat_app.middleware.shared_limits import keep_exchanging
from chat_app.observability import metrics, tracing
from chat_app.observability.sampling import keep_sampling, memory
from chat_app.pages import chat, not_found
from chat_app.routes import health, imports, uploads
from chat_app.routes.router import with_routes
from chat_app.runs import tasks
from chat_app.shared_demo import shared_demo
from chat_app.shared_store.redis import shared_store
from chat_app.state import server
from chat_app.state.pending_attachments import are_uploading
from chat_app.state.thread import ThreadState

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from prometheus_client import Gauge
    from starlette.types import ASGIApp


@asynccontextmanager
async def agent_server() -> AsyncGenerator[None, None]:
    """Connect the LangGraph server; without one in the settings, start the demo's own."""
    configured = settings()
    logs.begin(Path(configured.data_dir) / "logs", as_json=configured.log == "json")
    async with AsyncExitStack() as stack:
        if tracing.begin():
            stack.push_async_callback(asyncio.to_thread, tracing.end)
        if store := shared_store():
            stack.push_async_callback(store.aclose)
        key = ""
        if configured.embedded and (shared := shared_demo()):
            address, key = shared.url(), shared.key
            masking.know([key])
        elif configured.embedded:
            demo = DemoServer(data_dir=Path(configured.data_dir), model=configured.demo_model)
            stack.push_async_callback(demo.stop)
            address, key = _started(demo), demo.secret
            masking.know([key])
        else:
            address = _configured(configured.api_url)
        await stack.enter_async_context(server.connected(address, key=key))
        stack.callback(drain().wait_for(lambda: not server.is_settled()))
        stack.callback(drain().wait_for(are_uploading))
        stack.push_async_callback(tasks.shutdown)
        if store:
            tasks.spawn(keep_exchanging(store), name="share limits with other processes")
            tasks.spawn(keep_shared(store), name="share the signing secret")
            told = event_socket.tell_of_outages(app, store)
            tasks.spawn(told, name="tell pages of outages")
        tasks.spawn(watch.close_ended(authenticator()), name="close sockets of ended logins")
        tasks.spawn(watch.clean_up(authenticator()), name="delete old logins")
        tasks.spawn(spool.keep_clean(), name="delete what was never sent")
        tasks.spawn(server.keep_open_threads_told(), name="tell which threads are open")
        told = thread_notices.keep_reading(server.changed_elsewhere)
        tasks.spawn(told, name="read the queues that other processes have changed")
        swept = server.keep_temporary_threads_swept()
        tasks.spawn(swept, name="delete temporary threads that were left")
        tasks.spawn(keep_sampling(_sampled()), name="sample metrics")
        yield


def _sampled() -> dict[Gauge, Callable[[], float]]:
    """What is looked at now and again for ``/metrics``."""
    sockets: dict[str, Any] = app.sio.eio.sockets if app.sio else {}
    return {
        metrics.TABS: lambda: len(app.event_namespace.sid_to_token) if app.event_namespace else 0,
        metrics.UNSENT: lambda: sum(socket.queue.qsize() for socket in sockets.values()),
        metrics.THREADS: lambda: len(server.gate().sessions),
        metrics.QUEUED: lambda: server.gate().sessions.queued,
        metrics.TASKS: lambda: len(tasks.alive()),
        metrics.MEMORY: memory,
    }


async def _started(demo: DemoServer) -> str:
    await demo.start()
    await demo.ready()
    tasks.spawn(demo.keep_running(), name="keep the demo agent running")
    return demo.url


async def _configured(url: str) -> str:
    return url


class ChatApp(rx.App):
    """Reflex's app, with our middleware around all of it, Reflex's own included."""

    def __call__(self) -> ASGIApp:
        is_built = environment.REFLEX_ENV_MODE.get() is not Env.DEV
        build = get_web_dir() / Dirs.STATIC if is_built else None
        base = settings().base_path if build and build.is_dir() else ""
        return protected(
            super().__call__(),
            settings(),
            uploads=(uploads.PATH, imports.PATH),
            probes=health.PROBES,
            probe_paths=health.PATHS,
            page_port=None if is_built else get_config().frontend_port,
            build=build,
            documents=Path(documents(build, base).name) if build and base else None,
        )


def _below_base_path(app: ASGIApp) -> ASGIApp:
    return served_below(app, get_web_dir() / Dirs.STATIC, settings().base_path)


renderers.load()
app = ChatApp(
    stylesheets=theme.STYLESHEETS,
    head_components=[look.before_paint(), *login.script()],
    toaster=None,
    backend_exception_handler=connection.failed,
    frontend_exception_handler=connection.reported,
    api_transformer=[_below_base_path, with_routes],
)
event_socket.for_people(app)
updates.go_straight(app)
# The bar over the composer does what Reflex's own overlay does.
del app.app_wraps[5, "Overlay"]
app.register_lifespan_task(agent_server)
app.add_page(chat.chat, route=chat.ROUTE, title=text.TITLE, on_load=ThreadState.open)
app.add_page(not_found.not_found, route=not_found.ROUTE, title=text.TITLE)
