"""A run heard through a network that breaks, from a real server: nothing lost, nothing doubled."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from chat_app.client import (
    LangGraphClient,
    MessageDelta,
    Outcome,
    RetryPolicy,
    RunEnd,
    get_client,
)
from chat_app.client.modes import FOR_A_CHAT
from chat_app.transcript.fold import Fold, fold, load, start
from chat_app.transcript.message import Transcript
from tests.helpers.faults import FaultyProxy, faulty_proxy
from tests.helpers.folding import texts
from tests.helpers.server import serve
from tests.helpers.waiting import until

HOLDS_ON = RetryPolicy(pauses=(0.05, 0.1, 0.2))
WORDS = 60


@pytest.fixture
def proxy(langgraph_server: str) -> Iterator[FaultyProxy]:
    with faulty_proxy(langgraph_server) as proxy:
        yield proxy


@pytest.fixture
async def client(proxy: FaultyProxy) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=proxy.url, retry=HOLDS_ON) as client:
        yield client


class Reader:
    """One who reads a run of ``slow`` as it comes, and to whom `happens` what a test wants.

    `happens` maps a number of tokens to what is done to the network when so many were read.
    """

    def __init__(self, client: LangGraphClient, happens: dict[int, Callable[[], object]]) -> None:
        self.client = client
        self.happens = happens
        self.told: list[str] = []
        self.shown: list[str] = []
        self.tokens = 0
        self.fold: Fold = start(Transcript())

    async def read(self, question: str = f"{WORDS} every 0.02") -> None:
        self.thread = (await self.client.threads.create())["thread_id"]
        asked = {"messages": [{"role": "user", "content": question}]}
        async with asyncio.timeout(120):
            async for event in self.client.runs.stream(
                self.thread, "slow", input=asked, **FOR_A_CHAT
            ):
                self.told.append(event.event)
                self.fold = fold(self.fold, event)
                self.shown.append("".join(texts(self.fold.transcript)[1:]))
                if isinstance(event, MessageDelta):
                    self.tokens += 1
                    await asyncio.to_thread(self.happens.pop(self.tokens, lambda: None))
                if isinstance(event, RunEnd):
                    assert event.outcome is Outcome.FINISHED

    async def judge(self) -> None:
        """It all happened, and all was read, once, and as the server has it."""
        assert not self.happens
        answer = "".join(f"word{n} " for n in range(WORDS))
        assert self.shown[-1] == answer
        assert all(answer.startswith(shown) for shown in self.shown)
        state = await self.client.threads.get_state(self.thread)
        assert self.fold.transcript.messages == load(state).messages


async def test_a_cut_in_the_middle_of_the_answer(client: LangGraphClient, proxy: FaultyProxy):
    reader = Reader(client, {5: proxy.cut, 6: proxy.cut, 30: proxy.cut})
    await reader.read()
    await reader.judge()
    assert "reconnecting" in reader.told
    assert reader.tokens == WORDS + 1, "each token came once, and the last piece, which is empty"


async def test_a_server_that_refuses_for_a_while(client: LangGraphClient, proxy: FaultyProxy):
    loop = asyncio.get_running_loop()

    def refuse() -> None:
        proxy.refuse()
        loop.call_soon_threadsafe(loop.call_later, 0.4, proxy.accept)

    reader = Reader(client, {10: refuse})
    await reader.read()
    await reader.judge()


async def test_a_run_that_ends_during_a_cut(
    client: LangGraphClient, proxy: FaultyProxy, langgraph_server: str
):
    async def refuse_until_it_is_over() -> None:
        await asyncio.to_thread(proxy.refuse)
        async with get_client(url=langgraph_server) as direct:
            await until(lambda: direct.runs.list(reader.thread, status="success"))
        proxy.accept()

    loop = asyncio.get_running_loop()
    run = asyncio.run_coroutine_threadsafe
    reader = Reader(client, {10: lambda: run(refuse_until_it_is_over(), loop)})
    await reader.read()
    await reader.judge()


async def test_a_connection_that_falls_silent(proxy: FaultyProxy):
    async def stall_until_it_is_noticed() -> None:
        proxy.stall()
        await until(lambda: "reconnecting" in reader.told)
        proxy.flow()

    loop = asyncio.get_running_loop()
    run = asyncio.run_coroutine_threadsafe
    async with get_client(url=proxy.url, retry=replace(HOLDS_ON, silence=2)) as client:
        reader = Reader(client, {10: lambda: run(stall_until_it_is_noticed(), loop)})
        await reader.read()
        await reader.judge()


@pytest.mark.parametrize("size", [1, 97])
async def test_bytes_that_come_in_small_pieces(
    client: LangGraphClient, proxy: FaultyProxy, size: int
):
    reader = Reader(client, {1: lambda: proxy.split(size), 20: proxy.cut})
    await reader.read()
    await reader.judge()


async def test_a_proxy_that_ends_whatever_is_long(client: LangGraphClient, proxy: FaultyProxy):
    # Not from the beginning: a connection is not long that makes a thread or starts a run.
    reader = Reader(client, {1: lambda: (proxy.close_after(0.4), proxy.cut())})
    await reader.read(f"{WORDS} every 0.05")
    proxy.heal()
    await reader.judge()
    assert reader.told.count("reconnected") > 1


async def test_a_proxy_that_cuts_after_so_many_bytes(client: LangGraphClient, proxy: FaultyProxy):
    proxy.cut_after(12_345)
    reader = Reader(client, {})
    await reader.read()
    await reader.judge()
    assert "reconnected" in reader.told


async def test_a_proxy_that_holds_everything_back(client: LangGraphClient, proxy: FaultyProxy):
    reader = Reader(client, {10: lambda: (proxy.cut(), proxy.buffer(on=True))})
    await reader.read()
    await reader.judge()


@pytest.mark.slow
async def test_a_server_that_is_restarted_begins_the_answer_again(tmp_path: Path):
    with ExitStack() as servers:
        first = servers.enter_context(serve(tmp_path, remembers=True))
        proxy = servers.enter_context(faulty_proxy(first.url))

        def restart() -> None:
            first.stop()
            proxy.point_at(servers.enter_context(serve(tmp_path, remembers=True)).url)

        policy = RetryPolicy(pauses=(0.05, 0.1, 0.5))
        async with get_client(url=proxy.url, retry=policy) as client:
            reader = Reader(client, {10: restart})
            await reader.read()
            await reader.judge()
    assert "" in reader.shown[10:], "what the first server had said is void"


async def test_a_start_whose_answer_is_lost_is_followed(
    client: LangGraphClient, proxy: FaultyProxy, langgraph_server: str
):
    thread = (await client.threads.create())["thread_id"]
    asked = {"messages": [{"role": "user", "content": "20 every 0.02"}]}
    stream = client.runs.stream(
        thread, "slow", input=asked, metadata={"chat_message": "m1"}, **FOR_A_CHAT
    )
    proxy.buffer(on=True)
    begun = asyncio.ensure_future(anext(stream))
    async with get_client(url=langgraph_server) as direct:
        await until(lambda: direct.runs.list(thread))
    proxy.buffer(on=False)
    proxy.cut()
    events = [await begun] + [event async for event in stream]
    assert isinstance(events[-1], RunEnd)
    assert events[-1].outcome is Outcome.FINISHED
    said = [e.message["content"] for e in events if isinstance(e, MessageDelta)]
    assert "".join(said) == "".join(f"word{n} " for n in range(20))
    assert len(await client.runs.list(thread)) == 1
