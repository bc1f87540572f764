"""Ten thousand odd packets and a thousand odd requests: nothing comes out, and nothing breaks."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chat_app.client import get_client
from tests.benchmarks.page import Page, Profile
from tests.benchmarks.wire import NAMESPACE, login_at
from tests.helpers.app import running_app
from tests.helpers.waiting import until
from tests.security.fuzzing import Fuzzer
from tests.security.raw import SOCKET, hydrate, memory

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.helpers.app import RunningApp

PACKETS, REQUESTS, ATTACKERS = 10_000, 1_000, 12
KEPT_SEEDS = (20261130,)
"""Those that have found something, to be tried again."""
CANARY = "every 0.00314159"
"""Part of the question in the thread that is attacked; the assistant `slow` understands it."""
GROWTH = 120.0
"""Megabytes: the states of the attackers' tabs are kept for a while."""
_ALL_TAKEN_WITHIN = 120.0
"""Seconds: there is a rate for packets."""
_ANSWERED_WITHIN = 3.0
"""Seconds in which what was sent last has its effect."""
MOST_LOGGED = 3_000_000


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, langgraph_server: str) -> Generator[RunningApp]:
    with running_app(
        tmp_path_factory.mktemp("app"),
        LANGGRAPH_API_URL=langgraph_server,
        CHAT_ASSISTANT="slow",
        CHAT_DAILY_MESSAGES="20",
        CHAT_RUNS_PER_PERSON="1",
    ) as running:
        yield running


class Attacker:
    """Sends what is drawn, with a socket of its own, and reads all that comes."""

    def __init__(self, app: RunningApp, login: str, fuzzer: Fuzzer) -> None:
        self.received = 0
        self.leaks: list[str] = []
        self.refused = 0
        self._is_taken = asyncio.Event()
        self._app = app
        self._login = login
        self._fuzzer = fuzzer

    async def send(self, count: int) -> None:
        left = count
        while left > 0:
            try:
                async with connect(
                    self._app.url.replace("http", "ws", 1) + SOCKET,
                    additional_headers={"Cookie": self._login},
                    compression=None,
                    max_size=None,
                    proxy=None,
                ) as socket:
                    reading = asyncio.ensure_future(self._read(socket))
                    packet = {"token": str(uuid4()), "event": hydrate()}
                    await socket.send(f"40{NAMESPACE}{json.dumps(packet)}")
                    with suppress(ConnectionClosed):
                        while left > 0:
                            await socket.send(self._fuzzer.packet())
                            left -= 1
                        await socket.send(f'42{NAMESPACE}["ping"]')
                        taken = asyncio.ensure_future(self._is_taken.wait())
                        ends = {taken, reading}  # an odd packet may have closed the socket
                        async with asyncio.timeout(_ALL_TAKEN_WITHIN):
                            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                        taken.cancel()
                        await asyncio.wait({reading}, timeout=_ANSWERED_WITHIN)
                    reading.cancel()
            except InvalidStatus:
                self.refused += 1
                await asyncio.sleep(0.5)  # there is a rate for handshakes

    async def _read(self, socket: Any) -> None:
        with suppress(ConnectionClosed):
            async for text in socket:
                self.received += len(text)
                if "pong" in text:
                    self._is_taken.set()
                if text == "2":
                    await socket.send("3")
                elif CANARY in text:
                    self.leaks.append(text[:500])


async def at_server(url: str, thread_id: str) -> str:
    """A thread as the server has it, with its runs."""
    async with get_client(url=url) as client:
        thread = await client.threads.get(thread_id)
        return json.dumps([thread, await client.runs.list(thread_id)], sort_keys=True)


async def odd_requests(app: RunningApp, dice: Random, login: str, ids: list[str]) -> list[str]:
    """Answers that say too much, or that something broke."""
    found = []
    paths = ["/_attachments", "/_media/", "/_event/", "/t/", "/_login", "/", "/sign-in", "/_upload"]
    headers = ["x-chat-tab", "x-chat-thread", "x-file-name", "range", "content-length", "accept"]
    async with httpx.AsyncClient(base_url=app.url, trust_env=False, timeout=30) as client:
        for _ in range(REQUESTS):
            odd = "".join(dice.choices("a9-_.=%/\\\x7f é", k=dice.choice([0, 2, 30, 2000])))
            path = dice.choice(paths) + dice.choice(["", quote(odd), dice.choice(ids)])
            sent = {dice.choice(headers): quote(odd) for _ in range(2)}
            if dice.random() < 0.8:
                sent["cookie"] = login
            method = dice.choice(["GET", "GET", "POST", "HEAD", "PUT", "OPTIONS", "DELETE", "X"])
            sent.pop("content-length", None)
            body = odd.encode() if method in {"POST", "PUT"} else None
            answer = await client.request(method, path, headers=sent, content=body)
            if answer.status_code >= 500 or CANARY in answer.text:
                found.append(f"{method} {path[:80]} {sent}: {answer.status_code}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*KEPT_SEEDS, None])
async def test_odd_packets_and_requests_neither_read_nor_change_nor_break_anything(
    app: RunningApp, langgraph_server: str, seed: int | None
) -> None:
    seed = seed or int(os.environ.get("FUZZ_SEED", "0")) or secrets.randbits(32)
    sys.stderr.write(f"FUZZ_SEED={seed}\n")  # shown where the test fails
    dice = Random(seed)  # noqa: S311 - to be repeated
    victim = Page(app.url, "/", Profile())
    await victim.load()
    await victim.submit(f"3 {CANARY}")
    await until(lambda: victim.thread_id and not victim.running and len(victim.rows) > 1)
    before, was = await at_server(langgraph_server, victim.thread_id), memory(app)

    logins = [await login_at(app.url) for _ in range(ATTACKERS // 3)]
    ids = [victim.thread_id, victim.thread_id.upper(), victim.thread_id.replace("-", "")]
    attackers = [
        Attacker(app, logins[n % len(logins)], Fuzzer(dice, ids)) for n in range(ATTACKERS)
    ]
    share = PACKETS // 2 // ATTACKERS
    async with asyncio.timeout(300):
        *_, odd = await asyncio.gather(
            *(one.send(share) for one in attackers), odd_requests(app, dice, logins[0], ids)
        )

    assert not [leak for one in attackers for leak in one.leaks]
    assert all(one.received for one in attackers)
    assert not odd
    assert await at_server(langgraph_server, victim.thread_id) == before
    await victim.submit("2 every 0.01")
    await until(lambda: "word1" in victim.rows[-1][2] or "word1" in victim.rows[-2][2])
    await victim.close()
    log = app.log.read_text(errors="replace")
    assert "Traceback" not in log
    assert len(log) < MOST_LOGGED
    assert memory(app) - was < GROWTH
