"""Commands in this process, and as processes of their own, with the real server in the settings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from chat_app.cli.__main__ import main
from chat_app.config import settings
from tests.helpers.server import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMAND = [sys.executable, "-m", "chat_app.client"]


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def client(
    langgraph_server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Ended]]:
    """Runs a command in this process. Its server is in the environment, which a test may change."""
    monkeypatch.setenv("LANGGRAPH_API_URL", langgraph_server)

    def run(*arguments: str) -> Ended:
        settings.cache_clear()
        capsys.readouterr()
        code = main(list(arguments))
        said = capsys.readouterr()
        return Ended(code, str(said.out), str(said.err))

    yield run
    settings.cache_clear()


def environment(url: str, **more: str) -> dict[str, str]:
    """That of a command as a process."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NO_COLOR", "FORCE_COLOR"))}
    return kept | {"LANGGRAPH_API_URL": url, "TERM": "xterm-256color", "COLUMNS": "100"} | more


@pytest.fixture
def process(langgraph_server: str) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a command as a process; ended with the test."""
    begun: list[subprocess.Popen[str]] = []

    def start(*arguments: str, url: str = "", **options: object) -> subprocess.Popen[str]:
        given = {
            "cwd": ROOT,
            "env": environment(url or langgraph_server),
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "stdin": subprocess.DEVNULL,
            "text": True,
        }
        # A background job of a shell ignores SIGINT, and so would the command that it starts.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        begun.append(subprocess.Popen([*COMMAND, *arguments], **(given | options)))  # type: ignore[call-overload]
        signal.signal(signal.SIGINT, before)
        return begun[-1]

    yield start
    for one in begun:
        one.kill()
        one.wait()
        for stream in (one.stdout, one.stderr):
            if stream:
                stream.close()
