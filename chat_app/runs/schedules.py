"""The schedules of a person: crons at the server, which send a message again and again.

A schedule is owned as a thread is, by its metadata, and the server gives that metadata to the
threads of its runs: so these are their owner's too. An id of the app's own beside it finds them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chat_app import text
from chat_app.client import LangGraphError
from chat_app.client.errors import InvalidError, NotFoundError, ServerError, UnsupportedError
from chat_app.runs import thread_metadata
from chat_app.runs.locks import Locks
from chat_app.runs.schedule_times import in_words
from chat_app.runs.threads.thread_list import Scope
from chat_app.transcript.error_text import AppError
from chat_app.transcript.inputs import input_of
from chat_app.transcript.load import asked_in
from chat_app.transcript.message import Message, Role, Text

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Cron
    from chat_app.transcript.shapes import Shape

MOST = 100
"""Schedules that are listed."""
_AT_ONCE = 4
_creating = Locks()
"""An owner's schedules are made one at a time."""
_MODES = ("messages-tuple", "values", "updates", "custom")
"""What a tab wants that opens the chat while the run goes on."""


class NotAScheduleError(AppError):
    """There is no such schedule, or it cannot be made; `sentence` says why."""


@dataclass(frozen=True)
class Schedule:
    """One cron. Times are the server's, in ISO 8601."""

    id: str
    name: str
    message: str
    assistant_id: str
    cron: str
    when: str
    """`cron` in words."""
    zone: str
    """The time zone of `cron`."""
    next_run: str = ""
    """Empty where the server does not tell."""
    is_enabled: bool = True
    can_pause: bool = False
    last_thread: str = ""
    """The chat of its last run; empty where there is none."""


@dataclass(frozen=True)
class Draft:
    """A schedule to be made. `zone` is an IANA name."""

    name: str
    message: str
    assistant_id: str
    cron: str
    zone: str


class Schedules:
    """Those of one owner, at one server."""

    def __init__(self, client: LangGraphClient, owner: str, scope: Scope) -> None:
        self._client = client
        self._owner = owner
        self._is_all = scope is Scope.ALL

    async def exist(self) -> bool:
        """Whether the server has schedules at all."""
        try:
            await self._client.crons.search(limit=1, metadata={thread_metadata.OWNER: self._owner})
        except (NotFoundError, UnsupportedError, InvalidError, ServerError):
            return False
        return True

    async def listed(self) -> list[Schedule]:
        """All of them, newest first, each with the chat it made last.

        Raises:
            LangGraphError: the server cannot be asked.
        """
        at_once = asyncio.Semaphore(_AT_ONCE)

        async def read(cron: Cron) -> Schedule:
            async with at_once:
                return _schedule(cron, await self._last_thread(cron))

        return await asyncio.gather(*map(read, await self._crons()))

    async def create(self, draft: Draft, shape: Shape, *, most: int) -> Schedule:
        """Make one, of which there may be `most`.

        Raises:
            NotAScheduleError: there are so many, or the assistant takes no message.
            LangGraphError: the server does not take it.
        """
        if shape.takes != "messages":
            raise NotAScheduleError(text.SCHEDULE_NEEDS_FORM)
        async with _creating.held(self._owner):
            return await self._create(draft, shape, most)

    async def _create(self, draft: Draft, shape: Shape, most: int) -> Schedule:
        owners = [thread_metadata.owner_in(one.get("metadata")) for one in await self._crons()]
        if owners.count(self._owner) >= most:
            raise NotAScheduleError(text.SCHEDULE_TOO_MANY.format(most=most))
        cron = await self._client.crons.create(
            draft.assistant_id,
            schedule=draft.cron,
            timezone=draft.zone or None,
            on_run_completed="keep",
            input=_input(draft.message, shape),
            metadata=thread_metadata.made_by_schedule(self._owner, draft.name, str(uuid4())),
            stream_mode=list(_MODES),
            stream_subgraphs=True,
            stream_resumable=True,
        )
        return _schedule(cron, "")

    async def enable(self, schedule_id: str, *, is_enabled: bool) -> None:
        """Pause one, or let it go on.

        Raises:
            NotAScheduleError: there is none of that id, as far as this owner may know.
            LangGraphError: the server does not do it.
        """
        await self._check(schedule_id)
        await self._client.crons.update(schedule_id, enabled=is_enabled)

    async def delete(self, schedule_id: str) -> None:
        """Delete one; the chats that it made stay. Raises as `enable`."""
        await self._check(schedule_id)
        await self._client.crons.delete(schedule_id)

    async def _check(self, schedule_id: str) -> None:
        if all(cron["cron_id"] != schedule_id for cron in await self._crons()):
            raise NotAScheduleError(text.SCHEDULE_GONE)

    async def _crons(self) -> list[Cron]:
        own = None if self._is_all else {thread_metadata.OWNER: self._owner}
        search = partial(self._client.crons.search, metadata=own, limit=MOST)
        found = await search(sort_by="created_at", sort_order="desc")
        return [one for one in found if self._is_own(one)] if isinstance(found, list) else []

    def _is_own(self, cron: Any) -> bool:
        """Whether a cron is the owner's: not every server does filter by metadata.

        One without an owner is another program's, and may be anything: a nightly job, say.
        """
        if not isinstance(cron, dict) or not cron.get("cron_id"):
            return False
        return self._is_all or thread_metadata.owner_in(cron.get("metadata")) == self._owner

    async def _last_thread(self, cron: Cron) -> str:
        if fixed := cron.get("thread_id"):
            return str(fixed)
        mark = thread_metadata.schedule_in(cron.get("metadata"))
        if not mark:
            return ""
        try:
            found = await self._client.threads.search(
                metadata={thread_metadata.SCHEDULE: mark},
                sort_by="created_at",
                sort_order="desc",
                limit=1,
                select=["thread_id", "metadata"],
            )
        except LangGraphError:
            return ""
        owner = thread_metadata.owner_in(cron.get("metadata"))
        made = [one for one in found if thread_metadata.owner_in(one.get("metadata")) == owner]
        return str(made[0]["thread_id"]) if made else ""


def _input(message: str, shape: Shape) -> Any:
    """The input of each run. Its message has no id, so that each run gives it one of its own."""
    given = input_of(Message("", Role.HUMAN, (Text(message),)), shape.key)
    for asked in given[shape.key] if shape.key else given:
        del asked["id"]
    return given


def _schedule(cron: Cron, last_thread: str) -> Schedule:
    payload = cron.get("payload")
    asked = payload.get("input") if isinstance(payload, dict) else None
    message = asked_in(asked, made="")
    said = "\n\n".join(part.text for part in message.parts if isinstance(part, Text))
    return Schedule(
        str(cron["cron_id"]),
        thread_metadata.title_of(cron.get("metadata")),
        said,
        str(cron.get("assistant_id") or ""),
        str(cron.get("schedule") or ""),
        in_words(str(cron.get("schedule") or "")),
        str(cron.get("timezone") or "UTC"),
        str(cron.get("next_run_date") or ""),
        cron.get("enabled") is not False,
        "enabled" in cron,
        last_thread,
    )
