"""Several processes on one port: how they share it, end, are replaced, and leave nothing behind."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import websockets

from chat_app.config import Settings
from scripts.workers import Supervisor, contradictions
from tests.helpers.app import all_ended, processes_marked, running_app
from tests.helpers.ports import free_port
from tests.helpers.raw_page import cookie_of, raw_page
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.helpers.app import RunningApp

WORKERS = 3
PATIENCE = 120.0
"""Seconds for what starts processes, on a busy machine."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app with several processes and its own demo agent; a test that ends it comes last."""
    folder = tmp_path_factory.mktemp("workers")
    with running_app(folder, CHAT_WORKERS=str(WORKERS)) as app:
        yield app


def worker_pids(app: RunningApp) -> set[int]:
    """The workers that run now."""
    return {pid for pid in processes_marked(app.mark) if "scripts.worker\0" in command_of(pid)}


def command_of(pid: int) -> str:
    """What `ps` shows of a process; empty where it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def listening(app: RunningApp) -> set[int]:
    """The workers that take connections now."""
    port = int(app.url.rpartition(":")[2])
    return {pid for pid in worker_pids(app) if sockets(pid, port, state="0A")}


def sockets(pid: int, port: int, *, state: str = "01") -> int:
    """How many sockets a process has at a port, by default the connected ones."""
    try:
        lines = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
        held = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:  # ended meanwhile
        return 0
    rows = [line.split() for line in lines]
    ours = [row for row in rows if row[3] == state and int(row[1].rpartition(":")[2], 16) == port]
    return sum(f"socket:[{row[9]}]" in held for row in ours)


async def all_serve(app: RunningApp) -> set[int]:
    """Wait until as many workers take connections as are wanted; returns them."""
    await until(lambda: len(listening(app)) == WORKERS, patience=PATIENCE)
    return listening(app)


def logged(app: RunningApp) -> str:
    return (app.log.parent / "data/logs/app.log").read_text()


async def test_connections_are_spread_over_the_processes(app: RunningApp) -> None:
    port = int(app.url.rpartition(":")[2])
    pids = await all_serve(app)
    async with AsyncExitStack() as stack:
        for _ in range(90):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
        await until(lambda: sum(sockets(pid, port) for pid in pids) >= 90)
        assert min(sockets(pid, port) for pid in pids) > 5


async def test_the_agent_is_one_and_its_key_is_in_no_command_line(app: RunningApp) -> None:
    agent = await asyncio.to_thread(app.agent)
    commands = [command_of(pid) for pid in processes_marked(app.mark)]
    servers = [line for line in commands if "langgraph_cli" in line and "supervisor" not in line]
    assert len(servers) == 1
    assert agent.headers
    assert not [key for key in agent.headers.values() if any(key in line for line in commands)]


async def test_a_process_that_dies_is_replaced_and_the_others_serve_meanwhile(
    app: RunningApp,
) -> None:
    before = await all_serve(app)
    os.kill(dead := min(before), signal.SIGKILL)
    await until(lambda: dead not in worker_pids(app))
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        # Refused while the system takes note of the death, and never after it.
        await until(lambda: _is_logged(app, "has ended"))
        for _ in range(10):
            assert (await client.get(f"{app.url}/ping", headers={"Connection": "close"})).is_success
    after = await all_serve(app)
    assert len(after - before) == 1
    assert before - after == {dead}


async def test_a_scrape_of_any_process_tells_of_those_that_live(app: RunningApp) -> None:
    """After one has died in the test before."""
    await all_serve(app)

    async def tells_of_all() -> bool:
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
            told = (await client.get(f"{app.url}/metrics")).text
        found = re.findall(r'^chat_memory_bytes{pid="(\d+)"} \d', told, re.MULTILINE)
        return {int(pid) for pid in found} == worker_pids(app)

    await until(tells_of_all, patience=PATIENCE)


def _is_logged(app: RunningApp, words: str) -> bool:
    return words in logged(app)


async def test_a_rolling_restart_moves_open_pages_and_loses_no_request(app: RunningApp) -> None:
    before = await all_serve(app)
    cookie = await cookie_of(app.url)
    statuses: list[object] = []
    async with AsyncExitStack() as stack:
        pages = []
        for _ in range(6):
            pages.append(page := await stack.enter_async_context(raw_page(app.url, cookie)))
            await page.until("40/_event", patience=PATIENCE)
        asking = asyncio.create_task(_ask_all_the_time(app.url, statuses))
        os.kill(app.process.pid, signal.SIGHUP)
        for page in pages:
            await page.until('"drain"', patience=PATIENCE)
            await page.socket.close()
            async with raw_page(app.url, cookie) as again:
                await again.until("40/_event", patience=PATIENCE)
        await until(lambda: _is_logged(app, "Rolling restart: done"), patience=PATIENCE)
        asking.cancel()
    assert len(statuses) > 10
    assert set(statuses) == {200}
    after = await all_serve(app)
    assert not after & before


async def test_there_is_no_rolling_restart_with_sources_that_the_page_is_not_made_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chosen = Settings.model_validate(
        {"host": "127.0.0.1", "port": free_port(), "data_dir": str(tmp_path)}
    )
    made_of = "first"
    supervisor = Supervisor(chosen, lambda: made_of)
    made_of = "second"
    restarting = asyncio.create_task(supervisor._restart_when_asked())
    supervisor._hang_up()
    await until(lambda: "sources have changed" in caplog.text)
    restarting.cancel()
    supervisor._reserved.close()


async def test_a_scrape_of_one_process_tells_of_all(app: RunningApp) -> None:
    await all_serve(app)
    cookie = await cookie_of(app.url)
    async with AsyncExitStack() as stack:
        for _ in range(5):
            page = await stack.enter_async_context(raw_page(app.url, cookie))
            await page.until("40/_event", patience=PATIENCE)
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:

            async def all_are_counted() -> bool:
                told = (await client.get(f"{app.url}/metrics")).text
                return "\nchat_open_tabs 5.0\n" in told

            await until(all_are_counted)


async def _ask_all_the_time(url: str, statuses: list[object]) -> None:
    """Ask by one new connection after the other, and note how that went."""
    while True:
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
            try:
                statuses.append((await client.get(f"{url}/ping")).status_code)
            except httpx.HTTPError as failure:
                statuses.append(repr(failure))


async def test_on_sigterm_all_ends_soon_though_a_page_does_not_reconnect(app: RunningApp) -> None:
    await all_serve(app)
    cookie = await cookie_of(app.url)
    async with raw_page(app.url, cookie) as page:
        await page.until("40/_event", patience=PATIENCE)
        app.process.send_signal(signal.SIGTERM)
        await page.until('"drain"', patience=PATIENCE)
        with pytest.raises(websockets.ConnectionClosed):
            await page.until("never said", patience=PATIENCE)
    assert await asyncio.to_thread(app.process.wait, 30) == 0
    all_ended(app)


def test_workers_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    settings = {"CHAT_WORKERS": "2", "LANGGRAPH_API_URL": "http://127.0.0.1:9"}
    with running_app(tmp_path, **settings) as app:
        app.process.kill()
        app.process.wait(30)
        all_ended(app)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, []),
        ({"workers": 64}, ["CHAT_WORKERS=64", "CHAT_SOCKETS_PER_ADDRESS=100"]),
        ({"workers": 64, "redis_url": "redis://redis.test"}, ["CHAT_WORKERS=64"]),
    ],
)
def test_settings_that_several_processes_contradict_are_told(
    given: dict[str, object], named: list[str]
) -> None:
    told = contradictions(Settings.model_validate(given))
    assert [re.split("[: ]", line)[0] for line in told] == named
