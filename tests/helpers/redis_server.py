"""A real Redis of one's own: it is stopped, killed, frozen and started again as a test says.

`scripts/services` installs it. Where it is missing, tests with `needs_redis` are skipped.
"""

from __future__ import annotations

import secrets
import shutil
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import redis

from tests.helpers.ports import free_port
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

needs_redis = pytest.mark.skipif(
    shutil.which("redis-server") is None,
    reason="there is no redis-server: scripts/services installs it",
)


class RedisServer:
    """One server, with a password; what is written outlives a `stop` and a `kill`."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self.host, self.port = host, free_port()
        self.password = secrets.token_hex(16)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What ``REDIS_URL`` is set to."""
        return f"redis://:{self.password}@{self.host}:{self.port}/0"

    @property
    def is_running(self) -> bool:
        """Whether it was started, and not ended."""
        return self._process is not None

    def client(self) -> Any:
        """A client of the test's own."""
        return redis.Redis(host=self.host, port=self.port, password=self.password)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "bind": self.host,
            "port": str(self.port),
            "dir": str(self._folder),
            "requirepass": self.password,
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
        }
        # Not as arguments, which every user of the machine could read.
        given = "\n".join(f'{name} "{value}"' for name, value in settings.items())
        self._process = subprocess.Popen(
            ["redis-server", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        assert self._process.stdin
        self._process.stdin.write(given.encode())
        self._process.stdin.close()
        soon(self._answers, patience=60)

    def stop(self) -> None:
        """End it as an operator does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Let it answer nothing: its connections stay open."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.send_signal(signal.SIGCONT)
            self._process.wait(60)
            self._process = None

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, "redis-server has ended"
        try:
            return bool(self.client().ping())
        except redis.RedisError:
            return False


@contextmanager
def redis_server(folder: Path, host: str = "127.0.0.1") -> Generator[RedisServer]:
    """One that runs for the block; its files are in `folder`."""
    server = RedisServer(folder, host)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def running_redis(tmp_path_factory: pytest.TempPathFactory) -> Generator[RedisServer]:
    """One for all tests of a process; a test that ends it starts it again, see `shared_redis`."""
    if shutil.which("redis-server") is None:
        pytest.skip("there is no redis-server: scripts/services installs it")
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def shared_redis(running_redis: RedisServer) -> Generator[RedisServer]:
    """An empty one, which runs."""
    running_redis.client().flushall()
    yield running_redis
    if not running_redis.is_running:
        running_redis.start()
