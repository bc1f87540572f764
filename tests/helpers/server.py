"""A real `langgraph dev` for tests, serving `tests.helpers.graphs`.

Import the fixture into a conftest: ``from tests.helpers.server import langgraph_server``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from chat_app.client import RetryPolicy
from tests.helpers.aegra import Aegra
from tests.helpers.gateway import Gateway, listening
from tests.helpers.ports import free_port
from tests.helpers.server_2024 import Server2024

if TYPE_CHECKING:
    from collections.abc import Generator

QUICK = RetryPolicy(tries=5, pauses=(0.03, 0.1, 0.5, 2))
"""For clients of a server on this machine: a run is marked as over moments after its stream."""
ROOT = Path(__file__).resolve().parents[2]
GRAPHS = {
    "graphs": (
        *("agent", "slow", "toils", "asks", "counted"),
        *("fails", "falters", "limited", "loops", "breaks", "stumbles", "dies"),
    ),
    "asking_graphs": (
        *("approves", "approves_each", "entrusts", "consults", "pauses"),
        *("inquires", "halts", "employs", "retains"),
    ),
    "delegating_graphs": ("delegates", "hands_over"),
    "drawn_graphs": ("nested", "hundred"),
    "working_graphs": ("works",),
    "branching_graphs": ("fills", "forgets", "drafts", "agrees", "replies", "lingers"),
    "titling_graphs": ("titled", "announces", "titles"),
    "timed_graphs": ("ranges",),
    "streaming_graphs": ("stamped", "duet", "tells"),
}
"""The graphs served, by the module beside this one that has them."""
KINDS: dict[str, type[Gateway] | None] = {"dev": None, "2024": Server2024, "aegra": Aegra}
"""What the tests may run against: the dev server, or another one with it behind."""
QUIET = {
    "LANGGRAPH_CLI_NO_ANALYTICS": "1",
    "LANGGRAPH_NO_VERSION_CHECK": "1",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
}


@dataclass(frozen=True)
class Server:
    """A running server and its process."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it in good order, or after half a minute as a power cut would."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def langgraph_server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Generator[str, None, None]:
    """The URL of a server that lives as long as the test session, of the kind of ``--server``."""
    with serve(tmp_path_factory.mktemp("langgraph")) as server:
        if gateway := KINDS[str(request.config.getoption("--server"))]:
            with listening(gateway(server.url)) as url:
                yield url
        else:
            yield server.url


@contextmanager
def serve(
    folder: Path,
    *,
    graphs: dict[str, str] | None = None,
    auth: str = "",
    embed: str = "",
    remembers: bool = False,
    patience: float = 120,
    **variables: str,
) -> Generator[Server, None, None]:
    """Run a server in `folder` until the block ends; `patience` is in seconds.

    It serves `graphs`, each as "file:name" by its name, or else those of `GRAPHS`, to people whom
    `auth` knows, also "file:name", else to all clients. Its store searches by meaning with `embed`,
    also "file:name", which makes three numbers of a text. `variables` are added to its environment.
    One that `remembers` keeps its threads and runs in the folder, every 10 seconds and at its end.
    """
    config: dict[str, Any] = {"dependencies": ["."], "graphs": graphs or graph_files()}
    if auth:
        config["auth"] = {"path": auth}
    if embed:
        config["store"] = {"index": {"embed": embed, "dims": 3, "fields": ["text"]}}
    (folder / "langgraph.json").write_text(json.dumps(config))
    log = folder / "server.log"
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_command(), "--port", str(port)],
            cwd=folder,
            env=os.environ
            | QUIET
            | {"LANGGRAPH_DISABLE_FILE_PERSISTENCE": str(not remembers), "PYTHONPATH": str(ROOT)}
            | variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        _wait_until_ready(server, log, time.monotonic() + patience)
        yield server
    finally:
        server.stop()


def graph_files() -> dict[str, str]:
    """Where each of `GRAPHS` is, as "file:name" by its name."""
    return {
        name: f"{Path(__file__).with_name(module)}.py:{name}"
        for module, names in GRAPHS.items()
        for name in names
    }


def _command() -> list[str]:
    langgraph = str(Path(sys.executable).with_name("langgraph"))
    return [langgraph, "dev", "--no-browser", "--no-reload", "--n-jobs-per-worker", "10"]


def _wait_until_ready(server: Server, log: Path, deadline: float) -> None:
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            if httpx.get(f"{server.url}/ok", timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"langgraph dev did not start:\n{log.read_text()[-3000:]}")
