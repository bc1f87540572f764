"""A real nginx on loopback, as a balancer before several processes or with any configuration."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING

from tests.helpers.ports import free_port
from tests.helpers.programs import Program, needs
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

needs_nginx = needs("nginx")

_MAIN = Template("""
$user
daemon off;
worker_processes 1;
pid $folder/nginx.pid;
error_log $folder/nginx_error.log info;
events { worker_connections 4096; }
http {
    access_log $folder/nginx_access.log;
    client_body_temp_path $folder/bodies;
    proxy_temp_path $folder/answers;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    $http
}
""")

_BALANCER = Template("""
map $$http_upgrade $$connection_upgrade { default upgrade; '' ''; }
upstream app {
    $method
    $servers
    keepalive 16;
}
server {
    listen 127.0.0.1:$port;
    client_max_body_size 64m;
    location / {
        proxy_pass http://app;
        proxy_http_version 1.1;
        proxy_set_header Host $$http_host;
        proxy_set_header X-Forwarded-Host $$http_host;
        proxy_set_header X-Forwarded-Proto $$scheme;
        proxy_set_header X-Forwarded-For $$proxy_add_x_forwarded_for;
        proxy_set_header Upgrade $$http_upgrade;
        proxy_set_header Connection $$connection_upgrade;
        proxy_connect_timeout 2s;
        proxy_read_timeout $read_timeout;
        proxy_send_timeout $read_timeout;
        proxy_next_upstream error timeout http_503;
        proxy_buffering $buffering;
        add_header X-Upstream $$upstream_addr always;
    }
}
""")


@dataclass(frozen=True)
class Nginx:
    """One that listens at `port`."""

    port: int
    program: Program
    folder: Path

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def reload(self) -> None:
        """Read the configuration anew; connections that are open stay with the old worker."""
        self.program.send(signal.SIGHUP)

    def requests(self) -> list[str]:
        """A line for each request that is done."""
        return (self.folder / "nginx_access.log").read_text().splitlines()

    def said(self) -> str:
        """The end of its logs, for who reads that a test failed."""
        errors = self.folder / "nginx_error.log"
        return self.program.said() + (errors.read_text()[-3000:] if errors.exists() else "")


def balancer_http(
    port: int,
    upstreams: Sequence[str],
    *,
    read_timeout: str = "1h",
    buffers: bool = False,
    method: str = "",
) -> str:
    """The inside of an `http` block that balances over `upstreams`, each a "host:port".

    Args:
        port: where it listens.
        upstreams: where the processes listen.
        read_timeout: how long a connection may be quiet, as nginx writes it; its default is 60s.
        buffers: whether answers are gathered before they are passed on, as is nginx's default.
        method: how a process is chosen, such as ``least_conn;``; empty: one after the other.
    """
    return _BALANCER.substitute(
        port=port,
        method=method,
        servers="\n    ".join(
            f"server {upstream} max_fails=1 fail_timeout=2s;" for upstream in upstreams
        ),
        read_timeout=read_timeout,
        buffering="on" if buffers else "off",
    )


def write_config(folder: Path, http: str) -> Path:
    """Write a whole configuration around the inside of an `http` block, and return its file."""
    file = folder / "nginx.conf"
    # Its workers would be another user's, who may not read a folder of the tests.
    user = "user root;" if os.geteuid() == 0 else ""
    file.write_text(_MAIN.substitute(folder=folder, http=http, user=user))
    return file


@contextmanager
def nginx(folder: Path, http: str, port: int) -> Generator[Nginx]:
    """Run nginx with the inside of an `http` block, which listens at `port`, until the block ends.

    Raises:
        RuntimeError: it did not start; the text is what it said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = write_config(folder, http)
    program = Program(["nginx", "-c", str(file), "-e", str(folder / "early.log")], folder / "out")
    program.start()
    server = Nginx(port, program, folder)
    try:
        if not _listens(server):
            raise RuntimeError(f"nginx did not start:\n{server.said()}")
        yield server
    finally:
        program.stop()


@contextmanager
def balancer(
    folder: Path,
    upstreams: Sequence[str],
    *,
    read_timeout: str = "1h",
    buffers: bool = False,
    method: str = "",
) -> Generator[Nginx]:
    """Balance over `upstreams` with what `balancer_http` takes, until the block ends.

    A process that does not answer is left out for two seconds, and the next one asked.
    """
    port = free_port()
    http = balancer_http(port, upstreams, read_timeout=read_timeout, buffers=buffers, method=method)
    with nginx(folder, http, port) as server:
        yield server


def _listens(server: Nginx) -> bool:
    """Whether it takes connections soon: what lies behind it may not be there yet."""

    def takes_connections() -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1):
            return True
        return server.program.has_ended()

    soon(takes_connections, patience=60)
    return not server.program.has_ended()
