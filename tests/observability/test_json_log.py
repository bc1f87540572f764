"""The log as JSON: one object a line, with ids and without content."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chat_app.logs import BURST, MOST, OF_EVENTS, JsonLine, Lines
from chat_app.observability.json_log import about, event
from tests.helpers.examples import examples

THREAD = "0198a1b2-0000-7000-8000-00000000000a"
RUN = "0198a1b2-0000-7000-8000-00000000000b"
KEY = "sk-proj-abcdefghij0123456789"


def line_of(words: str, *arguments: object, name: str = "chat_app", **more: Any) -> dict[str, Any]:
    logged = logging.LogRecord(name, logging.WARNING, __file__, 1, words, arguments, None)
    logged.__dict__.update(more)
    text = JsonLine().format(logged)
    assert text.isprintable()
    assert text.splitlines() == [text]
    return json.loads(text)


@given(st.text(), st.integers(0, 10_000))
@examples(100)
def test_whatever_is_said_is_one_object_in_one_line(words: str, n: int) -> None:
    line = line_of("%s", words + "\r\n\x1b[31m\u2028" + "y" * n)
    assert set(line) == {"time", "level", "logger", "process", "message"}
    assert len(line["message"]) <= MOST
    assert line["level"] == "WARNING"


def test_the_time_is_of_the_record_in_utc() -> None:
    line = line_of("x", created=1_800_000_000.25)
    assert line["time"] == "2027-01-15T08:00:00.250Z"
    assert datetime.fromisoformat(line["time"]).tzinfo == UTC


def test_the_ids_that_a_line_names_are_fields() -> None:
    line = line_of("thread %s, run %s: cut", THREAD, RUN)
    assert (line["thread_id"], line["run_id"]) == (THREAD, RUN)
    assert "thread_id" not in line_of("thread %s: cut", "no id")


def test_an_event_has_its_name_and_fields_and_takes_no_others_place() -> None:
    told = event("run_ended", seconds=1.5, outcome="finished", tokens=None, level="FORGED")
    line = line_of("run %s: finished", RUN, **told)
    assert line["event"] == "run_ended"
    assert (line["seconds"], line["outcome"], line["run_id"]) == (1.5, "finished", RUN)
    assert "tokens" not in line
    assert line["level"] == "WARNING"


def test_keys_and_what_libraries_quote_are_left_out_as_in_text() -> None:
    assert KEY not in json.dumps(line_of("refused: %s", KEY))
    line = line_of("Unknown packet: %s", "what a browser sent", name="engineio.server")
    assert "browser" not in line["message"]


def test_an_exception_is_named() -> None:
    error: BaseException = KeyError("what a browser sent")
    with contextlib.suppress(KeyError):
        raise error
    line = line_of("It failed", exc_info=(KeyError, error, error.__traceback__))
    assert line["error"] == "KeyError"
    assert "KeyError [" in line["message"]
    assert "browser" not in line["message"]


async def test_lines_of_a_task_tell_what_it_is_about_and_no_others_do() -> None:
    async def works() -> dict[str, Any]:
        about(thread_id=THREAD)
        return await asyncio.create_task(inside())

    async def inside() -> dict[str, Any]:
        return line_of("it works")

    assert (await asyncio.create_task(works()))["thread_id"] == THREAD
    assert "thread_id" not in line_of("beside it")


class Written(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(record.getMessage()))


def test_more_events_are_written_than_other_lines_and_what_is_left_out_is_told() -> None:
    written = Written()
    lines = Lines(written, pause=1_000_000, as_json=True)
    for _ in range(BURST * OF_EVENTS + 3):
        logged = logging.LogRecord("chat_app", 20, __file__, 1, "run", (), None)
        logged.__dict__.update(event("run_ended"))
        lines.handle(logged)
        lines.handle(logging.LogRecord("chat_app", 20, __file__, 2, "flood", (), None))
    lines.close()
    events = [line for line in written.lines if line.get("event") == "run_ended"]
    assert len(events) == BURST * OF_EVENTS
    assert len([line for line in written.lines if line["message"] == "flood"]) == BURST
    assert "3 more lines of this kind were left out" in [line["message"] for line in written.lines]
