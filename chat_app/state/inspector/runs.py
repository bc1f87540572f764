"""The Runs tab of the inspector: all runs of the open thread, and what can be done with one."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError, NotFoundError
from chat_app.runs.inspector import thread_runs
from chat_app.runs.inspector.thread_runs import PAGE, NoRunError
from chat_app.runs.machine.events import Changed, Remove, Stop
from chat_app.state import server
from chat_app.state.inbox import milliseconds
from chat_app.state.inspector.panel import may_inspect
from chat_app.state.person import person_of
from chat_app.state.run import RunState
from chat_app.state.safe_json import sendable
from chat_app.state.tab_session import tab_session
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.client import LangGraphClient
    from chat_app.runs.inspector.thread_runs import ThreadRun, Told
    from chat_app.runs.session import ThreadSession

MOST = 1_000
"""Runs that are shown of one thread."""
_LONGEST_ERROR = 500


@dataclass(frozen=True)
class RunRow:
    """One run. Times are in milliseconds since 1970, UTC; 0 where one is not known, or not yet."""

    id: str
    status: str
    """The server's, or `asking`: the run waits for a person's answer."""
    starter: str
    """A value of `chat_app.runs.inspector.thread_runs.Starter`."""
    assistant: str
    began: int
    ended: int
    error: str
    active: bool
    """It goes or waits."""
    followed: bool
    """It goes, and the chat shows it."""


class _Known:
    """What was found out about runs, by their ids. No proxy of a state stands before it."""

    def __init__(self) -> None:
        self.by_run: dict[str, Told] = {}


class RunsState(rx.State):
    """The runs of the open thread, newest first, and what was wrong with the last request."""

    thread: rx.Field[str] = rx.field("")
    """The thread that the rows are of; empty before the first ones were read."""
    rows: rx.Field[list[RunRow]] = rx.field(default_factory=list)
    has_more: rx.Field[bool] = rx.field(False)
    problem: rx.Field[str] = rx.field("")
    problem_detail: rx.Field[str] = rx.field("")
    settled: rx.Field[int] = rx.field(0)
    """How many requests to change a run were dealt with, for better or worse."""
    said: rx.Field[str] = rx.field("")
    """What was done last, in a sentence."""

    _most: int = PAGE
    _known: Any = None
    """The `_Known` of the thread."""
    _is_unread: bool = False
    """The problem is that the runs cannot be read."""

    @rx.event(background=True, supersedes=True)
    async def load(self):
        """Read the runs of the open thread."""
        async with self:
            if not may_inspect(self):
                return
            thread_id = (await self.get_state(RunState)).thread_id
            if thread_id != self.thread:
                self._turn_to(thread_id)
            most, known = self._most, self._known
            known = self._known = known or _Known()
            person = person_of(self)
        if not thread_id:
            return
        failure: LangGraphError | None = None
        found: list[ThreadRun] = []
        has_more = False
        try:
            await server.ready_for(person)
            client = await server.gate().client(person, thread_id)
            found, has_more = await thread_runs.listed(
                client, thread_id, most=most, known=known.by_run
            )
        except NotFoundError:
            pass  # a new thread, which the server does not have yet
        except LangGraphError as refused:
            failure = refused
        async with self:
            if self.thread == thread_id:
                session = tab_session(self).session
                followed, asking = _followed(session), _asking(session, found)
                rows = [_row(one, followed, asking) for one in found]
                self._show(failure, rows, has_more=has_more)

    @rx.event
    def show_more(self):
        """Show another page of older runs."""
        if may_inspect(self) and self.has_more:
            self._most = min(self._most + PAGE, MOST)
            return RunsState.load
        return None

    @rx.event(background=True)
    async def cancel(self, run_id: str):
        """Stop a run that goes, as Stop in the chat does, or one that waits."""
        async with _asked(self, run_id, words.RUN_CANCELLED) as asked:
            if asked and not _stopped_here(asked.session, asked.run_id):
                await asked.client.runs.get(asked.thread_id, asked.run_id)
                await asked.client.runs.cancel(asked.thread_id, asked.run_id, wait=True)
            elif asked and asked.session:
                await asked.session.stopped()
        return RunsState.load

    @rx.event(background=True)
    async def delete(self, run_id: str):
        """Delete a run that is over, and the checkpoints that it made."""
        async with _asked(self, run_id, words.RUN_DELETED) as asked:
            if asked:
                removed = await thread_runs.delete(asked.client, asked.thread_id, asked.run_id)
                server.gate().run_removed(asked.thread_id, removed)
        return RunsState.load

    @rx.event(background=True)
    async def join(self, run_id: str):
        """Let the chat follow a run that goes."""
        async with _asked(self, run_id, words.RUN_JOINED) as asked:
            if asked and asked.session:
                asked.session.open()
                asked.session.post(Changed(asked.run_id))
        return RunsState.load

    def _show(self, failure: LangGraphError | None, rows: list[RunRow], *, has_more: bool) -> None:
        """Show what was read, or why it could not be."""
        if failure:
            self.problem, self.problem_detail = describe(failure)
        elif self._is_unread:
            self.problem = self.problem_detail = ""
        self._is_unread = failure is not None
        if failure:
            return
        if rows != self.rows:
            self.rows = rows
        if self.has_more != (more := has_more and len(rows) < MOST):
            self.has_more = more

    def _turn_to(self, thread_id: str) -> None:
        self.thread, self.rows, self.has_more = thread_id, [], False
        self.problem = self.problem_detail = self.said = ""
        self._most, self._known, self._is_unread = PAGE, None, False


class _Asked(NamedTuple):
    """What a request is about: a run of the open thread, which the person may use."""

    client: LangGraphClient
    thread_id: str
    run_id: str
    session: ThreadSession | None


@asynccontextmanager
async def _asked(tab: RunsState, run_id: object, said: str) -> AsyncGenerator[_Asked | None]:
    """Do something with a run; what goes wrong is shown, and else what was done is `said`.

    Gives None where the person may not inspect, or where no thread is open.
    """
    named = _uuid(run_id)
    async with tab:
        allowed = may_inspect(tab)
        person, thread_id = person_of(tab), (await tab.get_state(RunState)).thread_id
        session = tab_session(tab).session if allowed else None
    if not (allowed and thread_id):
        yield None
        return
    problem = ("", "")
    asked: _Asked | None = None
    try:
        if not named:
            raise NoRunError
        await server.ready_for(person)
        client = await server.gate().client(person, thread_id)
        asked = _Asked(client, thread_id, named, session)
    except LangGraphError as refused:
        problem = _told(refused)
    try:
        yield asked
    except LangGraphError as refused:
        problem = _told(refused)
    async with tab:
        tab.problem, tab.problem_detail = problem
        tab._is_unread = False  # noqa: SLF001 - this module's own
        tab.said = "" if problem[0] else said
        tab.settled += 1


def _told(refused: LangGraphError) -> tuple[str, str]:
    gone = isinstance(refused, NotFoundError) and not isinstance(refused, NoRunError)
    return describe(NoRunError() if gone else refused)


def _stopped_here(session: ThreadSession | None, run_id: str) -> bool:
    """Let the chat stop a run that it follows or has queued; whether it is one of these."""
    if session is None:
        return False
    now = session.snapshot.conversation
    if not now.phase.is_at_rest and now.turn and now.turn.run_id == run_id:
        session.post(Stop())
        return True
    waits = (item for item in now.queue if item.message.run_id == run_id)
    item = next((one for one in waits if not one.message.is_foreign), None)
    if item:
        session.post(Remove(item.id))
    return item is not None


def _followed(session: ThreadSession | None) -> str:
    """The run that the chat shows as it goes; empty where none goes."""
    now = session.snapshot.conversation if session else None
    return now.turn.run_id if now and now.turn and not now.phase.is_at_rest else ""


def _asking(session: ThreadSession | None, newest_first: list[ThreadRun]) -> str:
    """The run that waits for a person's answer, which the server calls a success; or empty."""
    view = session.snapshot.view if session else None
    is_newest = view is not None and not view.leaf  # not an older version's question
    if view and is_newest and view.transcript.interrupts and not view.transcript.running:
        return next((one.id for one in newest_first), "")
    return ""


def _uuid(given: object) -> str:
    """The id of a run; empty where it is none."""
    try:
        return str(UUID(given)) if isinstance(given, str) else ""
    except ValueError:
        return ""


def _row(one: ThreadRun, followed: str, asking: str) -> RunRow:
    is_asking = one.id == asking and one.status in ("success", "interrupted")
    return RunRow(
        one.id,
        "asking" if is_asking else sendable(one.status),
        one.starter.value,
        sendable(one.assistant_id),
        milliseconds(one.created_at),
        0 if one.is_active else milliseconds(one.updated_at),
        sendable(one.error[:_LONGEST_ERROR]),
        one.is_active,
        one.is_active and one.id == followed,
    )
