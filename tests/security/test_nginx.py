"""Behind a real nginx, configured as the README says."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from tests.helpers.app import running_app
from tests.helpers.ports import free_port
from tests.helpers.waiting import soon
from tests.security.raw import TEXT, Raw, connect

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.helpers.app import RunningApp

README = Path(__file__).resolve().parents[2] / "README.md"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
NO_SERVER = "http://127.0.0.1:9"
PUBLIC = "https://chat.example.com"
FROM = "127.0.0.3"
"""The proxy's address as the app sees it: another one than the browser's."""
CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{
    access_log off; proxy_bind {address};
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/a; uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c;
    server {{ listen 127.0.0.1:{port}; {location} }}
}}
"""

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed")


@dataclass
class Served:
    """What a client speaks to: an app, or a proxy before one."""

    url: str


@contextmanager
def proxy(app: RunningApp, folder: Path, *, address: str = FROM) -> Generator[Served]:
    """The README's configuration, for an app whose proxy ends TLS further out."""
    found = re.search(r"```nginx\n(.*?)```", README.read_text(), re.DOTALL)
    assert found
    location = found[1].replace("127.0.0.1:3000", urlsplit(app.url).netloc)
    location = location.replace("$scheme", "https")
    port = free_port()
    folder.mkdir()
    file = folder / "nginx.conf"
    given = {"folder": folder, "port": port, "location": location, "address": address}
    file.write_text(CONFIGURATION.format(**given))
    with subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(file)]) as process:
        try:
            soon(lambda: _listens(port))
            yield Served(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{port}/ping", trust_env=False)
    except httpx.TransportError:
        return False
    return True


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningApp]:
    settings = {
        "LANGGRAPH_API_URL": NO_SERVER,
        "CHAT_ORIGINS": f'["{PUBLIC}"]',
        "CHAT_TRUSTED_PROXIES": f'["{FROM}"]',
        "CHAT_SOCKETS_PER_ADDRESS": "3",
    }
    with running_app(tmp_path_factory.mktemp("app"), **settings) as app:
        yield app


@pytest.fixture(scope="module")
def named(behind: RunningApp, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    with proxy(behind, tmp_path_factory.mktemp("nginx") / "named") as served:
        yield served


@pytest.fixture(scope="module")
def unnamed(behind: RunningApp, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    folder = tmp_path_factory.mktemp("nginx") / "unnamed"
    with proxy(behind, folder, address="127.0.0.4") as served:
        yield served


def get(served: Served, host: str, **headers: str) -> httpx.Response:
    return httpx.get(served.url, headers={"Host": host, **headers}, trust_env=False)


async def socket(served: Served, host: str, *headers: str) -> tuple[int, Raw]:
    """Open a socket as a visitor; returns the status of the handshake too."""
    page = await asyncio.to_thread(get, served, host)
    cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    raw = await Raw.open(served)
    raw.host = host
    return await raw.handshake(f"Cookie: {cookie}", *headers), raw


def test_the_page_is_served_under_the_public_address(named: Served) -> None:
    assert get(named, "chat.example.com").status_code == 200
    assert get(named, "chat.example.com", Origin=PUBLIC).status_code == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("chat.example.com", "https://evil.example"),
        ("chat.example.com", "http://chat.example.com"),
        ("chat.example.com", "null"),
        ("evil.example", "https://evil.example"),
        ("evil.example", PUBLIC),
    ],
)
async def test_pages_of_other_origins_are_refused(named: Served, host: str, origin: str) -> None:
    assert get(named, host, Origin=origin).status_code == 403
    status, raw = await socket(named, host, f"Origin: {origin}")
    assert status == 403
    await raw.close()


async def test_a_browser_cannot_forward_a_host_of_its_own(named: Served) -> None:
    forged = {"X-Forwarded-Host": "chat.example.com", "X-Forwarded-Proto": "https"}
    assert get(named, "evil.example", **forged).status_code == 403


async def test_a_socket_connects_through_the_proxy(named: Served) -> None:
    status, raw = await socket(named, "chat.example.com", f"Origin: {PUBLIC}")
    assert status == 101
    await raw.frame(TEXT, connect())
    assert b"sid" in (await raw.read())[1]
    assert (await raw.read())[1].startswith(b'40/_event,{"sid"')
    await raw.close()


async def test_sockets_are_counted_for_the_browsers_address(named: Served) -> None:
    opened = []
    for number in range(5):
        forged = f"X-Forwarded-For: 198.51.100.{number}"
        opened.append(await socket(named, "chat.example.com", f"Origin: {PUBLIC}", forged))
    assert sorted(status for status, _ in opened) == [101, 101, 101, 429, 429]
    for _, raw in opened:
        await raw.close()


def test_an_upload_passes_the_proxy(named: Served) -> None:
    page = get(named, "chat.example.com")
    answer = httpx.post(
        f"{named.url}/_attachments",
        content=bytes(3_000_000),
        headers={"Host": "chat.example.com", "Origin": PUBLIC, "X-Chat-Tab": "none"},
        cookies=page.cookies,
        trust_env=False,
    )
    assert answer.status_code == 401  # it reached the route, which knows no such tab


def test_a_proxy_that_is_not_named_is_believed_nothing(unnamed: Served) -> None:
    forged = {"X-Forwarded-Host": "chat.example.com"}
    assert get(unnamed, "evil.example", **forged).status_code == 403
