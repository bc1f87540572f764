"""The starts and ends of the runs of one thread, without their output."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_app.client.sse import read_events

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.client.http import Http


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A run began to execute or, where it `is_over`, ended. Without a `run_id`: nothing yet."""

    run_id: str
    is_over: bool


async def read_lifecycle(
    http: Http, thread_id: str, *, silence: float
) -> AsyncGenerator[Lifecycle, None]:
    """The stream ``/threads/{thread_id}/stream``: see `Threads.lifecycle`.

    Each event is a ``metadata``: ``{run_id, attempt}`` when a run begins to execute, and again when
    it is repeated, ``{status: "run_done", run_id}`` at its end. It does not end by itself.
    """
    path = ("threads", thread_id, "stream")
    params = {"stream_modes": "lifecycle"}
    async with http.stream("GET", *path, params=params, silence=silence) as response:
        yield Lifecycle("", is_over=False)
        async with aclosing(read_events(response)) as events:
            async for event in events:
                about = event.data
                if event.event == "metadata" and isinstance(about, dict) and about.get("run_id"):
                    yield Lifecycle(str(about["run_id"]), is_over=about.get("status") == "run_done")
