"""The dashboard for Grafana shows what is exported, and all of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from chat_app.observability import metrics

DASHBOARD: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "scripts/deploy/grafana.json").read_text()
)
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def test_every_name_in_it_is_exported() -> None:
    assert QUERIES
    named = {name for query in QUERIES for name in re.findall(r"\bchat_[a-z_]+", query)}
    assert named <= set(metrics.names())


def test_every_metric_is_shown() -> None:
    shown = " ".join(QUERIES)
    kept = [metric.name for metric in metrics.REGISTRY.collect() if metric.name not in shown]
    assert kept == []


def test_what_it_groups_by_are_labels_of_the_metric() -> None:
    labels = {
        "chat_runs": {"outcome"},
        "chat_errors": {"kind"},
        "chat_reconnects": {"of"},
        "chat_retries": {"of"},
        "chat_refusals": {"status"},
        "chat_dependency_up": {"name"},
    }
    for query in QUERIES:
        for group in re.findall(r"\bby \((\w+)\)", query):
            (name,) = re.findall(r"\b(chat_[a-z_]+?)(?:_total|_bucket)?[\[)\s{]", query)
            assert group == "le" or group in labels[name], query


def test_counters_and_histograms_are_looked_at_as_rates_and_panels_do_not_overlap() -> None:
    for query in QUERIES:
        for name in re.findall(r"\bchat_[a-z_]+(?:_total|_bucket)\b", query):
            assert f"rate({name}[" in query
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    assert len({(place["x"], place["y"]) for place in places}) == len(places)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places)
