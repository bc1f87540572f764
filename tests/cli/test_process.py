"""The command as a process: signals, closed pipes, terminals, exit codes."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.cli.conftest import COMMAND, environment
from tests.helpers.faults import faulty_proxy
from tests.helpers.server import ROOT
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.long_answer import LongAnswer

    Process = Callable[..., subprocess.Popen[str]]

PATIENCE = 60


def begun(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The thread and the run of a stream in JSON, which has begun to write its answer."""
    assert process.stdout
    events = (json.loads(line) for line in process.stdout)
    run_id = next(e["data"]["run_id"] for e in events if e["event"] == "metadata")
    next(e for e in events if e["event"].startswith("messages"))
    assert process.stderr
    return process.stderr.readline().split()[1], run_id


def status(url: str, thread_id: str, run_id: str) -> str:
    return httpx.get(f"{url}/threads/{thread_id}/runs/{run_id}").json()["status"]


async def is_stopped(url: str, thread_id: str, run_id: str) -> None:
    await until(lambda: status(url, thread_id, run_id) == "interrupted")


def stream_of(answer: LongAnswer, *more: str) -> list[str]:
    wanted = ["--assistant", "slow", "--mode", "messages-tuple", "--json", *more]
    return ["stream", answer.question, *wanted]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
async def test_a_signal_stops_the_run_and_is_told_by_the_exit_code(
    process: Process,
    langgraph_server: str,
    long_answer: LongAnswer,
    number: signal.Signals,
    code: int,
) -> None:
    running = process(*stream_of(long_answer))
    thread_id, run_id = begun(running)
    running.send_signal(number)
    assert running.wait(PATIENCE) == code
    assert running.stderr
    assert running.stderr.read() == "Stopped the run.\n"
    await is_stopped(langgraph_server, thread_id, run_id)


async def test_a_run_that_is_to_go_on_can_be_joined_and_is_printed_from_its_start(
    process: Process, langgraph_server: str, long_answer: LongAnswer
) -> None:
    running = process(*stream_of(long_answer, "--keep-running"))
    thread_id, run_id = begun(running)
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE) == 130
    assert running.stderr
    assert f"scripts/client join {thread_id} {run_id}" in running.stderr.read()
    joined = process("join", thread_id, "--json")
    assert joined.stdout
    lines = [joined.stdout.readline() for _ in range(5)]
    assert status(langgraph_server, thread_id, run_id) == "running"
    long_answer.end()
    events = [json.loads(line) for line in (*lines, *joined.stdout)]
    assert joined.wait(PATIENCE) == 0
    assert events[0]["data"]["run_id"] == run_id
    words = "".join(e["data"][0]["content"] for e in events if e["event"] == "messages")
    assert words.startswith("word0 word1 word2 ")
    assert events[-1]["data"]["outcome"] == "finished"


async def test_who_joined_a_run_can_leave_it_going(
    process: Process, langgraph_server: str, long_answer: LongAnswer
) -> None:
    first = process(*stream_of(long_answer))
    thread_id, run_id = begun(first)
    joined = process("join", thread_id, run_id)
    assert joined.stdout
    assert joined.stdout.readline().startswith("Receiving new event of type: metadata")
    joined.send_signal(signal.SIGINT)
    assert joined.wait(PATIENCE) == 130
    assert status(langgraph_server, thread_id, run_id) == "running"


async def test_a_closed_pipe_stops_the_run_and_the_command_without_a_complaint(
    process: Process, langgraph_server: str, long_answer: LongAnswer
) -> None:
    running = process(*stream_of(long_answer))
    thread_id, run_id = begun(running)
    assert running.stdout
    running.stdout.close()
    assert running.wait(PATIENCE) == 141
    assert running.stderr
    assert running.stderr.read() == "Stopped the run.\n"
    await is_stopped(langgraph_server, thread_id, run_id)


def test_a_list_into_a_closed_pipe_ends_without_a_complaint(process: Process) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    running = process("assistants", stdout=writes)
    os.close(writes)
    assert running.wait(PATIENCE) == 141
    assert running.stderr
    assert running.stderr.read() == ""


