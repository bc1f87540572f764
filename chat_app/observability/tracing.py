"""Traces by OpenTelemetry, where a collector is named; without one nothing of it is imported.

One span is one effect of a thread's session: a run from the person's message to its end, a thread
that is read, a stop. Within it is a span for each request to the agent server, which gets the trace
along in `traceparent`, so that its own spans belong to the same trace. Spans hold ids, words of
this code and numbers: no text of a person or a model, no path with an id, no words of an exception.

The SDK is configured by its own variables: ``OTEL_EXPORTER_OTLP_ENDPOINT``, ``OTEL_SERVICE_NAME``,
``OTEL_TRACES_SAMPLER`` and so on. It is the extra `tracing` of the project.
"""

from __future__ import annotations

import logging
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chat_app import masking
from chat_app.observability import json_log

if TYPE_CHECKING:
    from collections.abc import Generator, MutableMapping

    Value = str | int | float | bool | None

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_HEADERS = ("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS")
_NAME = "chat_app"
_FLUSHED_WITHIN = 3000
"""Milliseconds at the end of a process."""
_WORD = re.compile(r"[a-z_]{1,20}|v\d")
"""A part of a path that is no id."""

_log = logging.getLogger("chat_app.tracing")


class _Tracing:
    """What is made of the SDK when tracing begins."""

    def __init__(self) -> None:
        self.provider: Any = None
        self.tracer: Any = None
        self.api: Any = None
        self.inject: Any = None


_tracing = _Tracing()


def is_wanted() -> bool:
    """Whether a collector is named."""
    is_off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not is_off and any(os.environ.get(name) for name in ENDPOINTS)


def begin() -> Any:
    """Make spans from now on, if a collector is named.

    Returns:
        The provider of tracers, for others that make spans; None where none are made.
    """
    if not is_wanted() or _tracing.provider:
        return _tracing.provider
    try:
        from opentelemetry import trace  # noqa: PLC0415 - only where it is wanted
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.trace.propagation import tracecontext  # noqa: PLC0415
    except ImportError:
        _log.warning("No traces are made: install the extra `tracing` of this project")
        return None
    given = ",".join(os.environ.get(name, "") for name in _HEADERS)
    masking.know(pair.partition("=")[2] for pair in given.split(","))
    resource = Resource.create()
    if "OTEL_SERVICE_NAME" not in os.environ and "service.name" not in os.environ.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    ):
        resource = resource.merge(Resource({SERVICE_NAME: _NAME}))
    _tracing.provider = TracerProvider(resource=resource)
    _tracing.provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracing.tracer = _tracing.provider.get_tracer(_NAME)
    _tracing.api = trace
    _tracing.inject = tracecontext.TraceContextTextMapPropagator().inject
    json_log.trace_id = _trace_id
    return _tracing.provider


def end() -> None:
    """Send what is left, and make no spans any more."""
    if provider := _tracing.provider:
        _tracing.__init__()
        json_log.trace_id = str
        provider.force_flush(_FLUSHED_WITHIN)
        provider.shutdown()


@contextmanager
def span(name: str, **attributes: Value) -> Generator[None]:
    """What happens in the block is a span; the log's lines tell its thread, in this task.

    Args:
        name: a word of the code.
        attributes: ids, words of the code and numbers.
    """
    if isinstance(thread_id := attributes.get("thread_id"), str):
        json_log.about(thread_id=thread_id)
    if _tracing.tracer is None:
        yield
        return
    api = _tracing.api
    with _tracing.tracer.start_as_current_span(
        name, attributes=_named(attributes), record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except BaseException as failure:
            current.set_attribute("error.type", type(failure).__name__)
            if isinstance(failure, Exception):
                current.set_status(api.StatusCode.ERROR)
            raise


def note(**attributes: Value) -> None:
    """Add to the span of what is going on."""
    if _tracing.tracer is not None:
        _tracing.api.get_current_span().set_attributes(_named(attributes))


@contextmanager
def request(method: str, path: str, headers: MutableMapping[str, str]) -> Generator[None]:
    """The block sends a request to the agent server; `headers` are given the trace."""
    if _tracing.tracer is None:
        yield
        return
    route = template(path)
    with span(f"{method} {route}", method=method, route=route):
        _tracing.inject(headers)
        yield


def template(path: str) -> str:
    """A path without its ids.

    >>> template("/threads/0198a1b2-0000-7000-8000-00000000000a/runs/stream")
    '/threads/{id}/runs/stream'
    """
    return "/".join(
        part if not part or _WORD.fullmatch(part) else "{id}" for part in path.split("/")
    )


def _named(attributes: dict[str, Value]) -> dict[str, Any]:
    return {f"chat.{name}": value for name, value in attributes.items() if value is not None}


def _trace_id() -> str:
    context = _tracing.api.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""
