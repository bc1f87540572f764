"""Whatever is sent to the app, a log has short, single lines of its own, and not many of them."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import re
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import websockets
from hypothesis import given
from hypothesis import strategies as st
from reflex.state import State

from chat_app import logs
from chat_app.logs import BURST, MOST, Lines, OneLine, one_line
from chat_app.state.run import RunState
from tests.helpers.app import ROOT, running_app
from tests.helpers.log_lines import Written
from tests.helpers.raw_page import NAMESPACE, cookie_of, raw_page
from tests.helpers.server import serve
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.helpers.app import RunningApp

EVIL = "x\r\n2026-11-30 00:00:00 INFO chat_app FORGED\x1b[31m\x00\x85\u2028\u202eend "
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (DEBUG|INFO|WARNING|ERROR|CRITICAL) [\w.]+ .*")
CANARIES = {
    "LANGSMITH_API_KEY": "canary-of-the-api-key-1",
    "LANGGRAPH_API_HEADERS": '{"x-of": "canary-of-a-header"}',
    "SOME_PROVIDERS_API_KEY": "canary-of-a-provider-2",
    "DATABASE_PASSWORD": "canary of a password",
    "CHAT_SECRET": "canary-of-the-apps-secret-of-at-least-32-letters",
}


def record(name: str, words: str, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, __file__, 1, words, None, info)


def raised(error: Exception) -> Exception:
    with contextlib.suppress(type(error)):
        raise error
    return error


@given(st.text(), st.integers(0, 20_000))
def test_a_line_is_one_line_that_can_be_printed_however_long_the_text(text: str, n: int) -> None:
    line = one_line(EVIL + text + "y" * n)
    assert line.isprintable()
    assert len(line) <= MOST
    assert line.splitlines() == [line]


def test_a_line_hides_keys_also_where_it_is_cut() -> None:
    for length in range(MOST - 60, MOST + 20):
        assert "sk-" not in one_line("y" * length + " sk-proj-abcdefghij0123456789")


def test_a_large_text_is_cut_before_it_costs_anything() -> None:
    line = OneLine().format(record("chat_app", "a=" * 5_000_000))
    assert len(line) <= MOST
    assert line.endswith("…")


@pytest.mark.parametrize("name", ["reflex.app", "reflex_base.event", "engineio.server", "asyncio"])
def test_what_a_library_quotes_is_left_out(name: str) -> None:
    for words in (
        f"Received event data as a string. Event data: {EVIL}",
        f"Error processing event for Event(name={EVIL!r})",
        f"Delta to disconnected client {EVIL!r}",
        f"[Reflex Backend Exception]\n {EVIL}",
        f"Unknown packet\n{EVIL}",
    ):
        line = OneLine().format(record(name, words, raised(ValueError(EVIL))))
        assert "FORGED" not in line
        assert "ValueError" in line


def test_an_exception_is_a_line_with_its_type_and_place() -> None:
    line = OneLine().format(record("chat_app", "An event handler failed", raised(KeyError(EVIL))))
    assert LINE.fullmatch(line)
    assert "KeyError [security/test_logs.py:" in line
    assert "Traceback" not in line
    assert "FORGED" not in line


def test_odd_arguments_of_a_record_are_no_failure() -> None:
    odd = logging.LogRecord("chat_app", 40, __file__, 1, "%d %s" + EVIL, ("x",), None)
    assert LINE.fullmatch(OneLine().format(odd))


def test_of_a_flood_a_few_lines_are_written_and_how_many_there_were() -> None:
    written = Written()
    lines = Lines(written, pause=1000)
    for n in range(10_000):
        lines.handle(record("engineio.server", f"{n} {EVIL}"))
    lines.handle(record("chat_app", "another place"))
    lines.close()
    assert len(written.lines) == BURST + 2
    assert "another place" in written.lines[-2]
    assert f"{10_000 - BURST} more lines" in written.lines[-1]


async def test_what_was_left_out_is_told_with_a_later_line_from_anywhere() -> None:
    written = Written()
    lines = Lines(written, burst=2, pause=0.2)
    for _ in range(100):
        lines.handle(record("engineio.server", "flood"))

    def told() -> bool:
        lines.handle(record("chat_app", "later"))
        return any("98 more lines" in line for line in written.lines)

    await until(told)


def test_the_file_rotates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_SIZE", 10_000)
    handler = logs.rotating(tmp_path / "app.log")
    for _ in range(1000):
        handler.handle(record("chat_app", "y" * 100))
    handler.close()
    sizes = {file.name: file.stat().st_size for file in tmp_path.glob("*.log")}
    assert set(sizes) == {"app.log", "app.previous.log", "app.previous.2.log"}
    assert all(size <= 10_000 for size in sizes.values())


WRITER = """
import logging, sys
from pathlib import Path
from chat_app import logs
logs.FILE_SIZE = 5_000
handler = logs.rotating(Path(sys.argv[1]), previous=99)
for number in range(500):
    handler.handle(logging.makeLogRecord({"msg": f"{sys.argv[2]} {number} {'y' * 100}"}))
