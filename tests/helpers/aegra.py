"""A server with the ways of Aegra 0.11, as seen there, and a real one behind it.

It refuses `select` in a search for threads, takes `wait` as a number only, knows no rollback, tells
a run without metadata and with its input beside the other fields, puts an owner of its own into the
metadata of threads, and ignores multitask strategies. What lies behind it does queue: that two runs
of one thread were asked for at the same time is noted in `collisions`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.helpers.gateway import Asked, Gateway, Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.helpers.gateway import Sent

_CANCEL = re.compile(r"/threads/[^/]+/runs/[^/]+/cancel")
_UNKNOWN_ROUTES = re.compile(r"/ok|/threads/[^/]+/stream|/threads/[^/]+/copy|/runs/batch")


class Aegra(Gateway):
    """Made for `listening`."""

    name = "Aegra"
    """What it calls itself; empty: it does not say."""
    refuses_to_cancel = False

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.collisions: list[str] = []
        self._going: dict[str, str] = {}

    async def request(self, asked: Asked) -> None:
        if _UNKNOWN_ROUTES.fullmatch(asked.path):
            raise Refusal(404, "Not Found")
        if asked.path == "/threads/count":
            raise Refusal(405, "Method Not Allowed")
        if _CANCEL.fullmatch(asked.path):
            self._check_cancel(asked)
        if not isinstance(asked.body, dict):
            return
        if asked.path == "/threads/search" and asked.body.get("select") is not None:
            reason = "Value error, select is not supported by this server"
            raise Refusal(422, [{"type": "value_error", "loc": ["body", "select"], "msg": reason}])
        if asked.path == "/threads" and asked.method == "POST":
            asked.body["metadata"] = (asked.body.get("metadata") or {}) | {"owner": "anonymous"}
        if asked.starts_run:
            await self._check_start(asked)

    async def answer(self, asked: Asked, body: Any) -> Any:
        if asked.path == "/info":
            name = {"name": self.name} if self.name else {}
            return {"version": "0.11.0", "flags": {"assistants": True, "crons": True}} | name
        if isinstance(body, list):
            return [_run(row) for row in body]
        return _run(body)

    async def events(self, asked: Asked, sent: AsyncIterator[Sent]) -> AsyncIterator[Sent]:
        async for event in sent:
            yield event

    def _check_cancel(self, asked: Asked) -> None:
        if self.refuses_to_cancel:
            raise Refusal(403, "Runs of this thread cannot be cancelled")
        if asked.query.get("wait", ["0"])[0] not in {"0", "1"}:
            where, reason = ["query", "wait"], "Input should be a valid integer"
            raise Refusal(422, [{"type": "int_parsing", "loc": where, "msg": reason}])
        if asked.query.get("action", ["cancel"])[0] not in {"cancel", "interrupt"}:
            where, reason = ["query", "action"], "Input should be 'cancel' or 'interrupt'"
            raise Refusal(422, [{"type": "literal_error", "loc": where, "msg": reason}])

    async def _check_start(self, asked: Asked) -> None:
        if not any(asked.body.get(key) for key in ("input", "command", "checkpoint")) and (
            not asked.body.get("checkpoint_id")
        ):
            reason = "Value error, Must specify at least one of 'input', 'command', or 'checkpoint'"
            raise Refusal(422, [{"type": "value_error", "loc": ["body"], "msg": reason}])
        thread_id = asked.path.split("/")[2]
        runs = await self._client.get(f"/threads/{thread_id}/runs")
        if any(run["status"] in {"pending", "running"} for run in runs.json()):
            self.collisions.append(thread_id)
        asked.body.pop("multitask_strategy", None)


def _run(row: Any) -> Any:
    """A run as it is told there; one that waits executes."""
    if not isinstance(row, dict) or "run_id" not in row:
        return row
    kept = {k: v for k, v in row.items() if k not in {"metadata", "kwargs", "multitask_strategy"}}
    status = "running" if row["status"] == "pending" else row["status"]
    return kept | {"input": (row.get("kwargs") or {}).get("input"), "status": status}
