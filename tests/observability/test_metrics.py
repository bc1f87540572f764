"""What is counted, by one process and by several."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from chat_app.observability import metrics
from chat_app.observability.process_files import FOLDER, ended, shared_metrics
from chat_app.observability.sampling import memory, sample

if TYPE_CHECKING:
    import pytest

LABELS = {"outcome", "of", "kind", "status", "name", "le", "pid"}
"""All labels that there are: none of them holds an id or what a person wrote."""
WORKER = """
import os, sys
from chat_app.observability import metrics
metrics.TOKENS.inc(int(sys.argv[1]))
metrics.TABS.set(2)
metrics.MEMORY.set(1000)
metrics.LAG.observe(0.02)
print(os.getpid())
"""
READER = """
from chat_app.observability import metrics
print(metrics.rendered("")[0].decode())
"""


def ran(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def values(text: str) -> dict[str, float]:
    """The sum over all labels, by name."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            found[one.name] = found.get(one.name, 0) + one.value
    return found


def test_every_metric_has_a_name_of_the_app_and_says_what_it_is() -> None:
    described = list(metrics.REGISTRY.collect())
    assert len(described) > 15
    assert all(re.fullmatch("chat_[a-z_]+", one.name) for one in described)
    assert all(one.documentation.endswith((".", ")")) for one in described)
    assert len(metrics.names()) == len(set(metrics.names()))


def test_what_is_told_can_be_read_and_has_few_labels() -> None:
    sample({metrics.MEMORY: memory, metrics.TASKS: lambda: 3})
    metrics.failed("RateLimitError")
    metrics.RUNS.labels("finished").inc()
    metrics.UP.labels("redis").set(False)
    for accept in ("", "application/openmetrics-text; version=1.0.0"):
        rendered, media_type = metrics.rendered(accept)
        assert media_type.startswith("application/openmetrics" if accept else "text/plain")
        assert "chat_tasks 3.0" in rendered.decode()
    families = list(text_string_to_metric_families(metrics.rendered("")[0].decode()))
    assert {label for one in families for each in one.samples for label in each.labels} <= LABELS
    assert not [one for one in families for each in one.samples if each.name.endswith("_created")]


def test_the_memory_of_this_process_is_some_megabytes() -> None:
    assert 10_000_000 < memory() < 100_000_000_000


def test_a_scrape_of_one_process_tells_of_all_and_the_dead_have_nothing_open() -> None:
    with shared_metrics() as folder:
        assert os.environ[FOLDER] == folder
        pids = [int(ran(WORKER, tokens)) for tokens in ("3", "4")]
        told = values(ran(READER))
        assert told["chat_tokens_total"] == 7
        assert told["chat_open_tabs"] == 4
        assert told["chat_event_lag_seconds_count"] == 2
        assert told["chat_memory_bytes"] == 2000
        for _ in range(2):
            ended(pids[0])
        told = values(ran(READER))
        assert told["chat_tokens_total"] == 7  # a counter never goes down
        assert told["chat_open_tabs"] == 2
        assert told["chat_memory_bytes"] == 1000
    assert FOLDER not in os.environ
    assert not os.path.exists(folder)  # noqa: PTH110 - a name, not a path to work with


def test_a_process_that_shares_nothing_may_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    ended(os.getpid())
