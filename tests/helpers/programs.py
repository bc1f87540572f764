"""Programs of Debian that tests run as processes of their own: `scripts/services` installs them."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

_ELSEWHERE = (
    "/usr/sbin",
    "/usr/local/sbin",
    *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))),
)
"""Where Debian has programs that are not on everyone's PATH."""
_ENDS_WITHIN = 15


def path_of(program: str) -> str | None:
    """Where a program is installed; None where it is not."""
    return which(program) or which(program, path=os.pathsep.join(_ELSEWHERE))


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip a test, or all of a module as its `pytestmark`, where one of them is not installed."""
    missing = [program for program in programs if path_of(program) is None]
    reason = f"not installed: {', '.join(missing)} (scripts/services)"
    return pytest.mark.skipif(bool(missing), reason=reason)


class Program:
    """A program that runs in the foreground, can be stopped in any way, and started again."""

    def __init__(
        self,
        command: list[str],
        log: Path,
        *,
        folder: Path | None = None,
        user: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            command: the program by name or path, and its arguments.
            log: where what it prints goes.
            folder: where it runs.
            user: under whom it runs.
            environment: all of it.
        """
        self._command = [path_of(command[0]) or command[0], *command[1:]]
        self._folder = folder
        self._user = user
        self._environment = environment
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the process that runs, else 0."""
        return self.process.pid if self.process else 0

    def start(self) -> None:
        """Start it; it is for others to wait until it serves."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                user=self._user,
                env=self._environment,
                start_new_session=True,
            )

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, unless it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number) if self.pid else None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it in good order, or where it takes too long as `kill` does."""
        if not self.process:
            return
        self.send(signal.SIGCONT)
        self.send(number)
        try:
            self.process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """End it, and what it started, as a power cut would."""
        if not self.process:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def freeze(self) -> None:
        """Let it answer no more, with all connections open, until `thaw`."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.send(signal.SIGCONT)

    def has_ended(self) -> bool:
        """Whether it ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def said(self) -> str:
        """The end of its log, for who reads that a test failed."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""
