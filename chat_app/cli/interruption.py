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
        # One that is ignored, as nohup has it, stays so.
        self._before = {
            number: signal.signal(number, self._take)
            for number in _SIGNALS
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, number: int, _frame: FrameType | None) -> None:
        self.number = self.number or number
        if self._writing:
            self._writing = False
            raise asyncio.CancelledError
        if self._task:
            self._task.cancel()
        self._loop.call_soon_threadsafe(lambda: None)  # it may be asleep