"""


def test_processes_that_write_one_file_lose_no_line_when_it_rotates(tmp_path: Path) -> None:
    names = ["one", "two", "three"]
    command = [sys.executable, "-c", WRITER, str(tmp_path / "app.log")]
    for writing in [subprocess.Popen([*command, name], cwd=ROOT) for name in names]:
        assert writing.wait(60) == 0
    written = Counter(
        line for file in tmp_path.glob("*.log") for line in file.read_text().splitlines()
    )
    expected = [f"{name} {number} {'y' * 100}" for name in names for number in range(500)]
    assert written == Counter(expected)
    assert all(file.stat().st_size <= 5_000 for file in tmp_path.iterdir())


def test_no_lock_on_what_other_users_can_open_keeps_a_line_from_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_LOCKED_WITHIN", 600.0)  # it would be waited for
    file = tmp_path / "app.log"
    handler = logs.rotating(file)
    handler.handle(record("chat_app", "first"))
    with contextlib.ExitStack() as held:
        for path in (tmp_path, file):
            descriptor = os.open(path, os.O_RDONLY)
            held.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        handler.handle(record("chat_app", "second"))
    handler.close()
    assert len(file.read_text().splitlines()) == 2
    others = {path.name for path in tmp_path.iterdir()} - {"app.log"}
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in others} == {0o600}


def test_a_process_that_hangs_while_it_writes_delays_the_others_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_LOCKED_WITHIN", 0.05)
    file = tmp_path / "app.log"
    handler = logs.rotating(file)
    handler.handle(record("chat_app", "first"))
    with file.with_suffix(".lock").open() as hanging:
        fcntl.flock(hanging, fcntl.LOCK_EX)
        handler.handle(record("chat_app", "second"))
        monkeypatch.setattr(logs, "_LOCKED_WITHIN", 600.0)  # it would be waited for
        handler.handle(record("chat_app", "third"))
    handler.close()
    assert len(file.read_text().splitlines()) == 3


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """An app with secrets in all settings, whose agents quote them."""
    folder = tmp_path_factory.mktemp("agents")
    module = __file__.replace("test_logs", "quoting_graphs")
    graphs = {name: f"{module}:{name}" for name in ("raises", "tool_raises")}
    quoted = " and ".join([*CANARIES.values(), "canary-of-a-header"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTED", quoted)
        with (
            serve(folder, graphs=graphs) as server,
            running_app(
                tmp_path_factory.mktemp("app"),
                LANGGRAPH_API_URL=server.url,
                CHAT_ASSISTANT="raises",
                **CANARIES,
            ) as app,
        ):
            yield app


def printed(app: RunningApp) -> list[str]:
    """What the app printed since it started to serve."""
    return app.log.read_text().partition("Open http")[2].split("\n")[1:-1]


SEND = "reflex___state____state.chat_app___state___run____run_state.send"
ODD_EVENTS = (
    *(EVIL, "not json {", None, [], 5, {}, {"payload": {}}, {"name": 5}, {"name": {}}, [[]]),
    {"name": EVIL},
    {"name": "a" * 900_000},
    {"name": f"{SEND}.{EVIL}"},
    {"name": SEND, "payload": {"message": EVIL, "unknown": EVIL}},
    {"name": SEND, "payload": EVIL},
    {"name": SEND, "payload": {}},
    {"name": SEND, "payload": {}, "router_data": EVIL},
    {"name": "reflex___state____state.hydrate_and_load", "payload": {"vars": {EVIL: EVIL}}},
    {
        "name": "reflex___state____frontend_event_exception_state.handle_frontend_exception",
        "payload": {"info": EVIL, "component_stack": EVIL},
    },
)
ODD_PACKETS = (
    f"42{NAMESPACE},{json.dumps(['client_error', {'error_type': EVIL, 'message': EVIL * 9}])}",
    *(f"42{NAMESPACE},{rest}" for rest in ("", "5", "[]", "{}", '"x"', "[" * 9000, '["connect"]')),
    f"42{NAMESPACE},{json.dumps([EVIL, EVIL])}",
    *("46", "4", "49", "7", "x", EVIL, "2" + EVIL, f"43{NAMESPACE},1[1]", f"41{NAMESPACE},"),
    f'451-{NAMESPACE},["event",{{"_placeholder":true,"num":0}}]',
    b"\x00\xff" * 100,
)
ODD_BEGINNINGS = (
    f"40{NAMESPACE},{json.dumps({'token': EVIL})}",
    f"40{NAMESPACE},{json.dumps(EVIL)}",
    f"40{EVIL}",
    f'42{NAMESPACE},["event",{{}}]',
)


@pytest.mark.slow
async def test_no_packet_forges_a_line_or_is_quoted_in_one(app: RunningApp) -> None:
    cookie = await cookie_of(app.url)
    gone = contextlib.suppress(websockets.ConnectionClosed, TimeoutError)
    for event in ODD_EVENTS:
        with gone:
            async with raw_page(app.url, cookie) as page:
                await page.event(event)
                await page.until("no packet says this", patience=0.1)
    for packet in ODD_PACKETS:
        with gone:
            async with raw_page(app.url, cookie) as page:
                await page.send(packet)
                await page.until("no packet says this", patience=0.1)
    for beginning in ODD_BEGINNINGS:
        with gone:
            async with raw_page(app.url, cookie, connect=beginning) as page:
                await page.until("no packet says this", patience=0.1)
    said = printed(app)
    assert [line for line in said if not LINE.fullmatch(line) or not line.isprintable()] == []
    assert max(map(len, said)) <= MOST
    reports = [line for line in said if "A page reports an error" in line]
    assert not [line for line in said if "FORGED" in line and line not in reports]
    assert cookie.partition("=")[2] not in "\n".join(said)


@pytest.mark.slow
async def test_a_flood_of_events_is_few_lines(app: RunningApp) -> None:
    cookie = await cookie_of(app.url)
    before = len(printed(app))
    for _ in range(10):
        with contextlib.suppress(
            websockets.ConnectionClosed, TimeoutError
        ):  # the app ends who sends too fast
            async with raw_page(app.url, cookie) as page:
                for n in range(300):
                    await page.event({"name": f"{n}{EVIL}"})
                await page.until("no packet says this", patience=0.1)
    async with raw_page(app.url, cookie) as page:
        await page.handle(State.event_handlers["hydrate_and_load"], vars={})
        await page.until("delta")
    assert len(printed(app)) - before < 6 * BURST


@pytest.mark.slow
async def test_no_canary_is_sent_or_logged_whatever_fails(app: RunningApp) -> None:
    cookie = await cookie_of(app.url)
    heard: list[str] = []
    async with raw_page(app.url, cookie) as page:
        await page.handle(State.event_handlers["hydrate_and_load"], vars={})
        await page.until("delta")
        await page.handle(RunState.send, message="quote")
        await page.until("[hidden]")
        heard += page.heard
    ids = re.findall(r'thread_id_rx_state_":"([0-9a-f-]{36})"', "".join(heard))
    path = f"/t/{ids[-1]}"
    async with raw_page(app.url, cookie) as page:
        await page.handle(State.event_handlers["hydrate_and_load"], path, vars={})
        await page.until("[hidden]")
        heard += page.heard
    everything = "".join([*heard, *printed(app)])
    found = [name for name in (*CANARIES.values(), "canary-of-a-header") if name in everything]
    assert found == []


@pytest.mark.slow
async def test_the_file_says_what_the_terminal_says(app: RunningApp) -> None:
    file = app.log.parent / "data" / "logs" / "app.log"
    await until(lambda: file.read_text().splitlines()[-3:] == printed(app)[-3:])
