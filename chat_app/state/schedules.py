"""The schedules of the person at the page, and what they do with them.

What comes from the page is checked here; whose a schedule is, by `chat_app.runs.schedules`.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app import text as words
from chat_app.auth.rights import scope_of
from chat_app.client import LangGraphError
from chat_app.config import settings
from chat_app.runs.schedule_times import checked, in_words, next_time, zone_of
from chat_app.runs.schedules import Draft, NotAScheduleError, Schedule, Schedules
from chat_app.state import server
from chat_app.state.assistants import AssistantsState, shape_for
from chat_app.state.inbox import milliseconds
from chat_app.state.person import person_of
from chat_app.state.safe_json import sendable
from chat_app.state.threads import title_of
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

USUAL_MOST = 20
LONGEST_MESSAGE = 20_000
_LONGEST_SHOWN = 300
_FIELDS = ("name", "message", "assistant", "cron", "zone")


@dataclass(frozen=True)
class ScheduleRow:
    """One schedule. `next_run` is in milliseconds since 1970, UTC; 0 where there is none."""

    id: str
    name: str
    message: str
    assistant: str
    cron: str
    when: str
    zone: str
    next_run: int
    enabled: bool
    can_pause: bool
    last: str
    """The chat that it made last."""


class SchedulesState(rx.State):
    """The schedules, and what was wrong with what the person asked for last."""

    is_there: rx.Field[bool] = rx.field(False)
    """The server has schedules, and the settings allow some."""
    missing: rx.Field[str] = rx.field("")
    """Why there are none, in a sentence."""
    loaded: rx.Field[bool] = rx.field(False)
    rows: rx.Field[list[ScheduleRow]] = rx.field(default_factory=list)
    problem: rx.Field[str] = rx.field("")
    problem_detail: rx.Field[str] = rx.field("")
    settled: rx.Field[int] = rx.field(0)
    """How many requests were dealt with, for better or worse."""
    created: rx.Field[str] = rx.field("")
    """What was made last, in a sentence."""
    preview: rx.Field[str] = rx.field("")
    """The expression in the form, in words."""
    preview_next: rx.Field[int] = rx.field(0)
    preview_problem: rx.Field[str] = rx.field("")

    _is_unread: bool = False
    """The problem is that the schedules cannot be read."""

    @rx.event(background=True, supersedes=True)
    async def load(self):
        """Read the schedules, and before the first time whether there can be any."""
        async with _told(self, reads=True):
            schedules = await _schedules_of(self)
            if most_schedules() == 0:
                missing = words.NO_SCHEDULES_ALLOWED
            else:
                missing = "" if await schedules.exist() else words.NO_SCHEDULES_HERE
            rows = [] if missing else [_row(one) for one in await schedules.listed()]
            async with self:
                self.is_there, self.missing, self.loaded = not missing, missing, True
                self.rows = rows

    @rx.event
    def look_ahead(self, cron: str, zone: str):
        """Say of an expression in words when it is due, or why it never is."""
        if not isinstance(cron, str) or not isinstance(zone, str):
            return
        try:
            due = next_time(expression := checked(cron), zone_of(zone))
        except LangGraphError as wrong:
            self.preview, self.preview_next, self.preview_problem = "", 0, describe(wrong)[0]
            return
        self.preview, self.preview_problem = in_words(expression), ""
        self.preview_next = int(due.timestamp() * 1000)

    @rx.event(background=True)
    async def create(self, given: dict[str, Any]):
        """Make a schedule of the `name`, `message`, `assistant`, `cron` and `zone` given."""
        async with _told(self):
            schedules = await _schedules_of(self)
            async with self:
                person = person_of(self)
                offered = {one.id for one in (await self.get_state(AssistantsState)).options}
            draft = _draft(given)
            if offered and draft.assistant_id not in offered:
                raise NotAScheduleError(words.SCHEDULE_NO_ASSISTANT)
            await server.gate().check_budget(person, "")
            client = await server.ready_for(person)
            shape = await shape_for(client, draft.assistant_id)
            made = await schedules.create(draft, shape, most=most_schedules())
            async with self:
                said = words.SCHEDULE_CREATED.format(name=made.name, when=made.when)
                self.created = sendable(said)
        return SchedulesState.load

    @rx.event(background=True)
    async def pause(self, schedule_id: str):
        """Start no more runs of it, until it is resumed."""
        if isinstance(schedule_id, str):
            async with _told(self):
                schedules = await _schedules_of(self)
                await schedules.enable(schedule_id, is_enabled=False)
        return SchedulesState.load

    @rx.event(background=True)
    async def resume(self, schedule_id: str):
        """Start runs of it again."""
        if isinstance(schedule_id, str):
            async with _told(self):
                schedules = await _schedules_of(self)
                await schedules.enable(schedule_id, is_enabled=True)
        return SchedulesState.load

    @rx.event(background=True)
    async def delete(self, schedule_id: str):
        """Delete it; the chats that it made stay."""
        if isinstance(schedule_id, str):
            async with _told(self):
                schedules = await _schedules_of(self)
                await schedules.delete(schedule_id)
        return SchedulesState.load


def most_schedules() -> int:
    """How many schedules a person may have."""
    configured = settings()
    if configured.schedules is not None:
        return configured.schedules
    return 0 if configured.daily_messages or configured.daily_tokens else USUAL_MOST


async def _schedules_of(tab: SchedulesState) -> Schedules:
    """Those of the person at a tab.

    Raises:
        LangGraphError: there is no server, and there will be none.
    """
    async with tab:
        person = person_of(tab)
    client = await server.ready_for(person)
    return Schedules(client, person.id, scope_of(person))


@asynccontextmanager
async def _told(tab: SchedulesState, *, reads: bool = False) -> AsyncGenerator[None]:
    """What goes wrong with the schedules in here is said on the page.

    Reading them takes back only what was said of reading.
    """
    problem = ("", "")
    try:
        yield
    except LangGraphError as failure:
        problem = describe(failure)
    async with tab:
        if any(problem) or not reads or tab._is_unread:  # noqa: SLF001 - this module's own
            tab.problem, tab.problem_detail = problem
            tab._is_unread = reads and any(problem)  # noqa: SLF001
        tab.settled += 1


def _draft(given: object) -> Draft:
    """What a person wants scheduled.

    Raises:
        LangGraphError: it is none; the sentence says why.
    """
    fields = given if isinstance(given, dict) else {}
    name, message, assistant, cron, zone = (
        value.strip() if isinstance(value := fields.get(field), str) else "" for field in _FIELDS
    )
    if most_schedules() == 0:
        raise NotAScheduleError(words.NO_SCHEDULES_ALLOWED)
    if not message:
        raise NotAScheduleError(words.SCHEDULE_NO_MESSAGE)
    if len(message) > LONGEST_MESSAGE:
        raise NotAScheduleError(words.SCHEDULE_TOO_LONG)
    if not assistant:
        raise NotAScheduleError(words.SCHEDULE_NO_ASSISTANT)
    place = zone_of(zone)
    next_time(expression := checked(cron), place)
    return Draft(title_of(name) or title_of(message), message, assistant, expression, place.key)


def _row(one: Schedule) -> ScheduleRow:
    message = " ".join(one.message.split())
    return ScheduleRow(
        one.id,
        sendable(one.name) or sendable(title_of(message)),
        sendable(message[:_LONGEST_SHOWN]),
        one.assistant_id,
        sendable(one.cron),
        sendable(one.when),
        sendable(one.zone),
        milliseconds(one.next_run) if one.is_enabled else 0,
        one.is_enabled,
        one.can_pause,
        one.last_thread,
    )
