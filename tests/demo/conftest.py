"""The real development server with the demo agent, once for all tests that only talk to it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from chat_app.demo.serving.server import DemoServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHAT_DEMO_SPEED", "20")
        server = DemoServer(data_dir=tmp_path_factory.mktemp("data"))
        asyncio.run(_started(server))
        yield server
        asyncio.run(server.stop())


async def _started(server: DemoServer) -> None:
    await server.start()
    await server.ready(120)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"
