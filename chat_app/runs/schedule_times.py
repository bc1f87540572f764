"""When a schedule is due: cron expressions checked, in words, and their next times.

A server takes what its own parser takes; here are the five usual fields, which all of them know.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cron_descriptor import FormatError, Options, get_description
from croniter import CroniterBadDateError, CroniterError, croniter

from chat_app import text
from chat_app.transcript.error_text import AppError

LONGEST = 100
"""Characters of a cron expression, and of the name of a time zone."""
_FIELDS = 5
_NAMES = "SUN|MON|TUE|WED|THU|FRI|SAT|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_FIELD = re.compile(rf"(?:[0-9*,/-]|{_NAMES})+", re.IGNORECASE)


class NotATimeError(AppError):
    """A cron expression or time zone that is none; `sentence` says why."""


def checked(cron: str) -> str:
    """A cron expression with single spaces.

    Raises:
        NotATimeError: it has not five fields, or one of them means nothing.
    """
    fields = cron.split() if len(cron) <= LONGEST else []
    is_plain = len(fields) == _FIELDS and all(map(_FIELD.fullmatch, fields))
    spaced = " ".join(fields)
    if not is_plain or not croniter.is_valid(spaced):
        raise NotATimeError(text.SCHEDULE_BAD_CRON)
    return spaced


def zone_of(name: str) -> ZoneInfo:
    """The time zone of an IANA name; UTC where it is empty.

    Raises:
        NotATimeError: there is none.
    """
    try:
        if len(name) > LONGEST:
            raise NotATimeError(text.SCHEDULE_BAD_ZONE)
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, KeyError):
        raise NotATimeError(text.SCHEDULE_BAD_ZONE) from None


def next_time(cron: str, zone: ZoneInfo, after: datetime | None = None) -> datetime:
    """The next time after `after`, or after now.

    Raises:
        NotATimeError: there is none, as for the 31st of February.
    """
    begin = (after or datetime.now(UTC)).astimezone(zone)
    try:
        return croniter(cron, begin, max_years_between_matches=8).get_next(datetime)
    except CroniterBadDateError:
        raise NotATimeError(text.SCHEDULE_NEVER) from None
    except CroniterError:
        raise NotATimeError(text.SCHEDULE_BAD_CRON) from None


def in_words(cron: str) -> str:
    """A cron expression as a sentence; itself where it cannot be put into one."""
    fields = cron.split()
    return _usual(fields) or _described(cron)


def _usual(fields: list[str]) -> str:
    """One of what the form for schedules offers; empty for anything else."""
    match fields:
        case [minute, "*", "*", "*", "*"] if minute.isdecimal():
            return text.AT_MINUTE.format(minute=int(minute))
        case [minute, hour, date, "*", day] if minute.isdecimal() and hour.isdecimal():
            return _at_time(f"{int(hour):02}:{int(minute):02}", date, day)
    return ""


def _at_time(time: str, date: str, day: str) -> str:
    match date, day:
        case "*", "*":
            return text.EVERY_DAY.format(time=time)
        case "*", "1-5":
            return text.EVERY_WEEKDAY.format(time=time)
        case "*", _ if day.isdecimal():
            return text.EVERY_WEEK.format(day=text.DAYS[int(day) % len(text.DAYS)], time=time)
        case _, "*" if date.isdecimal():
            return text.EVERY_MONTH.format(date=int(date), time=time)
    return ""


def _described(cron: str) -> str:
    options = Options()
    options.use_24hour_time_format = True
    try:
        return get_description(cron, options)
    except (FormatError, ValueError, IndexError, KeyError, TypeError):
        return cron
