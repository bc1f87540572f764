"""What a chat needs of a way of streaming, asked of the protocol in use and of the newer one."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chat_app.client import ConflictError, RunEnd, Updates, Values
from chat_app.client.events import Custom, MessageDelta
from chat_app.client.modes import FOR_A_CHAT
from chat_app.client.sse import read_events
from tests.helpers.event_protocol import ALL, OVER, EventThread, delta_of, ends, streamed
from tests.helpers.streaming_graphs import ASIDE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from chat_app.client import Event, LangGraphClient

Json = dict[str, Any]
_PATIENCE = 3.0
"""Seconds in which a stream tells how a run ended, if it ever does."""


@dataclass(frozen=True)
class Servers:
    """One server, by both ways."""

    client: LangGraphClient
    http: httpx.AsyncClient

    async def old(self, graph: str, words: str = "hi", **options: Any) -> list[Event]:
        """The events of a run in a new thread."""
        return await self.run_old(await self.new_thread(), graph, words, **options)

    async def run_old(
        self, thread_id: str, graph: str, words: str = "hi", **options: Any
    ) -> list[Event]:
        options = {**FOR_A_CHAT, "input": said(words), **options}
        return [event async for event in self.client.runs.stream(thread_id, graph, **options)]

    async def raw(self, thread_id: str, graph: str, words: str = "hi") -> list[Event]:
        """What the server itself sends of such a run."""
        modes = ["messages-tuple", "values", "updates", "custom"]
        body = {"assistant_id": graph, "input": said(words), "stream_mode": modes}
        body |= {"stream_subgraphs": True, "stream_resumable": True}
        return await _read(self.http, "POST", f"/threads/{thread_id}/runs/stream", json=body)

    async def new(self, graph: str, words: str = "hi", **params: Any) -> list[Json]:
        """The same by the newer protocol, all channels."""
        thread = EventThread(self.http, await self.new_thread())
        run_id = await thread.start(graph, input=said(words), **params)
        return await thread.run(run_id, channels=ALL)

    async def new_thread(self) -> str:
        thread = await self.client.threads.create()
        return thread["thread_id"]


def said(words: str) -> Json:
    return {"messages": [{"type": "human", "content": words, "id": str(uuid4())}]}


async def custom_events(servers: Servers) -> tuple[bool, bool]:
    old, new = await servers.old("tells"), await servers.new("tells")
    return any(isinstance(event, Custom) for event in old), _has(new, "custom")


async def updates(servers: Servers) -> tuple[bool, bool]:
    old, new = await servers.old("tells"), await servers.new("tells")
    return any(isinstance(event, Updates) for event in old), _has(new, "updates")


async def tasks_and_checkpoints(servers: Servers) -> tuple[bool, bool]:
    old = await servers.old("tells", stream_mode=["tasks", "checkpoints"])
    new = await servers.new("tells")
    names = {event.event for event in old}
    return {"tasks", "checkpoints"} <= names, _has(new, "tasks") and _has(new, "checkpoints")


async def node_and_tags_of_a_token(servers: Servers) -> tuple[bool, bool]:
    """By which words that are not for the reader are told apart."""
    old, new = await servers.old("tells"), await servers.new("tells")
    aside = [e for e in old if isinstance(e, MessageDelta) and ASIDE in str(e.message)]
    about = [e["params"] for e in new if e["method"] == "messages"]
    assert aside
    assert ASIDE in "".join(streamed(new))
    by_the_new = any("tags" in str(params) or "node" in str(params) for params in about)
    return all(e.metadata.get("tags") and e.metadata["langgraph_node"] for e in aside), by_the_new


async def two_models_at_once(servers: Servers) -> tuple[bool, bool]:
    """Whether the tokens of each can be told from those of the other."""
    wanted = {"".join(f"{name}{n} " for n in range(12)) for name in ("left", "right")}
    texts: dict[str, str] = {}
    for event in await servers.old("duet"):
        if isinstance(event, MessageDelta) and event.message["type"] == "AIMessageChunk":
            about = event.message
            texts[about["id"]] = texts.get(about["id"], "") + str(about["content"])
    return {*texts.values()} == wanted, {*streamed(await servers.new("duet"))} == wanted


async def use_of_tokens(servers: Servers) -> tuple[bool, bool]:
    """In the state, where an answer stands that was not streamed."""
    old = [event.values for event in await servers.old("tells") if isinstance(event, Values)]
    new = [e["params"]["data"] for e in await servers.new("tells") if e["method"] == "values"]
    return "usage_metadata" in old[-1]["messages"][-1], "usage_metadata" in new[-1]["messages"][-1]


async def context_of_a_run(servers: Servers) -> tuple[bool, bool]:
    context = {"mood": "calm"}
    old = await servers.old("tells", context=context)
    new = await servers.new("tells", context=context)
    return "Mood: calm" in str(old), "Mood: calm" in str(new)


async def breakpoints(servers: Servers) -> tuple[bool, bool]:
    """Whether a run can be told to stop before a node."""
    old = await servers.old("tells", interrupt_before=["tell"])
    new = await servers.new("tells", interrupt_before=["tell"], interruptBefore=["tell"])
    return "Mood" not in str(old), "Mood" not in str(new)


async def refusal_by_status(servers: Servers) -> tuple[bool, bool]:
    """Whether a busy thread refuses a run by more than a sentence."""
    thread_id = await servers.new_thread()
    running = await servers.client.runs.create(thread_id, "stamped", input=said("200 every 0.05"))
    try:
        await servers.run_old(thread_id, "stamped", "1", multitask_strategy="reject")
        old = False
    except ConflictError:
        old = True
    answer = await EventThread(servers.http, thread_id).command(
        "run.start", assistant_id="stamped", input=said("1"), multitaskStrategy="reject"
    )
    await servers.client.runs.cancel(thread_id, running["run_id"])
    return old, answer.get("error") not in (None, "unknown_error")


async def run_of_an_answer(servers: Servers) -> tuple[bool, bool]:
    """Whether the answer to a question says which run takes it up."""
    thread_id, told = await servers.new_thread(), []
    await servers.run_old(thread_id, "asks")
    resume: Any = {"input": None, "command": {"resume": "yes"}, "on_run_created": told.append}
    await servers.run_old(thread_id, "asks", **resume)
    thread = EventThread(servers.http, await servers.new_thread())
    asked = await thread.run(await thread.start("asks", input=said("hi")))
    question = next(e for e in asked if e["method"] == "input.requested")["params"]["data"]
    answer = await thread.command(
        "input.respond", namespace=[], interrupt_id=question["interrupt_id"], response="yes"
    )
    assert answer["type"] == "success", answer
    return bool(told and told[0]["run_id"]), "run_id" in answer["result"]


async def message_beside_a_question(servers: Servers) -> tuple[bool, bool]:
    """Whether a message to a thread that asks something is a message, and not the answer."""
    found = []
    for is_new in (False, True):
        thread_id = await servers.new_thread()
        await servers.run_old(thread_id, "asks")
        if is_new:
            thread = EventThread(servers.http, thread_id)
            await thread.run(await thread.start("asks", input=said("And another thing")))
        else:
            await servers.run_old(thread_id, "asks", "And another thing")
        state = await servers.client.threads.get_state(thread_id)
        kinds = [(m["type"], str(m["content"])) for m in state["values"]["messages"]]
        found.append(("human", "And another thing") in kinds)
    return found[0], found[1]


async def saved_as_before(servers: Servers) -> tuple[bool, bool]:
    """Whether the thread holds an answer in the form that its model gave it."""
    forms = []
    for is_new in (False, True):
        thread_id = await servers.new_thread()
        if is_new:
            thread = EventThread(servers.http, thread_id)
            await thread.run(await thread.start("stamped", input=said("3")))
        else:
            await servers.run_old(thread_id, "stamped", "3")
        state = await servers.client.threads.get_state(thread_id)
        forms.append(isinstance(state["values"]["messages"][-1]["content"], str))
    return forms[0], forms[1]


async def end_of_a_removed_run(servers: Servers) -> tuple[bool, bool]:
    """Whether the stream tells that a run was rolled back."""
    thread_id = await servers.new_thread()
    rolling_back: list[asyncio.Task[None]] = []
    old = False
    options: Any = {**FOR_A_CHAT, "input": said("200 every 0.05")}
    async with aclosing(servers.client.runs.stream(thread_id, "stamped", **options)) as events:
        async for event in events:
            if isinstance(event, MessageDelta) and not rolling_back:
                run_id = event.metadata["run_id"]
                rolling_back.append(asyncio.create_task(_roll_back(servers, thread_id, run_id)))
            old = old or isinstance(event, RunEnd)
    thread = EventThread(servers.http, await servers.new_thread())
    return old, await _ends_when_rolled_back(servers, thread)


async def _ends_when_rolled_back(servers: Servers, thread: EventThread) -> bool:
    run_id = await thread.start("stamped", input=said("200 every 0.05"))
    async with aclosing(thread.events()) as events:
        async for event in events:
            if delta_of(event):
                break
        await _roll_back(servers, thread.thread_id, run_id)
        try:
            async with asyncio.timeout(_PATIENCE):
                async for event in events:
                    if ends(event, run_id):
                        return True
        except TimeoutError:
            pass
    return False


async def _roll_back(servers: Servers, thread_id: str, run_id: str) -> None:
    await servers.client.runs.cancel(thread_id, run_id, action="rollback", wait=True)


async def place_after_runs_were_dropped(servers: Servers) -> tuple[bool, bool]:
    """Whether a reader comes back to its place when the server has dropped an earlier run.

    A server in production drops the events of a run two minutes after its end.
    """
    client, thread_id = servers.client, await servers.new_thread()
    first = await servers.run_old(thread_id, "stamped", "50")
    second = await servers.run_old(thread_id, "stamped", "60")
    await client.runs.delete(thread_id, _run_of(first))
    again = client.runs.join_stream(thread_id, _run_of(second), last_event_id="-1")
    old = [event.data async for event in again if isinstance(event, MessageDelta)]
    is_whole = old == [event.data for event in second if isinstance(event, MessageDelta)]
    return is_whole, await _comes_back(servers)


async def _comes_back(servers: Servers) -> bool:
    thread = EventThread(servers.http, await servers.new_thread())
    first = await thread.start("stamped", input=said("50"))
    place = (await thread.run(first))[-1]["seq"]
    second = await thread.start("stamped", input=said("60"))
    heard = await thread.run(second)
    assert heard[-1]["seq"] > place
    await servers.client.runs.delete(thread.thread_id, first)
    rest: list[Json] = []
    try:
        async with asyncio.timeout(_PATIENCE), aclosing(thread.events(since=place)) as events:
            async for event in events:
                rest.append(event)
                if ends(event, second):
                    break
    except TimeoutError:
        pass
    return "".join(map(delta_of, rest)) == "".join(map(delta_of, heard))


async def end_by_the_stream(servers: Servers) -> tuple[bool, bool]:
    """Whether the stream itself tells that a run is over, and not only its closing."""
    raw = await servers.raw(await servers.new_thread(), "stamped", "3")
    return raw[-1].event == "end", _is_over(await servers.new("stamped", "3"))


async def ids_of_their_own(servers: Servers) -> tuple[bool, bool]:
    """Whether no two events have one id."""
    raw = await servers.raw(await servers.new_thread(), "stamped", "300")
    new = await servers.new("stamped", "300")
    ids, new_ids = {event.id for event in raw}, {event["event_id"] for event in new}
    return len(ids) == len(raw), len(new_ids) == len(new)


async def failure_told_again(servers: Servers) -> tuple[bool, bool]:
    """Whether one who comes later hears from the stream why a run failed."""
    thread_id = await servers.new_thread()
    raw = await servers.raw(thread_id, "fails")
    assert raw[-1].event == "error"
    path = f"/threads/{thread_id}/runs/{raw[0].data['run_id']}/stream"
    again = await _read(servers.http, "GET", path, headers={"last-event-id": "-1"})
    thread = EventThread(servers.http, await servers.new_thread())
    run_id = await thread.start("fails", input=said("hi"))
    await thread.run(run_id)
    ended = (await thread.run(run_id))[-1]["params"]["data"]
    return again[-1].event == "error", bool(ended.get("error"))


async def cause_of_a_subgraph(servers: Servers) -> tuple[bool, bool]:
    """Whether a subgraph says which call of a tool it belongs to, when it begins."""
    raw = await servers.raw(await servers.new_thread(), "delegates")
    new = await servers.new("delegates")
    causes = [e["params"]["data"].get("cause") for e in new if e["method"] == "lifecycle"]
    return any(e.event.startswith("lifecycle") for e in raw), any(causes)


def _run_of(events: list[Event]) -> str:
    return next(event.run_id for event in events if isinstance(event, RunEnd))


def _is_over(events: list[Json]) -> bool:
    return events[-1]["method"] == "lifecycle" and events[-1]["params"]["data"]["event"] in OVER


async def _read(http: httpx.AsyncClient, method: str, path: str, **request: Any) -> list[Event]:
    async with http.stream(method, path, **request) as response:
        return [event async for event in read_events(response)]


def _has(events: list[Json], method: str) -> bool:
    return any(event["method"] == method for event in events)


FEATURES: dict[str, Callable[[Servers], Awaitable[tuple[bool, bool]]]] = {
    "custom events of nodes and tools": custom_events,
    "updates of nodes": updates,
    "tasks and checkpoints": tasks_and_checkpoints,
    "node and tags of a token": node_and_tags_of_a_token,
    "two models that write at once": two_models_at_once,
    "use of tokens in the state": use_of_tokens,
    "context of a run": context_of_a_run,
    "breakpoints": breakpoints,
    "a busy thread refuses by a status": refusal_by_status,
    "an answer to a question names its run": run_of_an_answer,
    "a message beside an open question": message_beside_a_question,
    "answers are saved as the model gave them": saved_as_before,
    "the end of a run that was rolled back": end_of_a_removed_run,
    "the place in a stream whose start was dropped": place_after_runs_were_dropped,
    "the end of a run is told by the stream": end_by_the_stream,
    "no two events have one id": ids_of_their_own,
    "a failure is told again to a later reader": failure_told_again,
    "a subgraph names the call that it belongs to": cause_of_a_subgraph,
}
"""Each tells of the protocol in use, then of the newer one, whether it has the thing."""
