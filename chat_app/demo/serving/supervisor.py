"""Runs the command in its arguments for as long as its own standard input stays open.

Standard input is a pipe whose other end only the app holds. However the app ends, even by SIGKILL,
the operating system closes that end, and what was started here ends too. Nothing is polled.

With ``--log FILE`` before the command, what that prints goes to a file that rotates: each line
of it cut, without control characters and without the keys that are in the environment.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import IO

from chat_app import logs, masking
from chat_app.demo.serving.secret import VARIABLE

GRACE_SECONDS = 2.5
"""From SIGTERM to SIGKILL; LangGraph's development server saves its threads in between."""


_LONGEST_LINE = 64 * 1024
"""Bytes; a longer one is logged as several."""
_LAST_LINES_SECONDS = 1.0


def main(arguments: list[str]) -> int:
    """Run the command to its end, or to that of standard input, and return its exit code."""
    log, command = None, arguments
    if arguments[:1] == ["--log"]:
        log, command = Path(arguments[1]), arguments[2:]
    child = subprocess.Popen(  # noqa: S603 - the app's own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if log else None,
        stderr=subprocess.STDOUT if log else None,
    )
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    Thread(target=_end_with_stdin, args=[child], daemon=True).start()
    if not (log and child.stdout):
        return child.wait()
    logging_it = Thread(target=_log, args=[child.stdout, log], daemon=True)
    logging_it.start()
    code = child.wait()
    logging_it.join(_LAST_LINES_SECONDS)
    return code


def _log(printed: IO[bytes], file: Path) -> None:
    masking.only_know([*masking.in_environment(os.environ), os.environ.get(VARIABLE, "")])
    log = logs.rotating(file, previous=1)
    while line := printed.readline(_LONGEST_LINE):
        words = line.decode("utf-8", "replace").rstrip()
        log.handle(logging.makeLogRecord({"msg": logs.one_line(words)}))


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
