"""Every metric of the app, in one table, by Prometheus' own client library.

Each is counted where it happens, once for a batch of events and never for a single token. With
several processes on one port each keeps its values in a file of its own (see `process_files`), and
a scrape, which reaches one of them, reads all. No label holds what a person or a model wrote, or an
id: they are words of this code.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics import disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector

from chat_app.observability.process_files import FOLDER

_LAGS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_WAITS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_RUNS = (1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)

disable_created_metrics()
REGISTRY = CollectorRegistry()


def _gauge(name: str, says: str, labels: tuple[str, ...] = (), *, mode: str = "livesum") -> Gauge:
    return Gauge(name, says, labels, registry=REGISTRY, multiprocess_mode=mode)  # type: ignore[arg-type]


def _counter(name: str, says: str, labels: tuple[str, ...] = ()) -> Counter:
    return Counter(name, says, labels, registry=REGISTRY)


def _histogram(name: str, says: str, buckets: tuple[float, ...]) -> Histogram:
    return Histogram(name, says, registry=REGISTRY, buckets=buckets)


STREAMS = _gauge("chat_streams", "Streams of runs that are read now.")
RUNS = _counter(
    "chat_runs",
    "Streams of runs that were read, by how they ended: finished, failed, interrupted, lost; left "
    "where no tab shows the run any more.",
    ("outcome",),
)
RUN_SECONDS = _histogram("chat_run_seconds", "From a person's message to the run's end.", _RUNS)
FIRST_TOKEN = _histogram(
    "chat_time_to_first_token_seconds", "From a person's message to the first token.", _WAITS
)
TOKENS = _counter(
    "chat_tokens",
    "Pieces of messages that were read from streams, about one a token; those of a run that is "
    "joined are counted again.",
)
LAG = _histogram(
    "chat_event_lag_seconds",
    "From the arrival of an event of the agent server until a page's socket was given what it "
    "shows. Those up to 0.04 s are gathered on purpose.",
    _LAGS,
)
LOOP_LAG = _histogram(
    "chat_event_loop_lag_seconds", "How late a timer of the event loop is, each second.", _LAGS
)
RECONNECTS = _counter(
    "chat_reconnects",
    "Connections that were made again: of a stream to the agent server, of a page to a process.",
    ("of",),
)
RETRIES = _counter(
    "chat_retries",
    "Attempts after a failure: to read a stream on, to reach a server that is missing.",
    ("of",),
)
ERRORS = _counter(
    "chat_errors",
    "Failures by kind: those of requests to the agent server by their class; run where the graph "
    "failed; handler, task and request where the app did; page where its script did.",
    ("kind",),
)
REFUSALS = _counter(
    "chat_refusals", "Requests and sockets that were refused, by status.", ("status",)
)
TABS = _gauge("chat_open_tabs", "Tabs whose socket is connected.")
THREADS = _gauge("chat_open_threads", "Threads that are shown, or were a moment ago.")
QUEUED = _gauge("chat_queued_messages", "Messages that wait for a run to end.")
UNSENT = _gauge("chat_unsent_packets", "Packets that wait until pages read them.")
TASKS = _gauge("chat_tasks", "Background tasks.")
MEMORY = _gauge("chat_memory_bytes", "Resident memory of each process.", mode="liveall")
UP = _gauge(
    "chat_dependency_up",
    "Whether what the app depends on was well when it was looked at last: 1 or 0.",
    ("name",),
    mode="livemostrecent",
)

for _of in ("stream", "page"):  # a rate begins at the first of them, not at the second
    RECONNECTS.labels(_of)
for _of in ("stream", "server"):
    RETRIES.labels(_of)


def failed(kind: str) -> None:
    """Count a failure; `kind` is a word of the code, such as the name of a class."""
    ERRORS.labels(kind).inc()


def rendered(accept: str) -> tuple[bytes, str]:
    """All values of all processes, as text, and its media type.

    Args:
        accept: the header of the request: the newer format is given where it is asked for.
    """
    registry = REGISTRY
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type


def names() -> list[str]:
    """The names as they are queried: with ``_total`` of counters, ``_bucket`` of histograms."""
    ends = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
    return [
        f"{metric.name}{end}"
        for metric in REGISTRY.collect()
        for end in ends.get(metric.type, [""])
    ]
