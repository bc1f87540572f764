"""The key of the agent server goes to that server only, wherever an answer points."""

from __future__ import annotations

import ast
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from chat_app.client import LangGraphError, RetryPolicy, get_client

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

KEY = "the-key-of-the-agent-server"
OTHER_HEADER = "a-value-for-that-server-only"
THREAD = "5f4d1f0a-6f0c-4b0e-8f35-0d5f8f6d9f11"
RUN = "7b8f3d1c-2a4e-4c6b-9d0e-1f2a3b4c5d6e"
QUICK = RetryPolicy(tries=2, pauses=(0.01,))
Requests = list[tuple[str, str, dict[str, str]]]


@contextmanager
def web_server(
    answer: Callable[[BaseHTTPRequestHandler], None], host: str = "127.0.0.1"
) -> Generator[tuple[int, Requests]]:
    """A real server on the loopback interface, and what it was asked."""
    asked: Requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked.append((self.command, self.path, headers))
            answer(self)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names are http.server's

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((host, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()


def nothing(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "2")
    request.end_headers()
    request.wfile.write(b"{}")


def gone(request: BaseHTTPRequestHandler) -> None:
    request.send_response(404)
    request.send_header("Content-Length", "0")
    request.end_headers()


async def ask_for_everything(url: str) -> list[LangGraphError]:
    """Use the client in every way in which it sends a request; what was raised."""
    failures: list[LangGraphError] = []
    headers = {"x-of-the-server": OTHER_HEADER, "cookie": OTHER_HEADER}
    async with get_client(url=url, api_key=KEY, headers=headers, retry=QUICK) as client:

        async def stream() -> None:
            async for event in client.runs.stream(THREAD, "agent", input={}):
                failures.extend([error] if (error := getattr(event, "exception", None)) else [])

        async def join() -> None:
            async for event in client.runs.join_stream(THREAD, RUN):
                failures.extend([error] if (error := getattr(event, "exception", None)) else [])

        for ask in (
            client.info,
            lambda: client.threads.get(THREAD),
            client.threads.search,
            client.threads.create,
            lambda: client.threads.update(THREAD, metadata={}),
            lambda: client.threads.delete(THREAD),
            lambda: client.runs.cancel(THREAD, RUN),
            stream,
            join,
        ):
            try:
                await ask()
            except LangGraphError as failure:
                failures.append(failure)
    return failures


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
@pytest.mark.parametrize(
    "where",
    [
        "http://localhost:{port}/x?key=1",
        "http://127.0.0.1:{port}/x",
        "//127.0.0.1:{port}/x",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://me:pw@127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "http:\\\\127.0.0.1:{port}",
    ],
)
async def test_no_redirect_is_followed_to_another_host_scheme_or_port(
    status: int, where: str
) -> None:
    with web_server(nothing) as (port, elsewhere):

        def redirect(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name in ("Location", "Content-Location", "Refresh"):
                request.send_header(name, where.format(port=port))
            request.send_header("Content-Length", "0")
            request.end_headers()

        with web_server(redirect) as (server, asked):
            failures = await ask_for_everything(f"http://127.0.0.1:{server}")
    assert elsewhere == []
    assert len(asked) >= 9
    assert all(headers["x-api-key"] == KEY for _, _, headers in asked)
    said = " ".join(map(repr, failures)) + " ".join(map(str, failures))
    assert len(failures) >= 9
    assert KEY not in said
    assert OTHER_HEADER not in said
    assert "pw" not in said


async def test_a_stream_that_names_another_origin_is_joined_again_where_it_began() -> None:
    with web_server(nothing) as (port, elsewhere):
        place = f"http://localhost:{port}/threads/{THREAD}/runs/{RUN}/stream"

        streams: list[str] = []

        def broken_off(request: BaseHTTPRequestHandler) -> None:
            if not request.path.split("?")[0].endswith("stream") or len(streams) == 2:
                gone(request)
                return
            streams.append(request.path)
            request.send_response(200)
            request.send_header("Content-Type", "text/event-stream")
            request.send_header("Location", place)
            request.send_header("Content-Location", place)
            request.send_header("Content-Length", "10000")
            request.end_headers()
            request.wfile.write(f'event: metadata\nid: 1\ndata: {{"run_id":"{RUN}"}}\n\n'.encode())

        with web_server(broken_off) as (server, asked):
            await ask_for_everything(f"http://127.0.0.1:{server}")
    assert elsewhere == []
    again = f"/threads/{THREAD}/runs/{RUN}/stream"
    assert [path for method, path, _ in asked if method == "GET" and urlsplit(path).path == again]
    assert len(streams) == 2


@pytest.mark.parametrize("run_id", ["..", "%2e%2e", "@evil.example", "%0d%0ax: y", "\\evil", "é"])
async def test_a_run_id_from_an_answer_stays_a_part_of_the_path(run_id: str) -> None:
    streams: list[str] = []

    def broken_off(request: BaseHTTPRequestHandler) -> None:
        if streams:
            gone(request)
            return
        streams.append(request.path)
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.send_header("Content-Location", f"/threads/{THREAD}/runs/{run_id}")
        request.send_header("Content-Length", "10000")
        request.end_headers()
        request.wfile.write(b"event: values\nid: 1\ndata: {}\n\n")

    with web_server(broken_off) as (server, asked):
        async with get_client(url=f"http://127.0.0.1:{server}", api_key=KEY, retry=QUICK) as client:
            async for _ in client.runs.stream(THREAD, "agent", input={}):
                pass
    for _, path, headers in asked:
        assert path.startswith(f"/threads/{THREAD}/runs/") or path == f"/threads/{THREAD}"
        assert headers["host"] == f"127.0.0.1:{server}"


ROOT = Path(__file__).resolve().parents[2] / "chat_app"
NETWORK = {
    "aiohappyeyeballs",
    "aiohttp",
    "authlib",
    "httpx",
    "redis",
    "requests",
    "socket",
    "urllib3",
}
OPENS_CONNECTIONS = {
    "auth/forwarding.py": "signs requests of the client",
    "auth/oidc/id_token.py": "checks claims",
    "auth/oidc/mode.py": "none by itself",
    "auth/oidc/provider.py": "to CHAT_OIDC_ISSUER, and where its discovery document says",
    "client/causes.py": "names the errors of connections",
    "client/chunked.py": "",
    "client/client.py": "to LANGGRAPH_API_URL",
    "client/http.py": "to LANGGRAPH_API_URL",
    "client/recover.py": "names the errors of connections",
    "client/resume.py": "to LANGGRAPH_API_URL",
    "client/runs.py": "to LANGGRAPH_API_URL",
    "client/sse.py": "reads a response",
    "client/wire.py": "to LANGGRAPH_API_URL",
    "demo/serving/server.py": "to the demo agent, on the loopback address",
    "shared_store/redis.py": "to REDIS_URL",
    "runs/langsmith.py": "to CHAT_LANGSMITH_HOSTS, at an address that the agent server gives",
    "demo/tools/weather.py": "to the two hosts of its source, which are constants",
}
"""Every module that can reach the network, and where to: never to an address from data."""


def imports(file: Path) -> set[str]:
    """The packages that a module imports, also where it does so later or for types."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
            found |= {"urllib3"} if node.module == "urllib.request" else set()
    return found


def test_every_module_that_can_open_a_connection_was_reviewed() -> None:
    can = {
        str(file.relative_to(ROOT))
        for file in ROOT.rglob("*.py")
        if imports(file) & NETWORK and "TYPE_CHECKING:\n    import httpx" not in file.read_text()
    }
    assert can <= set(OPENS_CONNECTIONS), sorted(can - set(OPENS_CONNECTIONS))
