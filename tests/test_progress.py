"""A long step of the start says what it does: on a terminal, without one, and when it fails."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from scripts.progress import Progress, duration

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = [sys.executable, "-m", "scripts.progress"]


class Heard(io.StringIO):
    """An output that is no terminal; `wait_for` waits until so many lines were written."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()

    def write(self, text: str) -> int:
        with self._changed:
            written = super().write(text)
            self._changed.notify_all()
        return written

    def wait_for(self, lines: int) -> list[str]:
        with self._changed:
            assert self._changed.wait_for(lambda: self.getvalue().count("\n") >= lines, 30)
            return self.getvalue().splitlines()


def test_without_a_terminal_there_is_a_line_at_once_and_one_after_each_while() -> None:
    out = Heard()
    with Progress("Building (a minute)", out=out, every=0.05) as progress:
        assert out.wait_for(1) == ["Building (a minute)"]
        progress.step("bundling")
        lines = out.wait_for(4)
    assert re.fullmatch(r"Building(: bundling)?, \d+ s", lines[1])
    assert re.fullmatch(r"Building: bundling, \d+ s", lines[3])
    assert re.fullmatch(r"Building: done after \d+ s", out.getvalue().splitlines()[-1])
    assert "\r" not in out.getvalue()


def test_a_short_step_is_one_line_and_a_failed_one_is_not_called_done() -> None:
    out = Heard()
    with Progress("Starting", out=out):
        pass
    with pytest.raises(OSError, match="no"), Progress("Reading", out=out):
        raise OSError("no")
    assert out.getvalue() == "Starting\nReading\n"


def test_on_a_terminal_one_line_moves_and_is_cleared_in_the_end() -> None:
    ours, theirs = pty.openpty()
    code = "print('quiet'); import time; time.sleep(0.5)"
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "40"}
    command = [*PROGRAM, "Installing " + "x" * 60, sys.executable, "-c", code]
    subprocess.run(command, cwd=ROOT, env=environment, stdout=theirs, check=True)
    os.close(theirs)
    pieces = []
    with suppress(OSError):  # which is how a terminal without a program ends
        while piece := os.read(ours, 100_000):
            pieces.append(piece)
    said = b"".join(pieces).decode()
    os.close(ours)
    frames = said.split("\r\x1b[K")
    moving = [frame for frame in frames if "done" not in frame and frame]
    assert len(moving) >= 2
    assert {len(frame) for frame in moving} == {39}
    assert len({frame[0] for frame in moving}) >= 2
    assert "done after" in frames[-1]
    assert "quiet" not in said


def test_of_a_command_that_fails_all_output_is_shown_and_its_code_is_kept() -> None:
    code = "import sys; print('first'); print('why', file=sys.stderr); sys.exit(7)"
    command = [*PROGRAM, "Installing", sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 7
    assert ended.stdout == "Installing\n"
    assert set(ended.stderr.splitlines()) == {"first", "why"}


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (723, "12 min 3 s")]
)
def test_a_duration_is_in_minutes_and_seconds(seconds: float, words: str) -> None:
    assert duration(seconds) == words
