"""Runs the command in its arguments for as long as its own standard input stays open.

Standard input is a pipe whose other end only the app holds. However the app ends, even by SIGKILL,
the operating system closes that end, and what was started here ends too. Nothing is polled.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from threading import Thread

GRACE_SECONDS = 2.5
"""From SIGTERM to SIGKILL; LangGraph's development server saves its threads in between."""


def main(command: list[str]) -> int:
    """Run `command` to its end, or to that of standard input, and return its exit code."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - the app's own
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    Thread(target=_end_with_stdin, args=[child], daemon=True).start()
    return child.wait()


def _end_with_stdin(child: subprocess.Popen[bytes]) -> None:
    # Not sys.stdin: a buffered reader held by a daemon thread is fatal when Python shuts down.
    while os.read(0, 1024):
        pass
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
