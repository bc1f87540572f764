"""LangGraph's development server with the demo agent, as a child process of the app."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import re
import secrets
import socket
import subprocess
import sys
from contextlib import suppress
from itertools import chain, repeat
from pathlib import Path
from typing import IO
from uuid import uuid4

import httpx

from chat_app.demo.serving import running
from chat_app.demo.serving.environment import child_environment
from chat_app.demo.serving.secret import HEADER
from chat_app.demo.serving.supervisor import GRACE_SECONDS

_log = logging.getLogger("chat_app.demo")

CONFIG = Path(__file__).resolve().parents[1] / "langgraph.json"
HOST = "127.0.0.1"
_SUPERVISOR = (sys.executable, "-m", "chat_app.demo.serving.supervisor")
_PORTS = range(15_000, 30_000)
"""None that the system gives to outgoing connections: one of those may take it before the child."""
_POLL_SECONDS = 0.1
_RESTART_PAUSES = (0.5, 1.0, 5.0, 30.0)
"""Seconds after each start of a server that had ended: one that keeps ending is started less."""
# Longer than the grace, so that an app started again at once waits for its predecessor's child.
_LOCK_SECONDS = GRACE_SECONDS + 1.5


class DemoServerError(Exception):
    """The demo agent cannot be had; the text says why in a sentence, without a stack trace."""


class DemoServer:
    """Serves the demo agent on a free loopback port and keeps its threads in `data_dir`/agent.

    The server runs below `supervisor`, in a session of its own: Ctrl-C in the app's terminal does
    not reach it, and it ends with the app however that ends. One data folder serves one app at a
    time; the lock belongs to the supervisor, so it is held until the last thread is saved.
    """

    def __init__(self, *, data_dir: Path, model: str = "") -> None:
        self._home = data_dir.resolve() / "agent"
        self.log = data_dir.resolve() / "logs" / "agent.log"
        self._model = model
        self._port = _free_port()
        self.secret = secrets.token_urlsafe(32)
        """The key of the server, without which it answers nothing; of this app's life."""
        self._revision = ""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the server answers once it is ready; a restart keeps it where the port is free."""
        return f"http://{HOST}:{self._port}"

    @property
    def running(self) -> bool:
        """True from `start` until the process ends, ready or not."""
        return self._process is not None and self._process.poll() is None

    async def start(self) -> None:
        """Start the process and return before it answers; does nothing while it runs.

        Raises:
            DemoServerError: another app uses the same data folder.
        """
        if self.running:
            return
        self._port = _free_port(self._port)
        with await self._locked() as lock:
            running.tell(self._home.parent, running.Running(self.url, self.secret))
            self._spawn(lock)

    async def ready(self, timeout: float = 60) -> None:  # noqa: ASYNC109 - the caller's deadline
        """Wait until the server answers on its port.

        Raises:
            DemoServerError: it was not started, has ended, or does not answer within `timeout`
                seconds.
        """
        try:
            async with asyncio.timeout(timeout), _client(self.url, self.secret) as http:
                while not await self._answers(http):
                    if not self.running:
                        raise DemoServerError(f"The demo agent has ended: {self._last_words()}")
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            raise DemoServerError(
                f"The demo agent did not answer within {timeout:g} seconds. Its log: {self.log}"
            ) from None

    async def keep_running(self) -> None:
        """Start the process again whenever it ends by itself, for as long as this is awaited.

        The system may end one that takes too much memory. Its runs go on from their last step.
        """
        pauses = chain(_RESTART_PAUSES, repeat(_RESTART_PAUSES[-1]))
        while True:
            await asyncio.sleep(_POLL_SECONDS * 5)
            if self._process is None or self.running:
                continue
            _log.warning("the demo agent has ended and is started again")
            with suppress(DemoServerError):
                await self.start()
                await self.ready()
            await asyncio.sleep(next(pauses))

    async def stop(self) -> None:
        """End the process, with time to save its threads; does nothing if it has ended."""
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.poll() is None:
            running.forget(self._home.parent)
        await asyncio.to_thread(_end, process)

    async def _locked(self) -> IO[bytes]:
        self._home.mkdir(parents=True, exist_ok=True)
        lock = (self._home / running.LOCK).open("wb")
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOCK_SECONDS):
                while True:
                    with suppress(BlockingIOError):
                        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        return lock
                    await asyncio.sleep(_POLL_SECONDS)
        lock.close()
        raise DemoServerError(
            f"Another app keeps its threads in {self._home.parent}. Stop it, or set CHAT_DATA_DIR "
            "to another folder."
        )

    def _spawn(self, lock: IO[bytes]) -> None:
        self._revision = uuid4().hex
        with _rotated(self.log).open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*_SUPERVISOR, "--log", str(self.log), *self._command()],
                cwd=self._home,
                env=child_environment(
                    model=self._model, revision=self._revision, secret=self.secret
                ),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[lock.fileno()],
                start_new_session=True,
            )

    def _command(self) -> list[str]:
        server = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload"]
        return [
            *server,
            *("--config", str(CONFIG)),
            *("--host", HOST, "--port", str(self._port)),
            # The default is one run at a time, for all threads together.
            *("--n-jobs-per-worker", "10"),
        ]

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        """Whether our own child is up: a port taken meanwhile may belong to another server."""
        try:
            if not (await http.get("/ok")).is_success:
                return False
            info = (await http.get("/info")).json()
        except (httpx.HTTPError, ValueError):
            return False
        if info.get("host", {}).get("revision_id") == self._revision:
            return True
        raise DemoServerError(f"Port {self._port} was taken by another program. Start again.")

    def _last_words(self) -> str:
        """The log's last error line, else its last line."""
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        said = [line.strip() for line in lines if line.strip()]
        errors = [line for line in said if re.match(r"(\w+\.)*\w*(Error|Exception)\b", line)]
        return (errors or said or ["it was not started"])[-1]


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(GRACE_SECONDS + 1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _client(url: str, secret: str) -> httpx.AsyncClient:
    # A proxy from the environment has no business on the loopback interface.
    return httpx.AsyncClient(base_url=url, headers={HEADER: secret}, trust_env=False)


def _free_port(wanted: int = 0) -> int:
    """`wanted` if the port is free, else another: the server itself would do so silently."""
    while True:
        port = wanted or secrets.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return port
        wanted = 0


def _rotated(log: Path) -> Path:
    """Make room for a new log; the previous one stays beside it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        log.replace(log.with_suffix(".previous.log"))
    return log
