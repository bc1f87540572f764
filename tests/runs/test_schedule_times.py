"""Cron expressions: what is taken, what it means, when it is due."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app import text
from chat_app.runs.schedule_times import NotATimeError, checked, in_words, next_time, zone_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("15 * * * *", "Every hour at minute 15"),
        ("0 9 * * *", "Every day at 09:00"),
        ("5 18 * * 1-5", "Every weekday at 18:05"),
        ("0 9 * * 0", "Every Sunday at 09:00"),
        ("0 9 * * 7", "Every Sunday at 09:00"),
        ("30 7 * * 3", "Every Wednesday at 07:30"),
        ("0 9 31 * *", "Every month on day 31 at 09:00"),
        ("*/5 * * * *", "Every 5 minutes"),
        ("0 9 * * MON,WED", "At 09:00, only on Monday and Wednesday"),
        ("0 9 1 1 *", "At 09:00, on day 1 of the month, only in January"),
    ],
)
def test_an_expression_is_told_in_words(cron: str, words: str) -> None:
    assert in_words(checked(cron)) == words


@pytest.mark.parametrize(
    "cron",
    [
        *("", "nonsense", "* * * *", "* * * * * *", "@daily", "61 * * * *", "0 24 * * *"),
        *("0 0 0 * *", "0 0 32 * *", "0 0 1 13 *", "0 0 * * 8", "R R * * *", "H H * * *"),
        *(
            "0 9 L * *",
            "0 9 * * 1#2",
            "0 9 * * *\0",
            "\u0660 \u0669 * * *",
            "0 9 * * * " + " " * 200,
        ),
    ],
)
def test_what_is_no_expression_of_five_fields_is_refused(cron: str) -> None:
    with pytest.raises(NotATimeError) as refused:
        checked(cron)
    assert refused.value.sentence == text.SCHEDULE_BAD_CRON


def test_spaces_are_of_no_matter() -> None:
    assert checked(" 0\t9  * * 1 ") == "0 9 * * 1"


def test_the_next_time_is_one_of_the_time_zone() -> None:
    after = datetime(2026, 7, 1, 6, 59, tzinfo=UTC)
    assert next_time("0 9 * * *", BERLIN, after) == datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    winter = datetime(2026, 12, 1, 7, 59, tzinfo=UTC)
    assert next_time("0 9 * * *", BERLIN, winter) == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("cron", ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *"])
def test_a_day_that_never_comes_is_refused(cron: str) -> None:
    with pytest.raises(NotATimeError) as refused:
        next_time(checked(cron), BERLIN)
    assert refused.value.sentence == text.SCHEDULE_NEVER


@pytest.mark.parametrize(
    "name", ["Mars/Base", "../../etc/passwd", "/etc/passwd", "Europe", "UTC\0", "x" * 5000]
)
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(NotATimeError):
        zone_of(name)


def test_without_a_time_zone_it_is_utc() -> None:
    assert zone_of("").key == "UTC"


@given(st.text(max_size=120) | st.from_regex(r"([0-9*,/-]{1,6} ){4}[0-9*,/-]{1,6}", fullmatch=True))
def test_whatever_is_typed_has_a_next_time_and_words_or_is_refused(typed: str) -> None:
    try:
        cron = checked(typed)
        due = next_time(cron, BERLIN)
    except NotATimeError:
        return
    assert due > datetime.now(UTC)
    assert in_words(cron)
