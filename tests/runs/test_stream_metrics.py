"""What is counted of batches of events."""

from __future__ import annotations

from time import monotonic

import pytest

from chat_app.client import Outcome, UnreachableError
from chat_app.client.events import Event, MessageDelta, Reconnecting, Values
from chat_app.observability import metrics
from chat_app.runs.stream_metrics import StreamMetrics

TOKEN = MessageDelta(event="messages", message={"type": "AIMessageChunk"}, metadata={})
VALUES = Values(event="values", values={})
CUT = Reconnecting(event="reconnecting", exception=UnreachableError(), seconds=1, tries=1)
BACK = Event(event="reconnected")


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0


def test_the_first_token_is_timed_once_from_when_the_person_asked() -> None:
    stream, before = StreamMetrics(100.0), value("chat_time_to_first_token_seconds_count")
    stream.hear([], 100.1)
    stream.hear([VALUES], 100.2)
    stream.hear([VALUES, TOKEN, TOKEN], 100.5)
    stream.hear([TOKEN], 107.0)
    assert stream.first_token == pytest.approx(0.5)
    assert stream.tokens == 3
    assert value("chat_time_to_first_token_seconds_count") - before == 1


def test_a_run_that_is_joined_has_tokens_and_no_time_to_the_first() -> None:
    stream, before = StreamMetrics(None), value("chat_time_to_first_token_seconds_count")
    runs = value("chat_run_seconds_count")
    with stream.reading(lambda: Outcome.FINISHED):
        stream.hear([TOKEN], monotonic())
    assert (stream.tokens, stream.first_token) == (1, None)
    assert value("chat_time_to_first_token_seconds_count") == before
    assert value("chat_run_seconds_count") == runs


def test_each_attempt_and_each_connection_made_again_is_counted() -> None:
    retries = value("chat_retries_total", of="stream")
    again = value("chat_reconnects_total", of="stream")
    StreamMetrics(0).hear([TOKEN, CUT, CUT, BACK, TOKEN], 1)
    assert value("chat_retries_total", of="stream") - retries == 2
    assert value("chat_reconnects_total", of="stream") - again == 1


@pytest.mark.parametrize("outcome", [*Outcome, None])
def test_a_stream_is_open_within_its_block_and_counts_by_its_end(outcome: Outcome | None) -> None:
    label = outcome.value if outcome else "left"
    streams, runs = value("chat_streams"), value("chat_runs_total", outcome=label)
    failures = value("chat_errors_total", kind="run")

    def fail() -> None:
        with StreamMetrics(0).reading(lambda: outcome):
            assert value("chat_streams") == streams + 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert value("chat_streams") == streams
    assert value("chat_runs_total", outcome=label) == runs + 1
    assert value("chat_errors_total", kind="run") - failures == (outcome is Outcome.FAILED)
