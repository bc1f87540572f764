"""The newer protocol of LangGraph's servers, as far as comparing it with the one in use needs.

``POST /threads/{id}/commands`` starts runs; ``POST /threads/{id}/stream/events`` is a stream of all
runs of the thread, without an end. Why the app does not use it: see `tests/benchmarks/README.md`.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from chat_app.client.sse import read_events

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator

    import httpx

Json = dict[str, Any]

FOR_A_CHAT = ("messages", "values", "updates", "custom", "lifecycle", "input")
"""The channels that hold what a chat asks for by stream modes today, and the ends of runs."""
ALL = (*FOR_A_CHAT, "tasks", "checkpoints", "tools")
OVER = ("completed", "failed", "interrupted")


class EventThread:
    """One thread, by the newer protocol. `http` has the server's address as its base."""

    def __init__(self, http: httpx.AsyncClient, thread_id: str) -> None:
        self.thread_id = thread_id
        self._http = http
        self._path = f"/threads/{thread_id}"

    async def command(self, method: str, **params: Any) -> Json:
        """The answer as it came: status 200 also for a refusal, whose `type` is ``error``."""
        body = {"id": 1, "method": method, "params": params}
        response = await self._http.post(f"{self._path}/commands", json=body)
        response.raise_for_status()
        return response.json()

    async def start(self, assistant_id: str, **params: Any) -> str:
        """Start a run and return its id."""
        answer = await self.command("run.start", assistant_id=assistant_id, **params)
        return answer["result"]["run_id"]

    async def events(
        self,
        *,
        channels: tuple[str, ...] = FOR_A_CHAT,
        since: int | None = None,
        stands: asyncio.Event | None = None,
    ) -> AsyncGenerator[Json, None]:
        """The envelopes, of all runs that the server still has, from the first on; endless.

        `since` leaves out those up to that place; `stands` is set once the stream is open.

        Raises:
            httpx.TransportError: the stream broke off.
        """
        body: Json = {"channels": channels} | ({} if since is None else {"since": since})
        async with self._http.stream("POST", f"{self._path}/stream/events", json=body) as response:
            response.raise_for_status()
            if stands:
                stands.set()
            async with aclosing(read_events(response)) as events:
                async for event in events:
                    if isinstance(event.data, dict):
                        yield event.data

    async def run(self, run_id: str, **chosen: Any) -> list[Json]:
        """The envelopes from the beginning of one run to its end."""
        heard: list[Json] = []
        async with aclosing(self.events(**chosen)) as events:
            async for event in events:
                if heard or begins(event, run_id):
                    heard.append(event)
                if heard and ends(event, run_id):
                    return heard
        return heard


def begins(event: Json, run_id: str) -> bool:
    """Whether the run begins. Only the ids of events that the server makes up name a run."""
    return event["event_id"].startswith(f"synth:{run_id}:") and _root_lifecycle(event) == "running"


def ends(event: Json, run_id: str) -> bool:
    return event["event_id"].startswith(f"synth:{run_id}:") and _root_lifecycle(event) in OVER


def _root_lifecycle(event: Json) -> str:
    is_root = event["method"] == "lifecycle" and not event["params"]["namespace"]
    return event["params"]["data"]["event"] if is_root else ""


def delta_of(event: Json) -> str:
    """The text that an event adds to the answer; empty where it adds none."""
    data = event["params"]["data"]
    if event["method"] != "messages" or data.get("event") != "content-block-delta":
        return ""
    return data.get("delta", {}).get("text", "")


def streamed(events: list[Json]) -> list[str]:
    """The texts of the messages, put together by all there is to tell them apart.

    A delta names no message: it belongs to the one of its namespace that began last.
    """
    texts: list[str] = []
    open_in: dict[tuple[str, ...], int] = {}
    for event in events:
        if event["method"] != "messages":
            continue
        namespace = tuple(event["params"]["namespace"])
        if event["params"]["data"]["event"] == "message-start":
            open_in[namespace] = len(texts)
            texts.append("")
        elif namespace in open_in:
            texts[open_in[namespace]] += delta_of(event)
    return texts
