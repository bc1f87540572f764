"""LangSmith as far as feedback goes: a listener on loopback that signs addresses and takes it.

``with langsmith() as smith``: an agent server is given ``smith.url``.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Generator


@dataclass
class LangSmith:
    """`given` has each feedback with its run, in order; `signs` is whether addresses are signed."""

    host: str
    given: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    runs: dict[str, str] = field(default_factory=dict)
    """By the id of an address."""
    headers: list[dict[str, str]] = field(default_factory=list)
    """Of the requests that gave feedback."""
    signs: bool = True
    asked: int = 0
    """How often an address was asked for."""

    @property
    def url(self) -> str:
        """What an agent server is given as ``LANGSMITH_ENDPOINT``."""
        return f"http://{self.host}"

    def sign(self, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
        signed = []
        for one in asked:
            token = str(uuid4())
            self.runs[token] = one["run_id"]
            url = f"{self.url}/feedback/tokens/{token}"
            signed.append({"id": token, "url": url, "expires_at": "2100-01-01T00:00:00Z"})
        return signed


@contextmanager
def langsmith() -> Generator[LangSmith]:
    """Listen for as long as the block goes."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            said = json.loads(self.rfile.read(length) or b"null")
            token = self.path.removeprefix("/feedback/tokens").removeprefix("/")
            if not self.path.startswith("/feedback/tokens"):
                self.answer(404, {})
            elif not token:
                smith.asked += 1
                self.answer(*((200, smith.sign(said)) if smith.signs else (403, {"detail": "no"})))
            elif token in smith.runs:
                smith.given.append((smith.runs[token], said))
                smith.headers.append(dict(self.headers))
                self.answer(200, {})
            else:
                self.answer(404, {})

        def do_GET(self) -> None:
            self.answer(200, {})

        def answer(self, status: int, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    smith = LangSmith(f"127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield smith
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