async def test_a_signal_also_ends_a_command_whose_output_nobody_reads(
    process: Process, langgraph_server: str
) -> None:
    # The events of this answer are some megabytes, and the pipe takes 64 kB of them.
    asked = ("stream", "3000 every 0", "--assistant", "slow", "--mode", "messages", "--json")
    running = process(*asked)
    thread_id, run_id = begun(running)
    assert running.stdout
    await until_full(running.stdout.fileno())
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE) == 130
    assert running.stderr
    assert "Traceback" not in running.stderr.read()
    await until(lambda: status(langgraph_server, thread_id, run_id) in {"interrupted", "success"})


async def until_full(pipe: int) -> None:
    """Wait until a pipe takes no more, so that who writes to it waits."""
    held, before = -1, -2
    while held < 16_384 or held != before:
        await asyncio.sleep(0.3)
        held, before = int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, b"0" * 4), "little"), held


async def test_two_signals_end_a_command_whose_server_does_not_answer(
    process: Process, langgraph_server: str, long_answer: LongAnswer
) -> None:
    with faulty_proxy(langgraph_server) as proxy:
        running = process(*stream_of(long_answer), url=proxy.url)
        begun(running)
        proxy.stall()
        running.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(1)
        running.send_signal(signal.SIGINT)
        assert running.wait(PATIENCE) == 130
        proxy.flow()
    assert running.stderr
    assert "Traceback" not in running.stderr.read()


def on_a_terminal(url: str, *arguments: str, **more: str) -> tuple[int, str]:
    """The exit code of a command, and what it writes to a terminal."""
    ours, theirs = pty.openpty()
    shown = b""
    running = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(url, **more),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    with suppress(OSError):  # Linux says so where the other end is closed
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    return running.wait(PATIENCE), shown.decode()


def without_colours(shown: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", shown)


def test_colours_are_on_a_terminal_and_not_in_a_pipe(
    process: Process, langgraph_server: str
) -> None:
    url, asked = langgraph_server, ("stream", "hello \x1b[31mred", "--assistant", "counted")
    code, shown = on_a_terminal(url, *asked)
    assert code == 0
    assert "\x1b[1;36mReceiving new event of type: values...\x1b[0m" in shown
    assert "\x1b" not in without_colours(shown)
    assert r"hello \x1b[31mred" in without_colours(shown)
    for plain in (
        on_a_terminal(url, *asked, NO_COLOR="1"),
        on_a_terminal(url, *asked, "--color", "never"),
    ):
        assert "\x1b" not in plain[1]
        assert "Receiving new event of type: values...\r\n" in plain[1]
    out, err = process(*asked).communicate(timeout=PATIENCE)
    assert "\x1b" not in out + err
    assert "\x1b[1;36mRec" in process(*asked, "--color", "always").communicate(timeout=PATIENCE)[0]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["assistants"], 0),
        (["stream", "hello", "--assistant", "fails"], 1),
        (["stream", "--fly"], 2),
        (["threads", "--url", "http://127.0.0.1:9"], 3),
    ],
)
def test_each_way_to_end_has_its_exit_code(
    process: Process, arguments: list[str], code: int
) -> None:
    running = process(*arguments)
    _, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == code
    assert "Traceback" not in err
    assert bool(err.strip()) is (code > 0)


def test_a_terminal_that_knows_only_ascii_gets_the_rest_escaped(
    process: Process, langgraph_server: str
) -> None:
    asked = ("stream", "héllo ☂", "--assistant", "counted", "--json")
    given: dict[str, Any] = {"env": environment(langgraph_server, PYTHONIOENCODING="ascii")}
    running = process(*asked, **given)
    out, _ = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0
    assert r"h\xe9llo \u2602" in out


def test_help_comes_without_the_settings_the_app_and_the_demo() -> None:
    asked = "import sys; from chat_app.cli.__main__ import main; main(['stream', '--help'])"
    tell = "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    told = subprocess.run(
        [sys.executable, "-c", f"{asked}; {tell}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    *usage, loaded = told.stdout.splitlines()
    assert "--mode" in "".join(usage)
    assert not {"reflex", "pydantic", "langgraph", "starlette"} & set(loaded.split())


@pytest.mark.parametrize("words", ["client st", "client stream --mode mess"])
def test_a_shell_completes_commands_and_modes(words: str) -> None:
    asked = {
        "_CHAT_CLIENT_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    told = subprocess.run(
        COMMAND, cwd=ROOT, env=os.environ | asked, capture_output=True, text=True, check=True
    )
    found = [line.removeprefix("plain,") for line in told.stdout.split()]
    assert found == (["stream"] if words.endswith("st") else ["messages", "messages-tuple"])
