"""Crons: runs that the server starts again and again."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Unpack

from chat_app.client.http import Http, given
from chat_app.client.schema import CronOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from chat_app.client.http import Headers
    from chat_app.client.schema import Cron, Json, OnCompletion, SortOrder

_NOT_GIVEN: Any = object()
"""An end time that stays as it is: None takes it away."""


class Crons:
    """``/runs/crons``. A `schedule` has the five fields of cron, UTC without a `timezone`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def create_for_thread(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        schedule: str,
        end_time: datetime | None = None,
        headers: Headers = None,
        **options: Unpack[CronOptions],
    ) -> Cron:
        """Start runs on a thread, until `end_time`."""
        fields = {"assistant_id": assistant_id, "schedule": schedule}
        body = fields | _body(options) | given(end_time=_written(end_time))
        return await self._http.post(
            "threads", thread_id, "runs", "crons", body=body, headers=headers
        )

    async def create(
        self,
        assistant_id: str,
        *,
        schedule: str,
        on_run_completed: OnCompletion | None = None,
        end_time: datetime | None = None,
        headers: Headers = None,
        **options: Unpack[CronOptions],
    ) -> Cron:
        """Start runs, each on a thread of its own; `on_run_completed` says what becomes of it."""
        fields = {"assistant_id": assistant_id, "schedule": schedule}
        ends = given(on_run_completed=on_run_completed, end_time=_written(end_time))
        body = fields | _body(options) | ends
        return await self._http.post("runs", "crons", body=body, headers=headers)

    async def delete(self, cron_id: str, *, headers: Headers = None) -> None:
        await self._http.delete("runs", "crons", cron_id, headers=headers)

    async def update(
        self,
        cron_id: str,
        *,
        schedule: str | None = None,
        end_time: datetime | None = _NOT_GIVEN,
        on_run_completed: OnCompletion | None = None,
        headers: Headers = None,
        **options: Unpack[CronOptions],
    ) -> Cron:
        """Change what is given; an `end_time` of None takes it away."""
        if "multitask_strategy" in options:
            raise TypeError("the multitask_strategy of a cron cannot be changed")
        body = _body(options) | given(schedule=schedule, on_run_completed=on_run_completed)
        if end_time is not _NOT_GIVEN:
            body["end_time"] = _written(end_time)
        return await self._http.patch("runs", "crons", cron_id, body=body, headers=headers)

    async def search(  # noqa: PLR0913 - the route's own filters
        self,
        *,
        assistant_id: str | None = None,
        thread_id: str | None = None,
        enabled: bool | None = None,
        metadata: Json | None = None,
        limit: int = 10,
        offset: int = 0,
        sort_by: str | None = None,
        sort_order: SortOrder | None = None,
        select: Sequence[str] | None = None,
        headers: Headers = None,
    ) -> list[Cron]:
        return await self._http.search(
            "runs",
            "crons",
            "search",
            body=given(
                assistant_id=assistant_id,
                thread_id=thread_id,
                enabled=enabled,
                metadata=metadata,
                limit=limit,
                offset=offset,
                sort_by=sort_by,
                sort_order=sort_order,
                select=select,
            ),
            headers=headers,
        )

    async def count(
        self,
        *,
        assistant_id: str | None = None,
        thread_id: str | None = None,
        metadata: Json | None = None,
        headers: Headers = None,
    ) -> int:
        body = given(assistant_id=assistant_id, thread_id=thread_id, metadata=metadata)
        return await self._http.ask("runs", "crons", "count", body=body, headers=headers)


def _body(options: CronOptions) -> Json:
    if unknown := options.keys() - CronOptions.__annotations__.keys():
        raise TypeError(f"unknown options of a cron: {', '.join(sorted(unknown))}")
    body = given(**options)
    if isinstance(zone := body.get("timezone"), tzinfo):
        body["timezone"] = _name_of(zone)
    return body


def _name_of(zone: tzinfo) -> str:
    """The IANA name of a zone.

    Raises:
        ValueError: it has none that a server could look up.
    """
    name = getattr(zone, "key", None) or zone.tzname(None)
    if not name:
        raise ValueError(f"the time zone {zone!r} has no name")
    return str(name)


def _written(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
