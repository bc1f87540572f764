"""Traces, sent to a collector on this machine."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from chat_app.client import NotFoundError, get_client
from chat_app.observability import tracing
from chat_app.observability.json_log import about

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

THREAD = "0198a1b2-0000-7000-8000-00000000000a"
ALONE = """
import sys
from chat_app.observability import tracing
with tracing.span("Load", thread_id="x"):
    tracing.note(run_id="y")
assert tracing.begin() is None
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""


class Collector:
    """Takes what is exported."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.services: set[str] = set()
        self.bodies: list[bytes] = []

    def take(self, body: bytes) -> None:
        self.bodies.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            named = {one.key: one.value.string_value for one in resource.resource.attributes}
            self.services.add(named["service.name"])
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]

    def named(self, name: str) -> Any:
        (found,) = [span for span in self.spans if span.name == name]
        return found


@contextmanager
def listening(collector: Collector) -> Generator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """Gets all spans once tracing has ended."""
    monkeypatch.delenv("OTEL_SDK_DISABLED", raising=False)
    with listening(collector := Collector()) as url:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        assert tracing.begin()
        assert tracing.begin()  # as often as it is asked
        try:
            yield collector
        finally:
            tracing.end()
            about()


async def test_requests_are_spans_of_what_they_are_made_for_and_the_server_gets_the_trace(
    collector: Collector,
) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(404, json={"detail": "secret words"})

    async with get_client(
        url="http://agent.test/base", transport=httpx.MockTransport(answer)
    ) as client:

        async def load_thread() -> None:
            with tracing.span("Load", thread_id=THREAD):
                tracing.note(outcome="finished", tokens=3, nothing=None)
                await client.threads.get(THREAD)

        with pytest.raises(NotFoundError):
            await load_thread()
    tracing.end()
    load = collector.named("Load")
    request = collector.named("GET /base/threads/{id}")
    assert request.parent_span_id == load.span_id
    assert asked[0].headers["traceparent"].split("-")[1:3] == [
        load.trace_id.hex(),
        request.span_id.hex(),
    ]
    told = {one.key: one.value for one in load.attributes}
    assert told["chat.thread_id"].string_value == THREAD
    assert told["chat.outcome"].string_value == "finished"
    assert told["chat.tokens"].int_value == 3
    assert told["error.type"].string_value == "NotFoundError"
    assert "chat.nothing" not in told
    assert load.status.code == 2
    assert collector.services == {"chat_app"}
    assert not [body for body in collector.bodies if b"secret" in body]


@pytest.mark.parametrize("variable", tracing.ENDPOINTS)
def test_a_collector_that_is_named_is_wanted_unless_all_is_off(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    for name in (*tracing.ENDPOINTS, "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    assert not tracing.is_wanted()
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert tracing.is_wanted()
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert not tracing.is_wanted()


def test_without_a_collector_nothing_of_it_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tracing.ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    command = [sys.executable, "-c", ALONE]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    ("path", "route"),
    [
        (f"/threads/{THREAD}/runs/{THREAD}/stream", "/threads/{id}/runs/{id}/stream"),
        ("/api/v1/assistants/My-Agent/schemas", "/api/v1/assistants/{id}/schemas"),
        ("/store/items", "/store/items"),
        ("/threads/" + "a" * 30, "/threads/{id}"),
        ("/", "/"),
    ],
)
def test_a_path_is_told_without_its_ids(path: str, route: str) -> None:
    assert tracing.template(path) == route
