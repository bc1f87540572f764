"""A log line as a JSON object, for programs: ``CHAT_LOG=json``.

==================== ==========================================================================
field                is
==================== ==========================================================================
``time``             when, in UTC, with milliseconds
``level``            ``INFO``, ``WARNING``, ``ERROR``, ``CRITICAL``
``logger``           the part of the app, or the library
``process``          the id of the process
``message``          the words of the text log
``event``            where something is told of that is counted or searched for: a name such as
                     ``run_ended``, with fields of its own beside it
``thread_id``        where the line is about a thread
``run_id``           where it is about a run
``error``            the class of the exception, where there is one
``trace_id``         where traces are made
==================== ==========================================================================

Fields are numbers and words of this code; nothing that a person or a model wrote is among them.
"""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Mapping

    Field = str | int | float | bool | None

_ID = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b"
_IDS = {"thread_id": re.compile(rf"\bthread {_ID}"), "run_id": re.compile(rf"\brun {_ID}")}
"""How the words of a line name what they are about."""
_OWN = ("time", "level", "logger", "process", "message", "event", "error", *_IDS)

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - not changed
trace_id: Callable[[], str] = str
"""The id of the trace that is being made; set where traces are."""


def about(**ids: str) -> None:
    """Have the lines of this task tell these ids, and those of tasks that it makes from here on."""
    _about.set({**_about.get(), **ids})


def event(name: str, **fields: Field) -> dict[str, Any]:
    """What makes a line an event: ``log.info("run %s: ...", run, extra=event("run_ended"))``.

    Args:
        name: a word of the code.
        fields: numbers, and words of the code; None leaves one out.
    """
    known = {field: value for field, value in fields.items() if value is not None}
    return {"event": name, "fields": known}


def is_event(record: logging.LogRecord) -> bool:
    """Whether a record was made with `event`."""
    return hasattr(record, "event")


def encoded(record: logging.LogRecord, words: str) -> str:
    """One line of JSON.

    Args:
        record: of the standard library; of its message and its arguments nothing is used.
        words: what it says, cut and without keys.
    """
    when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    line: dict[str, Any] = {
        "time": when.replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "process": record.process,
        "message": words,
    }
    if is_event(record):
        line["event"] = record.__dict__["event"]
        fields = record.__dict__.get("fields", {})
        line |= {name: value for name, value in fields.items() if name not in _OWN}
    line |= _about.get()
    for name, pattern in _IDS.items():
        if found := pattern.search(words):
            line[name] = found[1]
    if record.exc_info and record.exc_info[0]:
        line["error"] = record.exc_info[0].__name__
    if trace := trace_id():
        line["trace_id"] = trace
    return json.dumps(line, ensure_ascii=False, default=str)
