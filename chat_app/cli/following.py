"""The events of one run, printed as they come, to the end of the run or of the command."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.cli.exits import CommandError, Exit
from chat_app.cli.interruption import Interruption
from chat_app.cli.printable import in_python, one_line
from chat_app.client import LangGraphError, UnreachableError
from chat_app.client.events import Event, Outcome, Reconnecting, RunEnd, RunError
from chat_app.transcript.error_text import cause_of, describe, in_full
from chat_app.transcript.failures import explained
from chat_app.transcript.message import Failure

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.cli.output import Output
    from chat_app.client import LangGraphClient
    from chat_app.client.schema import RunCreated

_CANCEL_WITHIN = 5.0
"""Seconds that stopping a run may take when the command ends; a second Ctrl-C does not wait."""
_STOPPED = "Stopped the run."
_NOT_STOPPED = "The run could not be stopped, and may go on: {cause}"
_TOO_LATE = "the agent server does not answer."
_GOES_ON = "The run goes on. To see the rest: scripts/client join {thread} {run}"
_UNKNOWN = "The run may have been started."
_ASKS = (
    "The agent asks for an answer. To give one: "
    "scripts/client stream --thread {thread} --resume JSON"
)
_CANCELLED = "The run was stopped before its end."
_CONNECTED = "Connected again."


@dataclass(slots=True)
class Following:
    """One run of a thread, from its start or from when it is joined."""

    client: LangGraphClient
    thread_id: str
    output: Output
    keeps_running: bool = False
    """The run goes on where the command is ended before it."""
    run_id: str = ""
    """Empty until the server has accepted the run."""
    _error: RunError | None = field(default=None, init=False)
    """The last one in the stream: its type is not told at the end."""

    def created(self, run: RunCreated) -> None:
        """The server has accepted the run."""
        self.run_id = run["run_id"]

    async def print(self, events: AsyncGenerator[Event, None]) -> int:
        """Print events to their end; returns the exit code.

        Raises:
            LangGraphError: the run could not be started or joined.
            CommandError: it failed.
        """
        end: RunEnd | None = None
        with Interruption() as interruption:
            self.output.interruption = interruption
            try:
                async with aclosing(events):
                    async for event in events:
                        if isinstance(event, RunEnd):
                            end = event
                        else:
                            self._print(event)
                return self._end(end) if end else Exit.DONE
            except asyncio.CancelledError:
                code = interruption.code
            except BrokenPipeError:
                code = Exit.CLOSED
            finally:
                self.output.interruption = None
            # What was not taken yet would be waited for again when the process ends.
            self.output.abandon()
            with suppress(asyncio.CancelledError):  # a second signal
                if end is None:
                    await self._leave()
            return code

    def _print(self, event: Event) -> None:
        self._error = event if isinstance(event, RunError) else self._error
        if isinstance(event, Reconnecting):
            again = text.AGAIN_IN.format(seconds=round(event.seconds))
            why = one_line(cause_of(event.exception))
            self.output.note(f"{text.AGENT_LOST} {again}: {why}")
        elif event.event == "reconnected" and event.id is None and event.data is None:
            self.output.note(_CONNECTED)
        elif self.output.is_json:
            self.output.json({"event": event.event, "id": event.id, "data": event.data})
        else:
            self.output.event(one_line(event.event), in_python(event.data))

    def _end(self, end: RunEnd) -> int:
        """Say how the run ended, where the events alone do not."""
        self.run_id = end.run_id or self.run_id
        if self.output.is_json:
            about = {
                "outcome": end.outcome.value,
                "waits": end.waits,
                "error": end.error or in_full(end.exception),
                "thread_id": self.thread_id,
                "run_id": self.run_id,
            }
            self.output.json({"event": "end", "id": None, "data": about})
        if end.outcome is Outcome.FAILED:
            kind = self._error.error if self._error else ""
            raise CommandError(*explained(Failure(kind, end.error)))
        if end.outcome is Outcome.LOST:
            lost = isinstance(end.exception, UnreachableError)
            code = Exit.UNREACHABLE if lost else Exit.FAILED
            raise CommandError(text.RUN_LOST, end.error or in_full(end.exception), code=code)
        if end.outcome is Outcome.INTERRUPTED:
            if not end.waits:
                raise CommandError(_CANCELLED)
            self.output.note(_ASKS.format(thread=self.thread_id))
        return Exit.DONE

    async def _leave(self) -> None:
        """The command ends before the run: stop it, if it is not to go on."""
        if task := asyncio.current_task():
            task.uncancel()
        if not self.run_id:
            self.output.note(_UNKNOWN)
        elif self.keeps_running:
            self.output.note(_GOES_ON.format(thread=self.thread_id, run=self.run_id))
        else:
            await self._stop()

    async def _stop(self) -> None:
        try:
            async with asyncio.timeout(_CANCEL_WITHIN):
                await self.client.runs.cancel(self.thread_id, self.run_id)
        except LangGraphError as refused:
            self.output.note(_NOT_STOPPED.format(cause=" ".join(describe(refused))))
        except TimeoutError:
            self.output.note(_NOT_STOPPED.format(cause=_TOO_LATE))
        else:
            self.output.note(_STOPPED)
