"""Several processes of the app, each at an address of its own, and nginx before them.

``with app_processes(folder, ...) as apps``: the page is at ``apps.url``. Which process takes new
connections is the test's to say: ``apps.prefer(0)``. Any can be killed, drained and started again.
"""

from __future__ import annotations

import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict

import httpx

from tests.helpers.app import ROOT, START_TIMEOUT, environment_with, is_up
from tests.helpers.nginx import Nginx, balancer_http, needs_nginx, nginx, write_config
from tests.helpers.ports import free_port
from tests.helpers.programs import Program
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

__all__ = ["AppProcess", "AppProcesses", "app_processes", "needs_nginx"]

_ENDS_WITHIN = 60
_HOSTS = ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")
"""Addresses of this machine that nothing else uses, one for each process."""


class _Balancing(TypedDict):
    """What `balancer_http` takes beside addresses."""

    read_timeout: str
    buffers: bool


class AppProcess:
    """One process of the app, as on a host of its own, at `peer` ("host:port")."""

    def __init__(self, number: int, folder: Path, settings: dict[str, str]) -> None:
        """Start nothing yet; `settings` are all but its address."""
        host, port = _HOSTS[number], free_port()
        self.peer = f"{host}:{port}"
        self.url = f"http://{self.peer}"
        folder.mkdir(parents=True, exist_ok=True)
        self.program = Program(
            [sys.executable, "-m", "scripts.serve"],
            folder / f"app{number}.log",
            folder=ROOT,
            environment=environment_with(settings | {"CHAT_HOST": host, "CHAT_PORT": str(port)}),
        )

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self.program.pid != 0 and not self.program.has_ended()

    def start(self) -> None:
        """Start it, and wait until it serves."""
        self.program.start()
        self.serves()

    def serves(self) -> None:
        """Wait until it serves."""
        soon(self._serves_or_ended, patience=START_TIMEOUT)
        assert not self.program.has_ended(), self.program.said()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.program.kill()

    def drain(self) -> None:
        """Ask it to end in good order, and do not wait until it has."""
        self.program.send(signal.SIGTERM)

    def ended(self) -> None:
        """Wait until it has ended by itself."""
        soon(self.program.has_ended, patience=_ENDS_WITHIN)

    def restart(self) -> None:
        """Let it end in good order, and start it again."""
        self.drain()
        self.ended()
        self.start()

    def _serves_or_ended(self) -> bool:
        return self.program.has_ended() or is_up(f"{self.url}/ping", within=0.5)


class AppProcesses:
    """What `app_processes` gives."""

    def __init__(self, each: Sequence[AppProcess], front: Nginx, settings: _Balancing) -> None:
        self.each = each
        self.front = front
        self._settings = settings

    def __getitem__(self, number: int) -> AppProcess:
        return self.each[number]

    @property
    def url(self) -> str:
        """Where browsers find them."""
        return self.front.url

    def prefer(self, number: int) -> None:
        """New connections go to this process, and to the others only where it takes none."""
        first, *others = *self.each[number:], *self.each[:number]
        self._balance([first.peer, *(f"{other.peer} backup" for other in others)])
        soon(lambda: self._asked() == first.peer)

    def balance(self) -> None:
        """New connections go to all in turn."""
        self._balance([one.peer for one in self.each])

    def logged(self) -> str:
        """The ends of all logs, for who reads that a test failed."""
        logs = [one.program.said() for one in self.each]
        return "\n\n".join([*logs, self.front.said()])

    def _balance(self, upstreams: list[str]) -> None:
        write_config(self.front.folder, balancer_http(self.front.port, upstreams, **self._settings))
        self.front.reload()

    def _asked(self) -> str:
        with httpx.Client(trust_env=False) as client:  # a connection of its own
            answer = client.get(f"{self.url}/ping")
        return answer.headers.get("X-Upstream", "").rpartition(" ")[2]


@contextmanager
def app_processes(
    folder: Path,
    settings: dict[str, str],
    *,
    number: int = 2,
    own_folders: bool = False,
    read_timeout: str = "1h",
    buffers: bool = False,
) -> Generator[AppProcesses]:
    """Run so many processes, and nginx before them, until the block ends.

    Args:
        folder: for data and logs.
        settings: of the app, the same for all.
        number: how many, at most four.
        own_folders: each has a data folder of its own, as on another host; else they share one.
        read_timeout: how long nginx lets a connection be quiet.
        buffers: whether nginx gathers answers.
    """
    port = free_port()
    shared = {
        "CHAT_TRUSTED_PROXIES": '["127.0.0.1"]',
        "CHAT_ORIGINS": f'["http://127.0.0.1:{port}"]',
    } | settings
    each = [
        AppProcess(
            place,
            folder,
            {"CHAT_DATA_DIR": str(folder / (f"data{place}" if own_folders else "data"))} | shared,
        )
        for place in range(number)
    ]
    balancing: _Balancing = {"read_timeout": read_timeout, "buffers": buffers}
    http = balancer_http(port, [one.peer for one in each], **balancing)
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(AppProcess.start, each))
        with nginx(folder / "nginx", http, port) as front:
            yield AppProcesses(each, front, balancing)
    finally:
        for one in each:
            one.kill()
