"""Ctrl-C, and the other signals that end a command: its task is cancelled, and can tidy up.

`asyncio` alone cannot do it while a write waits for a full pipe, as to ``less``: a signal's handler
has to break the write off.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from chat_app.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType, TracebackType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OF_THE_SHELL = 128


class Interruption:
    """Around the work of the current task, in the main thread of the process.

    The first signal cancels the task, and so does each one after it: what tidies up then is given
    up, too.
    """

    def __init__(self) -> None:
        self.number = 0
        """Of the first signal; 0 while there was none."""
        self._writing = False

    @property
    def code(self) -> int:
        """The exit code of a command that was ended so."""
        return _OF_THE_SHELL + self.number if self.number else Exit.INTERRUPTED

    @contextmanager
    def writing(self) -> Generator[None]:
        """Around a write that may wait.

        Raises:
            CancelledError: a signal came in it. What was to be written may have been, in part.
        """
        self._writing = True
        try:
            yield
        finally:
            self._writing = False

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._before = {}
        for number in _SIGNALS:
            if (before := signal.getsignal(number)) is signal.SIG_IGN:
                continue  # one that is ignored, as nohup has it, stays so
            # Only with a handler of its own does the loop wake for a signal that comes just as it
            # falls asleep: Python's handler would be called when something else wakes it.
            self._loop.add_signal_handler(number, _nothing)
            signal.signal(number, self._take)
            self._before[number] = before
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            self._loop.remove_signal_handler(number)
            signal.signal(number, handler)

    def _take(self, number: int, _frame: FrameType | None) -> None:
        self.number = self.number or number
        if self._writing:
            self._writing = False
            raise asyncio.CancelledError
        if self._task:
            self._task.cancel()


def _nothing() -> None:
    """What the loop itself does for a signal."""
