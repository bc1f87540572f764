"""The events of a run, as the Streams tab lists them.

What is recorded is in the memory of the app. Older events of a long run are read from the agent
server once more where it keeps them: with ``again``, or where one of them is asked for.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from chat_app.client import LangGraphError, NotFoundError
from chat_app.routes.inspect.access import HEADERS, Asked, WrongRequestError
from chat_app.timeline.listing import Page, Wanted, as_json, page_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.runs.inspector.recording import Recorder, RunRecord
    from chat_app.timeline.listing import Row
    from chat_app.timeline.record import Recorded

MOST_ROWS = 1_000
"""In one answer."""
_LINES = 2**17
"""Bytes of a download that are sent at once."""


def record_of(asked: Asked) -> RunRecord | None:
    """What is recorded of the run that is asked for, or of the newest one; begins to read it.

    None where the thread has had no run.

    Raises:
        WrongRequestError: no run can have that id.
    """
    recorder, run_id = asked.recorder, asked.run()
    if recorder is None:
        return None
    if not run_id:
        newest = recorder.newest
        run_id = newest.run_id if newest else asked.session.newest_run
    if not run_id or run_id in recorder.runs:
        return recorder.runs.get(run_id)
    return recorder.read(run_id) if recorder.is_watched else None


def head_of(record: RunRecord) -> Any:
    """What a choice of runs shows of one."""
    timeline = record.timeline
    return {"id": record.run_id, "state": timeline.state.value, "start": timeline.start}


async def listed(asked: Asked) -> Any:
    """``?run&of&after&most&mode&node&search``: rows of events with higher numbers, oldest first.

    ``next`` is where the next page begins, ``first`` the number of the oldest event that is kept.
    With ``again`` the rows are of what is not kept any more. Without a ``run`` it is the newest; if
    that is not the run ``of`` any more, its rows begin with its first event.
    """
    wanted = Wanted(asked.word("mode"), asked.word("node"), asked.word("search"))
    after, most = asked.number("after"), min(asked.number("most", MOST_ROWS), MOST_ROWS)
    record, recorder = record_of(asked), asked.recorder
    if record is None or recorder is None:
        return {"run": "", "runs": [], "rows": [], "next": 0, "last": 0, "first": 1}
    if (known := asked.word("of")) and known != record.run_id:
        after = 0
    if asked.word("again"):
        page = await _page_again(recorder, record, wanted, after, most)
    else:
        items = record.ring.after(after)
        page = page_of(items, wanted, after=max(after, record.ring.dropped), most=most)
    return {
        "run": record.run_id,
        "runs": [head_of(one) for one in recorder.listed],
        "rows": [tuple(row) for row in page.rows],
        "next": page.next,
        "last": record.ring.last,
        "first": record.ring.dropped + 1,
        "counts": record.counts,
        "nodes": list(record.nodes),
        "over": record.is_over,
        "cut": record.is_cut,
        "empty": record.is_empty,
        "stored": record.is_stored,
    }


async def whole(asked: Asked) -> Any:
    """``/{number}?run``: the data of one event as JSON, as it came."""
    record, recorder = record_of(asked), asked.recorder
    number = asked.number("number")
    if record is None or recorder is None:
        raise NotFoundError("no such run")
    item = record.ring.get(number)
    if item is None or (not item.is_whole and not record.is_stored):
        item = await _one_again(recorder, record, number)
    body = await asyncio.to_thread(as_json, item.data)
    return Response(body, headers=HEADERS, media_type="application/json")


async def download(asked: Asked) -> Response:
    """``?run&mode&node&search``: a line of JSON for each event, from the first on."""
    wanted = Wanted(asked.word("mode"), asked.word("node"), asked.word("search"))
    record, recorder = record_of(asked), asked.recorder
    if record is None or recorder is None:
        raise NotFoundError("no such run")
    name = quote(f"{record.run_id}{'-' if wanted.mode else ''}{wanted.mode}.jsonl", safe="")
    return StreamingResponse(
        _lines(recorder, record, wanted),
        headers=HEADERS | {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        media_type="application/x-ndjson",
    )


async def _lines(recorder: Recorder, record: RunRecord, wanted: Wanted) -> AsyncGenerator[bytes]:
    lines, size = [], 0
    async with aclosing(_all_of(recorder, record)) as items:
        async for item in items:
            if not wanted.has(item):
                continue
            lines.append(_line(item))
            size += len(lines[-1])
            if size > _LINES:
                yield b"".join(lines)
                lines, size = [], 0
                await asyncio.sleep(0)
    yield b"".join(lines)


async def _all_of(recorder: Recorder, record: RunRecord) -> AsyncGenerator[Recorded]:
    """All events: those that are not kept from the server, or without them where it cannot."""
    kept = record.ring.after(0)
    begins = kept[0].number if kept else 0
    if begins > 1:
        try:
            async with _again(recorder, record) as items:
                async for item in items:
                    if item.number >= begins:
                        break
                    yield item
        except LangGraphError:
            pass  # the numbers in the file tell that the beginning is missing
    for item in kept:
        yield item


def _line(item: Recorded) -> bytes:
    told = {
        "number": item.number,
        "time": item.at,
        "event": item.event,
        "mode": item.mode,
        "namespace": item.namespace,
        "size": item.size,
        "data": item.data,
    }
    return as_json(told) + b"\n"


@asynccontextmanager
async def _again(recorder: Recorder, record: RunRecord) -> AsyncGenerator[AsyncGenerator[Recorded]]:
    async with recorder.reading, aclosing(recorder.replayed(record.run_id)) as items:
        yield items


async def _page_again(
    recorder: Recorder, record: RunRecord, wanted: Wanted, after: int, most: int
) -> Page:
    """A page of the events that are not kept any more, each looked at as it comes."""
    rows: list[Row] = []
    if after >= record.ring.dropped:
        return Page(rows, after)
    async with _again(recorder, record) as items:
        async for item in items:
            if item.number > record.ring.dropped or len(rows) >= most:
                break
            found, after = page_of([item], wanted, after=after, most=1)
            rows += found
    return Page(rows, after)


async def _one_again(recorder: Recorder, record: RunRecord, number: int) -> Recorded:
    """Raises a `WrongRequestError` for an event that there is not yet."""
    if not 0 < number <= record.ring.last:
        raise WrongRequestError("number")
    async with _again(recorder, record) as items:
        async for item in items:
            if item.number == number:
                return item
    raise NotFoundError("no such event")
