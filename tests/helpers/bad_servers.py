"""A server that stands where a LangGraph server should, and is one only as far as a test wants."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = tuple[int, str, str]
    """Status, content type, body."""

ASSISTANT = {"assistant_id": "5d1b2c1e-0000-4000-8000-000000000001", "graph_id": "writer"}
THREAD_ID = "5d1b2c1e-0000-4000-8000-000000000002"


def as_json(value: Any, status: int = 200) -> Answer:
    return status, "application/json", json.dumps(value)


def refuses(status: int, words: str) -> Callable[[str, str], Answer]:
    """Every request gets `status` with FastAPI's kind of body."""
    return lambda _method, _path: as_json({"detail": words}, status)


def gateway_page(_method: str, _path: str) -> Answer:
    """What a proxy says when the server behind it is down."""
    page = "<html><head><title>502 Bad Gateway</title></head><body><hr>nginx</body></html>"
    return 502, "text/html", page


def has_assistants(*graphs: str) -> Callable[[str, str], Answer]:
    """A server with assistants and without threads."""

    def answer(method: str, path: str) -> Answer:
        if path == "/assistants/search":
            return as_json([ASSISTANT | {"graph_id": graph, "name": graph} for graph in graphs])
        return empty(method, path)

    return answer


def refuses_runs(words: str, status: int = 422) -> Callable[[str, str], Answer]:
    """All is well until a run is asked for: mostly 422, as for an unknown assistant."""

    def answer(method: str, path: str) -> Answer:
        if "/runs" in path and method == "POST":
            return as_json({"detail": words}, status)
        return has_assistants("agent")(method, path)

    return answer


def has_thread(*messages: dict[str, Any]) -> Callable[[str, str], Answer]:
    """A server with one thread, `THREAD_ID`, that holds `messages`."""

    def answer(method: str, path: str) -> Answer:
        if path == f"/threads/{THREAD_ID}/state":
            return as_json({"values": {"messages": messages}, "next": [], "tasks": []})
        return has_assistants("agent")(method, path)

    return answer


def empty(method: str, path: str) -> Answer:
    """No assistants; a thread is made, but never has a state."""
    if path.endswith(("/search", "/history", "/runs")):
        return as_json([])
    if method == "POST" or path == f"/threads/{THREAD_ID}":
        return as_json({"thread_id": THREAD_ID, "status": "idle", "metadata": {}})
    return as_json({"detail": "Not Found"}, 404)


class ScriptedServer:
    """Answers on loopback with `answer`, which a test may exchange at any time."""

    def __init__(self) -> None:
        self.answer: Callable[[str, str], Answer] = empty
        self._serve(0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen again at the same address."""
        self._serve(self._port)

    def stop(self) -> None:
        """Listen no more: connections are refused."""
        self._http.shutdown()
        self._http.server_close()

    def _serve(self, port: int) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._http.daemon_threads = True
        self._port = self._http.server_port
        Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()


def _handler(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            status, kind, body = server.answer(self.command, self.path.partition("?")[0])
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_PATCH = do_GET  # noqa: N815 - the names are the base class's

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
