"""A server of 2024, as the how-to of that year has it, with the graphs of a real one behind it.

It knows the stream modes ``values``, ``messages``, ``updates``, ``events`` and ``debug``; it names
an event ``data`` where one mode was asked for, ends a stream with ``end``, and gives events no ids.
It tells a run's id in the stream alone. Fields, routes and values that came later are unknown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.helpers.gateway import Asked, Gateway, Refusal, Sent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MODES = ("values", "messages", "updates", "events", "debug")
_LATER_ROUTES = re.compile(
    r"/info|/(threads|assistants|runs/crons)/count|/threads/[^/]+/stream|/runs/cancel|/store/.*"
)
_LATER_FIELDS = {
    *("stream_subgraphs", "stream_resumable", "durability", "context"),
    *("select", "extract", "sort_by", "sort_order", "ids"),
}
_ASSISTANT = ("assistant_id", "graph_id", "config", "created_at", "updated_at", "metadata")
_THREAD = ("thread_id", "created_at", "updated_at", "metadata", "status", "values")


class Server2024(Gateway):
    """Made for `listening`."""

    hidden_headers = frozenset({"location", "content-location"})

    async def request(self, asked: Asked) -> None:
        if _LATER_ROUTES.fullmatch(asked.path):
            raise Refusal(404, "Not Found")
        asked.headers.pop("last-event-id", None)
        for field in _LATER_FIELDS:
            asked.query.pop(field, None)
        if isinstance(asked.body, dict):
            if asked.starts_run:
                _check_modes(asked.body)
            asked.body = {k: v for k, v in asked.body.items() if k not in _LATER_FIELDS}

    async def answer(self, asked: Asked, body: Any) -> Any:
        if asked.path.endswith("/state") and isinstance(body, dict) and "tasks" in body:
            tasks = [_task(task) for task in body["tasks"]]
            return {k: v for k, v in body.items() if k != "interrupts"} | {"tasks": tasks}
        if asked.path.endswith("/history") and isinstance(body, list):
            return [{k: v for k, v in state.items() if k != "interrupts"} for state in body]
        if isinstance(body, list):
            return [_row(row) for row in body]
        return _row(body) if isinstance(body, dict) else body

    async def events(self, asked: Asked, sent: AsyncIterator[Sent]) -> AsyncIterator[Sent]:
        asked_for = (asked.body or {}).get("stream_mode")
        modes = [asked_for] if isinstance(asked_for, str) else asked_for or []
        async for event in sent:
            data, name = event.data, event.event
            if name == "metadata":
                data = {"run_id": data["run_id"]}
            elif name in ("values", "updates") and modes == [name]:
                name = "data"
            if event.event == "values" and isinstance(data, dict):
                data = {k: v for k, v in data.items() if k != "__interrupt__"}
            elif event.event == "updates" and isinstance(data, dict) and "__interrupt__" in data:
                data = {"__interrupt__": _without_ids(data["__interrupt__"])}
            yield Sent(name, data)
        yield Sent("end", None)


def _check_modes(body: dict[str, Any]) -> None:
    """Refuse modes that are not known, in the words of pydantic.

    Raises:
        Refusal: at least one is not.
    """
    modes = body.get("stream_mode") or []
    *others, last = (f"'{known}'" for known in MODES)
    expected = f"Input should be {', '.join(others)} or {last}"
    wrong = [
        {"loc": ["body", "stream_mode", "list[literal]", place], "msg": expected}
        for place, mode in enumerate([modes] if isinstance(modes, str) else modes)
        if mode not in MODES
    ]
    if wrong:
        raise Refusal(422, wrong)


def _row(row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    if "graph_id" in row and "config" in row and "run_id" not in row:
        return {name: row[name] for name in _ASSISTANT if name in row}
    if "thread_id" in row and "run_id" not in row:
        return {name: row[name] for name in _THREAD if name in row}
    return row


def _task(task: dict[str, Any]) -> dict[str, Any]:
    """A task whose interrupts have no id."""
    return task | {"interrupts": _without_ids(task.get("interrupts") or [])}


def _without_ids(interrupts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"value": each["value"], "when": "during", "resumable": True, "ns": None}
        for each in interrupts
    ]
