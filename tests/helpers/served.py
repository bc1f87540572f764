"""The real app, served on loopback from this process, in any mode of sign-in.

It has all of its middleware, its routes and its socket; the built page alone is missing, which
makes a start a matter of a tenth of a second.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reflex_base.environment import environment
from uvicorn.server import Server

from chat_app import chat_app, logs
from chat_app.auth.budgets import budgets
from chat_app.auth.identify import authenticator
from chat_app.auth.logins import logins
from chat_app.config import settings
from chat_app.shared_store.redis import shared_store
from scripts.serve import server_config
from tests.helpers.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    import pytest

_CACHES = (settings, shared_store, logins, authenticator, budgets)


@asynccontextmanager
async def served(
    monkeypatch: pytest.MonkeyPatch, folder: Path, **variables: str
) -> AsyncGenerator[str]:
    """The address of the app with these settings, until the block ends.

    Its data are in `folder`. Within the block its logins are those of `authenticator()` here.
    """
    for name, value in {
        environment.REFLEX_ENV_MODE.name: "prod",
        environment.REFLEX_SKIP_COMPILE.name: "True",
        "CHAT_DATA_DIR": str(folder),
        "CHAT_PORT": str(free_port()),
        **variables,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(logs, "begin", lambda _, **__: None)  # the process is the test runner's
    _forget()
    server = Server(server_config(chat_app.app, settings()))
    serving = asyncio.ensure_future(server.serve())
    try:
        while not server.started:
            assert not serving.done(), serving
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{settings().port}"
    finally:
        server.should_exit = True
        await serving
        _forget()


def _forget() -> None:
    for cached in _CACHES:
        cached.cache_clear()
