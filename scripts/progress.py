"""Say what is being done and for how long, so that a long start is not taken for a deadlock.

On a terminal that is one line that moves, elsewhere a line at the beginning and one every 10
seconds. As a program it runs a command so, whose output is shown if it fails:

    python -m scripts.progress "Installing requirements.txt" pip install -r requirements.txt
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from itertools import cycle
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from types import TracebackType

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""
_FRAME = 0.1
"""Seconds between two pictures of the moving line."""
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_PLAIN_FRAMES = "|/-\\"
_BACK = "\r\033[K"
"""To the beginning of the line, and clear it."""


class Progress:
    """Tells what is done in its block; every so many seconds where `out` is no terminal.

    What `doing` has in brackets is only told once.
    """

    def __init__(self, doing: str, *, out: TextIO | None = None, every: float = EVERY) -> None:
        self._whole = doing
        self._doing = doing.partition(" (")[0]
        self._out = out or sys.stdout
        self._every = every
        self._step = ""
        self._moves = self._out.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._since = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="progress", daemon=True)

    def step(self, step: str) -> None:
        """Name what is being done of it now."""
        self._step = step

    def __enter__(self) -> Self:
        self._since = time.monotonic()
        if not self._moves:
            self._write(f"{self._whole}\n")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()
        took = time.monotonic() - self._since
        if self._moves:
            self._write(_BACK)
        if kind is None and (self._moves or took >= self._every):
            self._write(f"{self._doing}: done after {duration(took)}\n")

    def _tell(self) -> None:
        frames = cycle(_FRAMES if _can_say(self._out, _FRAMES) else _PLAIN_FRAMES)
        while not self._ended.wait(_FRAME if self._moves else self._every):
            if self._moves:
                width = shutil.get_terminal_size().columns - 1
                self._write(_BACK + f"{next(frames)} {self._now()}"[:width])
            else:
                self._write(f"{self._now()}\n")

    def _now(self) -> str:
        step = f": {self._step}" if self._step else ""
        return f"{self._doing}{step}, {duration(time.monotonic() - self._since)}"

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def duration(seconds: float) -> str:
    """Whole seconds, and minutes from the first one on.

    >>> duration(83.2)
    '1 min 23 s'
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _can_say(out: TextIO, text: str) -> bool:
    try:
        text.encode(out.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def main(doing: str, *command: str) -> int:
    """Run a command; returns its exit code. What it printed is shown if that is not 0."""
    try:
        with Progress(doing):
            subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True)
    except subprocess.CalledProcessError as failed:
        sys.stderr.buffer.write(failed.stdout)
        return failed.returncode
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
