"""What is counted of the runs of a tab, at the real server."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from chat_app.logs import Lines
from chat_app.observability import metrics
from chat_app.state import server
from tests.helpers.log_lines import Written
from tests.helpers.network import START
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0


def told() -> dict[str, float]:
    return {
        "runs": value("chat_runs_total", outcome="finished"),
        "run seconds": value("chat_run_seconds_count"),
        "first tokens": value("chat_time_to_first_token_seconds_count"),
    }


async def test_an_answer_counts_its_run_tokens_and_lag(network: Network, tab: Tab) -> None:
    before, tokens = told(), value("chat_tokens_total")
    lags, waited = value("chat_event_lag_seconds_count"), value("chat_event_lag_seconds_sum")
    await tab.send("1")
    await until(lambda: value("chat_streams") == 0)
    assert {name: count - before[name] for name, count in told().items()} == {
        "runs": 1,
        "run seconds": 1,
        "first tokens": 1,
    }
    assert value("chat_tokens_total") > tokens
    views = value("chat_event_lag_seconds_count") - lags
    assert views >= 1
    assert 0 < value("chat_event_lag_seconds_sum") - waited < 60 * views
    assert len(server.gate().sessions) == 1
    assert server.gate().sessions.queued == 0


async def test_a_refused_run_counts_as_a_failure_of_its_kind(network: Network, tab: Tab) -> None:
    refused = value("chat_errors_total", kind="InvalidError")
    finished = value("chat_runs_total", outcome="finished")
    network.refuse(*START, status=422, times=1)
    await tab.send("1")
    assert value("chat_errors_total", kind="InvalidError") - refused == 1
    assert value("chat_runs_total", outcome="finished") == finished
    assert value("chat_streams") == 0


async def test_a_run_is_two_events_in_the_log_with_its_ids_and_without_its_words(
    network: Network, tab: Tab
) -> None:
    written = Written()
    lines, log = Lines(written, as_json=True), logging.getLogger("chat_app")
    before = log.level
    log.addHandler(lines)
    log.setLevel(logging.INFO)
    try:
        await tab.send("12")
    finally:
        log.removeHandler(lines)
        log.setLevel(before)
    told = [json.loads(line) for line in written.lines]
    accepted, ended = (line for line in told if line.get("event", "").startswith("run_"))
    assert (accepted["event"], ended["event"]) == ("run_accepted", "run_ended")
    assert accepted["run_id"] == ended["run_id"]
    assert accepted["thread_id"] == ended["thread_id"] == tab.thread_id
    assert ended["outcome"] == "finished"
    assert 0 < ended["first_token_seconds"] < 60
    assert ended["tokens"] >= 1
    (answer,) = tab.texts("text")
    assert answer
    assert not [line for line in told if answer in line["message"]]
