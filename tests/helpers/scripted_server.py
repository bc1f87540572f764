"""A LangGraph server with one thread, as a value: its runs begin and end when a test says so.

`tests.helpers.scripted_process` has the app's processes and the network before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chat_app.client.events import Outcome
from chat_app.client.recover import MESSAGE_KEY
from chat_app.runs.pending_runs import Agenda, Queued, agenda_of

_GOING = ("pending", "running")
_OUTCOMES = {
    "success": Outcome.FINISHED,
    "error": Outcome.FAILED,
    "interrupted": Outcome.INTERRUPTED,
}


@dataclass
class Run:
    """One run; `message_id` is empty where it answers no message of this app."""

    id: str
    message_id: str
    status: str = "pending"
    began: bool = False
    is_foreign: bool = False


class ThreadServer:
    """The runs of one thread, oldest first: one executes, the others are pending."""

    def __init__(self, *, has_queue: bool = True, page: int = 10) -> None:
        self.runs: list[Run] = []
        self.inputs: list[str] = []
        """Messages whose run has begun, in this order: they are in the thread."""
        self.remembered: tuple[str, ...] = ()
        self.exists = False
        self.is_asking = False
        self.has_queue = has_queue
        self._page = page
        self._made = 0

    def find(self, run_id: str) -> Run | None:
        return next((run for run in self.runs if run.id == run_id), None)

    @property
    def going(self) -> list[Run]:
        return [run for run in self.runs if run.status in _GOING]

    @property
    def running(self) -> Run | None:
        return next((run for run in self.runs if run.status == "running"), None)

    def create(self, message_id: str = "", *, is_foreign: bool = False) -> Run:
        self._made += 1
        self.exists = True
        run = Run(f"run-{self._made}", message_id, is_foreign=is_foreign)
        self.runs.append(run)
        self._next()
        return run

    def end(self, status: str, *, is_asking: bool = False) -> None:
        """The run that executes ends by itself."""
        if run := self.running:
            run.status, self.is_asking = status, is_asking
            self._next()

    def cancel(self, run_ids: tuple[str, ...]) -> None:
        for run in self.going:
            if run.id in run_ids:
                run.status = "interrupted"
        self._next()

    def save_question(self, message_id: str) -> None:
        """Write the message of a stopped run to the thread, where the run never began."""
        if message_id not in self.inputs:
            self.inputs.append(message_id)

    def remove(self, run_id: str) -> bool:
        """Take back a run that is not over: as if it had never been."""
        run = self.find(run_id)
        if run is None or run.status not in _GOING:
            return False
        self.runs.remove(run)
        if run.began and run.message_id in self.inputs:
            self.inputs.remove(run.message_id)
        self._next()
        return True

    def agenda(self) -> Agenda:
        over = [run for run in self.runs if run.status not in _GOING][-self._page :]
        return agenda_of([_told(run) for run in reversed(self.runs) if run in (*over, *self.going)])

    def paused(self) -> tuple[Queued, ...]:
        runs = [run for run in map(self.find, self.remembered) if run]
        return tuple(queued(run.message_id, run.id) for run in runs if run.status == "interrupted")

    def outcome(self, run_id: str) -> Outcome | None:
        """How a run ended; None while it goes."""
        run = self.find(run_id)
        if run is None:
            return Outcome.LOST
        if run.status == "success" and self.is_asking and run is self.runs[-1]:
            return Outcome.INTERRUPTED
        return _OUTCOMES.get(run.status)

    def _next(self) -> None:
        while not self.running and self.going:
            run = self.going[0]
            run.status, run.began, self.is_asking = "running", True, False
            if run.message_id:
                self.inputs.append(run.message_id)


def queued(message_id: str, run_id: str = "") -> Queued:
    return Queued(message_id, f"words of {message_id}", "agent", run_id)


def _told(run: Run) -> Any:
    message = {"type": "human", "id": run.message_id, "content": f"words of {run.message_id}"}
    metadata = {} if run.is_foreign or not run.message_id else {MESSAGE_KEY: run.message_id}
    given = {"messages": [message]} if run.message_id else None
    told = {"run_id": run.id, "status": run.status, "assistant_id": "agent"}
    return {**told, "metadata": metadata, "kwargs": {"input": given}}
