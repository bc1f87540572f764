"""The timeline of a run, as the Timeline tab draws it and the Graph tab counts it.

The shapes are those of `chat_app.timeline.rows`. What a run was started with is asked of the agent
server once, and so is the list of runs, as long as none begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.client import LangGraphError, NotFoundError
from chat_app.config import settings
from chat_app.routes.inspect.events import head_of, record_of
from chat_app.timeline.rows import details, rows
from chat_app.timeline.sent_request import body_of, safe
from chat_app.timeline.snippets import Variable

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.routes.inspect.access import Asked
    from chat_app.runs.inspector.recording import RunRecord


async def changed(asked: Asked) -> Any:
    """``?after&of&run``: what has changed since a version `after` of the run `of`.

    Everything, where the run is another one now. Without a ``run`` it is the newest one that is
    recorded. ``runs`` are those that are, the newest first.
    """
    after, since = asked.number("after"), asked.word("of")
    record, recorder = record_of(asked), asked.recorder
    if record is None or recorder is None:
        return {"version": 0, "run": None, "whole": True, "rows": [], "runs": []}
    if since and since != record.run_id:
        after = 0
    answer = rows(record.timeline, settings().prices, after=after)
    answer["run"] |= {"id": record.run_id, **await _started_with(asked, record)}
    answer["runs"] = [head_of(one) for one in recorder.listed]
    told = {"cut": record.is_cut, "empty": record.is_empty, "stored": record.is_stored}
    return answer | told


async def whole(asked: Asked) -> Any:
    """``/{span}?run``: all that was kept of one span."""
    record = record_of(asked)
    span = asked.request.path_params["span"]
    found = details(record.timeline, span, settings().prices) if record else None
    if found is None:
        raise NotFoundError("no such span")
    return found


async def _started_with(asked: Asked, record: RunRecord) -> Json:
    """The metadata and the config of the run, without what may be a secret."""
    if record.started_with is None:
        try:
            run = await asked.client.runs.get(asked.thread_id, record.run_id)
        except LangGraphError:
            return {}
        config = body_of(run).get("config")
        given = {"metadata": safe(run.get("metadata")), "config": config}
        record.started_with = {name: _shown(value) for name, value in given.items()}
    return record.started_with


def _shown(value: Any) -> Any:
    """`value` with the names of the variables that stand for secrets."""
    match value:
        case Variable(name):
            return f"${name}"
        case dict():
            return {name: _shown(inner) for name, inner in value.items()}
        case list():
            return [_shown(inner) for inner in value]
    return value
