"""Any stream mode alone shows a conversation: on a real server, its end is what a reload shows."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import uuid4

import pytest

from chat_app.client import NotFoundError, get_client
from chat_app.runs.reading import read_thread
from chat_app.runs.run_stream import RunStream
from chat_app.runs.save_partial import save_failed
from chat_app.runs.subgraph_state import read_inside
from chat_app.transcript.message import Message, Role, Text, ToolCall, Transcript, Widget
from chat_app.transcript.record import agents_of
from chat_app.transcript.shapes import shape_of
from tests.helpers.chat import Chat, runs_a_tool
from tests.helpers.folding import of_the_state
from tests.helpers.gateway import listening
from tests.helpers.server import QUICK
from tests.helpers.server_2024 import Server2024

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import ChatMode
    from chat_app.transcript.message import SubAgent

ALL: list[ChatMode] = ["chat"]
ALONE: list[list[ChatMode]] = [
    *(["values"], ["updates"], ["messages"]),
    *(["custom"], ["tasks"], ["checkpoints"], ["debug"], ["events"]),
]
TURNS = {
    "agent": ["whats the weather in la", "thanks"],
    "works": ["Rivers", "change it"],
    "delegates": ["go"],
    "hands_over": ["go"],
    "forgets": ["1", "2", "3", "4", "5"],
    "titled": ["A title"],
    "consults": ["words"],
    "pauses": ["go"],
    "employs": ["send_email"],
    "counted": ["5"],
}
"""What is said to which graph."""


def anonymous(transcript: Transcript) -> Transcript:
    """Without what differs from run to run."""

    def part_of(part: Any) -> Any:
        if not isinstance(part, ToolCall):
            return part
        result = part.result and replace(part.result, message_id="")
        return replace(part, id="", result=result)

    messages = tuple(
        replace(
            m,
            id="",
            parts=tuple(map(part_of, m.parts)),
            usage=None,
            asides=tuple(replace(a, id="") if isinstance(a, Widget) else a for a in m.asides),
        )
        for m in transcript.messages
    )
    interrupts = tuple(replace(one, id="", schema=None) for one in transcript.interrupts)
    return replace(transcript, messages=messages, interrupts=interrupts, run_id="")


def comparable(transcript: Transcript) -> Transcript:
    """What of a transcript a state tells."""
    files = tuple(replace(file, before=None) for file in transcript.files)
    return replace(of_the_state(transcript), run_id="", files=files)


class Talked(NamedTuple):
    """What is shown live at the end of a conversation, and after a reload."""

    live: Transcript
    reloaded: Transcript
    thread_id: str


async def talk(
    client: LangGraphClient, graph: str, turns: list[str], modes: list[ChatMode]
) -> Talked:
    """Have a conversation."""
    thread_id = (await client.threads.create())["thread_id"]
    shape = shape_of(await client.assistants.get_schemas(await _assistant(client, graph)))
    seen = Transcript(shape=shape)
    for words in turns:
        asked = Message(str(uuid4()), Role.HUMAN, (Text(words),))
        given = {"messages": [{"type": "human", "content": words, "id": asked.id}]}
        stream = RunStream(client, thread_id, seen)
        async for view in stream.start(graph, input=given, pending=asked, chat_modes=modes):
            seen = view
    if seen.failure:
        failure = await save_failed(client, thread_id, seen, seen.failure)
        seen = replace(seen, failure=failure)
    thread = cast("dict[str, Any]", await client.threads.get(thread_id))
    reloaded = await read_thread(client, thread_id, shape, thread=thread, is_whole=True)
    return Talked(seen, reloaded, thread_id)


async def _assistant(client: LangGraphClient, graph: str) -> str:
    found = await client.assistants.search(graph_id=graph)
    return found[0]["assistant_id"]


@pytest.mark.parametrize("graph", TURNS)
async def test_each_mode_alone_ends_as_all_together_and_as_a_reload(
    client: LangGraphClient, graph: str
) -> None:
    told = await asyncio.gather(
        *(talk(client, graph, TURNS[graph], modes) for modes in (ALL, *ALONE))
    )
    (all_live, all_reloaded, _), *alone = told
    for modes, (live, reloaded, _) in zip(ALONE, alone, strict=True):
        assert not live.running
        assert anonymous(reloaded) == anonymous(all_reloaded), modes
        assert comparable(live) == comparable(reloaded), modes
        assert anonymous(comparable(live)) == anonymous(comparable(all_live)), modes


@pytest.mark.parametrize("graph", ["works", "delegates"])
async def test_agents_inside_end_as_they_are_read_later_in_each_mode_alone(
    client: LangGraphClient, graph: str
) -> None:
    turns = TURNS[graph][:1]
    for talked in await asyncio.gather(*(talk(client, graph, turns, modes) for modes in ALONE[:3])):
        read = 0
        for agent in inside(talked.live):
            assert agent.transcript
            with suppress(NotFoundError):  # the model of a tool, which has no state
                saved = await read_inside(client, talked.thread_id, agent.namespace)
                assert said(agent.transcript) == said(saved)
                read += 1
        assert read == 2


def inside(transcript: Transcript) -> Iterator[SubAgent]:
    for message in transcript.messages:
        for agent in agents_of(message):
            yield agent
            yield from inside(agent.transcript) if agent.transcript else ()


def said(transcript: Transcript) -> list[tuple[Role, list[str]]]:
    return [
        (message.role, [part.text for part in message.parts if isinstance(part, Text)])
        for message in transcript.messages
    ]


@pytest.mark.parametrize("graph", ["agent", "works", "delegates", "consults", "pauses"])
async def test_each_mode_alone_is_enough_on_a_server_of_2024(
    langgraph_server: str, client: LangGraphClient, graph: str
) -> None:
    turns = TURNS[graph]
    with listening(Server2024(langgraph_server)) as url:
        async with get_client(url=url, retry=QUICK) as old:
            (now, *_), *alone = await asyncio.gather(
                talk(client, graph, turns, ALL),
                *(talk(old, graph, turns, modes) for modes in ALONE[:3]),
            )
    for modes, (live, reloaded, _) in zip(ALONE, alone, strict=False):
        assert comparable(live) == comparable(reloaded), modes
        assert anonymous(comparable(live)) == anonymous(comparable(now)), modes


@pytest.mark.parametrize("mode", ["values", "updates", "messages"])
async def test_a_tool_is_seen_and_its_stop_is_saved_in_each_mode_alone(
    client: LangGraphClient, mode: ChatMode
) -> None:
    thread_id = (await client.threads.create(graph_id="toils"))["thread_id"]
    chat = Chat(client, thread_id, "toils")
    await chat.ask("whats the weather in la", until=runs_a_tool, chat_modes=[mode])
    state = await client.threads.get_state(thread_id)
    *_, result = state["values"]["messages"]
    assert (result["type"], result["status"]) == ("tool", "error")
    assert "Stopped" in result["content"]
    assert (await chat.saved()).messages[0] == chat.seen.messages[0]
    await chat.ask("and now", chat_modes=[mode])
    assert chat.seen.messages == (await chat.saved()).messages


@pytest.mark.parametrize("graph", ["fails", "stumbles"])
async def test_a_run_that_fails_says_so_in_each_mode_alone(
    client: LangGraphClient, graph: str
) -> None:
    told = await asyncio.gather(*(talk(client, graph, ["go"], modes) for modes in (ALL, *ALONE)))
    (all_live, *_), *alone = told
    for modes, (live, reloaded, _) in zip(ALONE, alone, strict=True):
        assert comparable(live) == comparable(reloaded), modes
        assert live.failure
        assert all_live.failure
        assert live.failure.message == all_live.failure.message
        half_written = anonymous(live).messages == anonymous(all_live).messages
        assert half_written is (modes == ["messages"]), "only tokens tell what was half written"
