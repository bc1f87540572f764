"""Commands where the settings name no server: the demo agent, of the app or of their own."""

from __future__ import annotations

import fcntl
import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from chat_app.demo.serving import running
from chat_app.demo.serving.server import DemoServer
from tests.cli.conftest import COMMAND, environment
from tests.helpers.server import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    given = environment("", CHAT_DATA_DIR=str(folder), LANGSMITH_API_KEY="of-another-server-1")
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=given,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def test_a_command_starts_the_demo_agent_or_asks_that_of_the_app(tmp_path: Path) -> None:
    asked = run(tmp_path, "stream", "whats the weather in la", "--json")
    assert asked.returncode == 0
    assert "Starting the demo agent" in asked.stderr
    *_, values, _ = map(json.loads, asked.stdout.splitlines())
    assert "Los Angeles" in values["data"]["messages"][-1]["content"]
    thread_id = asked.stderr.partition("Thread ")[2].split()[0]
    assert running.find(tmp_path) is None

    app = DemoServer(data_dir=tmp_path)
    await app.start()
    try:
        await app.ready(120)
        listed = run(tmp_path, "threads", "--json")
        assert [json.loads(line)["thread_id"] for line in listed.stdout.splitlines()] == [thread_id]
        assert listed.stderr == ""
        assert app.running
        assert (tmp_path / "agent.json").stat().st_mode & 0o777 == 0o600
        told = (tmp_path / "agent.json").read_text()
        assert app.secret in told
        assert app.secret not in listed.stdout
    finally:
        await app.stop()
    assert not (tmp_path / "agent.json").exists()
    # What an app left behind that crashed: its port may be another program's by now.
    (tmp_path / "agent.json").write_text(told)
    assert running.find(tmp_path) is None


def test_a_data_folder_that_another_program_keeps_ends_with_3_and_says_what_to_do(
    tmp_path: Path,
) -> None:
    (tmp_path / "agent").mkdir()
    with (tmp_path / "agent" / running.LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = run(tmp_path, "threads")
    assert ended.returncode == 3
    assert "CHAT_DATA_DIR" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = run(tmp_path / "file", "threads")
    assert ended.returncode == 1
    assert str(tmp_path / "file") in ended.stderr
    assert "Traceback" not in ended.stderr
