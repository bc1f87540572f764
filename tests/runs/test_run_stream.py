"""Watching runs of a real `langgraph dev`; by script only what that server never does."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.client import (
    Event,
    LangGraphClient,
    LangGraphError,
    UnreachableError,
    get_client,
)
from chat_app.client.events import decode
from chat_app.client.modes import FOR_A_CHAT
from chat_app.runs import run_stream as watching
from chat_app.runs.run_stream import RunStream
from chat_app.transcript.fold import load
from chat_app.transcript.message import Message, Role, Text, Transcript
from tests.helpers import events as ev
from tests.helpers.scripted import Body, Script, event, opened
from tests.helpers.server import QUICK
from tests.helpers.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chat_app.client.schema import ChatOptions
    from tests.helpers.long_answer import LongAnswer

NOT_RESUMABLE: ChatOptions = {**FOR_A_CHAT, "stream_resumable": False}


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server, retry=QUICK) as client:
        yield client


@pytest.fixture
async def thread_id(client: LangGraphClient) -> str:
    return (await client.threads.create())["thread_id"]


def question(words: str) -> tuple[Message, dict[str, object]]:
    asked = Message(str(uuid4()), Role.HUMAN, (Text(words),))
    return asked, {"messages": [{"type": "human", "content": words, "id": asked.id}]}


def starting(watch: RunStream, assistant: str, words: str):
    asked, sent = question(words)
    return watch.start(assistant, input=sent, pending=asked)


def texts(transcript: Transcript) -> list[str]:
    return [
        "".join(part.text for part in message.parts if isinstance(part, Text))
        for message in transcript.messages
    ]


def counted(words: int) -> str:
    return "".join(f"word{n} " for n in range(words))


async def saved(client: LangGraphClient, thread_id: str) -> Transcript:
    return load(await client.threads.get_state(thread_id))


async def is_interrupted(client: LangGraphClient, watch: RunStream) -> bool:
    run = await client.runs.get(watch.thread_id, watch.run_id)
    return run["status"] == "interrupted"


async def test_the_question_is_there_before_the_server_has_answered(
    client: LangGraphClient, thread_id: str
) -> None:
    watch = RunStream(client, thread_id, Transcript())
    async with aclosing(starting(watch, "slow", "1")) as views:
        first = await anext(views)
        assert (texts(first), first.running) == (["1"], True)
        assert not watch.accepted
        async for _ in views:
            pass
    assert watch.accepted


async def test_an_answer_grows_and_ends_as_the_server_keeps_it(
    client: LangGraphClient, thread_id: str
) -> None:
    watch = RunStream(client, thread_id, Transcript())
    views = [view async for view in starting(watch, "slow", "150")]
    lengths = [len(texts(view)[-1]) for view in views if len(view.messages) == 2]
    assert lengths == sorted(lengths)
    assert len(set(lengths)) > 3
    assert not views[-1].running
    assert views[-1].messages == (await saved(client, thread_id)).messages


async def test_a_run_that_is_cancelled_ends_its_stream_with_what_it_wrote(
    client: LangGraphClient, thread_id: str
) -> None:
    watch, view, is_cancelled = RunStream(client, thread_id, Transcript()), Transcript(), False
    async for view in starting(watch, "slow", "2000"):
        if not is_cancelled and "word3 " in texts(view)[-1]:
            is_cancelled = True
            await client.runs.cancel(thread_id, watch.run_id)
    assert not view.running
    assert view.failure is None
    assert watch.was_stopped(view)
    assert watch.over.is_set()
    assert "word3 " in texts(view)[-1]
    await until(lambda: is_interrupted(client, watch))


async def test_a_stream_that_is_closed_ends_as_that_of_a_stopped_run() -> None:
    thread_id, run_id = str(uuid4()), str(uuid4())
    chunk = {"type": "AIMessageChunk", "id": "a1", "content": "Half an ans"}
    body = Body(
        [event("metadata", {"run_id": run_id}).encode(), event("messages", [chunk, {}]).encode()],
        hangs=True,
    )
    script = Script()
    script.on("POST", f"/threads/{thread_id}/runs/stream", opened(body))
    async with script.client() as client:
        watch, view = RunStream(client, thread_id, Transcript()), Transcript()
        async with asyncio.timeout(PATIENCE):
            async for view in starting(watch, "agent", "hello"):
                if len(view.messages) == 2 and view.running:
                    watch.close()
    assert texts(view) == ["hello", "Half an ans"]
    assert watch.was_stopped(view)
    assert body.closed


async def test_who_looks_away_leaves_the_run_going(client: LangGraphClient, thread_id: str) -> None:
    watch = RunStream(client, thread_id, Transcript())
    async with aclosing(starting(watch, "slow", "80")) as views:
        async for view in views:
            if len(view.messages) == 2:
                break
    async with asyncio.timeout(PATIENCE):
        await client._http.get("threads", thread_id, "runs", watch.run_id, "join")
    assert texts(await saved(client, thread_id)) == ["80", counted(80)]


async def test_a_run_started_elsewhere_is_seen_from_its_first_word_and_not_twice(
    client: LangGraphClient, thread_id: str
) -> None:
    elsewhere = RunStream(client, thread_id, Transcript())
    async with aclosing(starting(elsewhere, "slow", "120")) as views:
        async for view in views:
            if "word5 " in texts(view)[-1]:
                break
    here = RunStream(client, thread_id, await saved(client, thread_id))
    seen = [view async for view in here.join(elsewhere.run_id)]
    assert texts(seen[-1]) == ["120", counted(120)]
    assert all(counted(120).startswith(texts(view)[1]) for view in seen if len(view.messages) > 1)
    assert seen[-1].messages == (await saved(client, thread_id)).messages


async def test_joining_a_run_whose_beginning_is_gone_ends_with_the_whole_answer(
    client: LangGraphClient, thread_id: str
) -> None:
    _, sent = question("60")
    run = await client.runs.create(thread_id, "slow", input=sent, **NOT_RESUMABLE)
    await until(lambda: has_begun(client, thread_id))
    here = RunStream(client, thread_id, await saved(client, thread_id))
    view = [view async for view in here.join(run["run_id"])][-1]
    assert texts(view) == ["60", counted(60)]


async def test_the_question_of_a_run_whose_beginning_is_gone_is_read_from_the_thread(
    client: LangGraphClient, thread_id: str, long_answer: LongAnswer
) -> None:
    _, sent = question(long_answer.question)
    before = await saved(client, thread_id)
    run = await client.runs.create(thread_id, "slow", input=sent, **NOT_RESUMABLE)
    await until(lambda: has_begun(client, thread_id))
    written: list[list[str]] = []
    async for view in RunStream(client, thread_id, before).join(run["run_id"]):
        if len(view.messages) > 1:
            assert view.running or written, "the first look is into the middle"
            written.append(texts(view))
            long_answer.end()
    assert {first for first, *_ in written} == {long_answer.question}
    assert written[-1] == texts(await saved(client, thread_id))
    assert written[-1][1].startswith("word0 ")


async def has_begun(client: LangGraphClient, thread_id: str) -> bool:
    return bool((await saved(client, thread_id)).messages)


@pytest.mark.parametrize(
    ("event", "waits"),
    [
        (ev.chunk("word"), True),
        (ev.chunk(tool_call_chunks=[ev.call_chunk('{"city"')]), True),
        (ev.partial(ev.ai("word")), True),
        (ev.custom(1), True),
        (decode("values|child:1", {"messages": []}), True),
        (ev.chunk(tool_call_chunks=[ev.call_chunk(id="c1", name="weather")]), False),
        (ev.message(ev.tool("18")), False),
        (ev.values(ev.ai("word")), False),
        (ev.interrupt({"id": "i1", "value": "ok?"}), False),
        (ev.error(), False),
        (ev.end(), False),
    ],
)
def test_text_waits_for_more_of_it_and_what_a_person_acts_on_does_not(
    event: Event, waits: bool
) -> None:
    assert watching._is_structural(event) is not waits


async def test_a_second_question_keeps_what_was_there(
    client: LangGraphClient, thread_id: str
) -> None:
    first = [
        view async for view in starting(RunStream(client, thread_id, Transcript()), "slow", "2")
    ]
    again = RunStream(client, thread_id, first[-1])
    views = [view async for view in starting(again, "slow", "3")]
    assert texts(views[0]) == ["2", counted(2), "3"]
    assert texts(views[-1]) == ["2", counted(2), "3", counted(3)]


async def test_a_run_that_fails_keeps_what_it_wrote(
    client: LangGraphClient, thread_id: str
) -> None:
    watch = RunStream(client, thread_id, Transcript())
    view = [view async for view in starting(watch, "fails", "go on")][-1]
    assert not view.running
    assert view.failure
    assert "broke off" in view.failure.message
    assert texts(view) == ["go on", "It is "]


async def test_without_input_the_run_goes_on_from_where_the_thread_stands(
    client: LangGraphClient, thread_id: str
) -> None:
    [view async for view in starting(RunStream(client, thread_id, Transcript()), "fails", "go on")]
    again = RunStream(client, thread_id, await saved(client, thread_id))
    view = [view async for view in again.start("fails", input=None)][-1]
    assert texts(view) == ["go on", "It is "]


async def test_an_unknown_assistant_is_an_error_and_nothing_was_accepted(
    client: LangGraphClient, thread_id: str
) -> None:
    watch = RunStream(client, thread_id, Transcript())
    with pytest.raises(LangGraphError, match="nobody"):
        [view async for view in starting(watch, "nobody", "hello")]
    assert not watch.accepted


async def test_an_unreachable_server_is_an_error_and_nothing_was_accepted() -> None:
    async with get_client(url="http://127.0.0.1:9") as client:
        watch = RunStream(client, str(uuid4()), Transcript())
        with pytest.raises(UnreachableError):
            [view async for view in starting(watch, "agent", "hello")]
    assert not watch.accepted


async def test_joining_a_run_that_ended_meanwhile_shows_its_answer(
    client: LangGraphClient, thread_id: str
) -> None:
    asked, sent = question("6")
    run = await client.runs.create(thread_id, "slow", input=sent, **NOT_RESUMABLE)
    await until(lambda: is_over(client, thread_id))
    here = RunStream(client, thread_id, Transcript((asked,)))
    view = [view async for view in here.join(run["run_id"])][-1]
    assert texts(view) == ["6", counted(6)]


async def is_over(client: LangGraphClient, thread_id: str) -> bool:
    return (await client.threads.get(thread_id))["status"] == "idle"
