"""The real app as a process of its own, as `scripts/run` starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

import httpx

from chat_app.demo.serving.secret import HEADER, VARIABLE
from tests.helpers.ports import free_port
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT = 240.0
STOP_TIMEOUT = 30.0
_LAST_LINES = 40
_LINE = 150
_MARK = "TEST_APP_MARK"


class AppDidNotStartError(Exception):
    """The app ended or stayed silent; the text is what it printed."""


class AgentServer(NamedTuple):
    """A LangGraph server, and what it has to be sent with each request."""

    url: str
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed

    def client(self) -> httpx.Client:
        """A client to ask it directly."""
        return httpx.Client(base_url=self.url, headers=self.headers, trust_env=False, timeout=30)


@dataclass(frozen=True)
class RunningApp:
    """An app that serves at `url`; `mark` is in the environment of every process it started."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    mark: str

    def agent_url(self) -> str:
        """Where the embedded LangGraph server listens, or is about to."""
        soon(self._agent_ports, patience=60)
        return f"http://127.0.0.1:{self._agent_ports()[0]}"

    def agent(self) -> AgentServer:
        """That server with its secret, as soon as it listens."""
        agent = AgentServer(self.agent_url(), {HEADER: self._agent_secret()})
        assert is_up(f"{agent.url}/ok", within=120, headers=agent.headers)
        return agent

    def logged(self) -> str:
        """The end of what app and agent logged, for who reads that a test failed."""
        logs = self.log, *self.log.parent.glob("data/logs/*.log")
        return "\n".join(f"{log.name}:\n{_end_of(log)}" for log in logs)

    def _agent_ports(self) -> list[str]:
        commands = [_command_of(pid) for pid in processes_marked(self.mark)]
        return [
            command[command.index("--port") + 1]
            for command in commands
            if "langgraph_cli" in command and "--port" in command
        ]

    def _agent_secret(self) -> str:
        """As it is in the environment in which the server was started."""
        for pid in processes_marked(self.mark):
            if "langgraph_cli" in _command_of(pid):
                said = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
                return next(line.partition("=")[2] for line in said if line.startswith(VARIABLE))
        raise AssertionError

    def kill(self) -> None:
        """End all of it as a power cut would."""
        for pid in processes_marked(self.mark):
            with suppress(ProcessLookupError):  # some end by themselves when others do
                os.kill(pid, signal.SIGKILL)
        self.process.wait(STOP_TIMEOUT)


@contextmanager
def running_app(folder: Path, **settings: str) -> Generator[RunningApp]:
    """Start the app from this checkout with `settings`, and leave no process behind.

    It serves at a port of its own, unless `settings` name one.

    Raises:
        AppDidNotStartError: it did not serve in time.
    """
    port, mark = settings.pop("CHAT_PORT", str(free_port())), uuid4().hex
    own = {"CHAT_PORT": port, "CHAT_DATA_DIR": str(folder / "data"), _MARK: mark}
    environment = environment_with(own | settings)
    log = folder / "app.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.serve"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    app = RunningApp(f"http://127.0.0.1:{port}", process, log, mark)
    try:
        _wait_until_it_serves(app)
        yield app
        if app.process.poll() is None:
            _stop(app)
    finally:
        app.kill()


def environment_with(settings: dict[str, str]) -> dict[str, str]:
    """The environment of a process of the app: this one's, with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not _is_setting(name)}
    return kept | settings


def processes_marked(mark: str) -> list[int]:
    """The processes that inherited `mark` and still run, also without their parent."""
    wanted = f"{_MARK}={mark}".encode()
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _has(folder, wanted)]


def _has(process: Path, variable: bytes) -> bool:
    try:
        return variable in (process / "environ").read_bytes().split(b"\0")
    except OSError:  # ended meanwhile, or another user's
        return False


def _end_of(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-_LAST_LINES:]
    return "\n".join(line[:_LINE] for line in lines)


def _command_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:  # ended meanwhile
        return []


def _is_setting(name: str) -> bool:
    return re.match(r"CHAT_|LANGGRAPH_|LANGSMITH_|REDIS_", name) is not None


def is_up(url: str, *, within: float = 60.0, headers: dict[str, str] | None = None) -> bool:
    """Whether `url` answers with a success within so many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            return httpx.get(url, headers=headers, timeout=5, trust_env=False).is_success
        except httpx.TransportError:
            time.sleep(0.2)
    return False


def _wait_until_it_serves(app: RunningApp) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and app.process.poll() is None:
        if is_up(f"{app.url}/ping", within=1):
            return
    raise AppDidNotStartError(app.log.read_text(errors="replace"))


def _stop(app: RunningApp) -> None:
    """Do what Ctrl-C does, and see that everything ends with it."""
    os.killpg(app.process.pid, signal.SIGINT)
    all_ended(app)


def all_ended(app: RunningApp) -> None:
    """Wait until nothing that the app started runs any more; fail where something stays."""
    deadline = time.monotonic() + STOP_TIMEOUT
    while (left := processes_marked(app.mark)) and time.monotonic() < deadline:
        app.process.poll()
        time.sleep(0.1)
    assert not left, f"Still running: {left}\n{app.log.read_text(errors='replace')}"
