"""Which version of a message or an answer a row shows: "2 / 3"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.state.rows import EndRow, HumanRow, MediaRow
from chat_app.transcript.branches import OF_ANSWER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.state.rows import Row
    from chat_app.transcript.branches import Versions


def versioned(row: Row, versions: Mapping[str, Versions]) -> Row:
    """The row with the version that its message is; the same object where that is not new."""
    if not isinstance(row, HumanRow | MediaRow | EndRow):
        return row
    of_answer = isinstance(row, EndRow) and row.is_unanswered
    at = f"{row.id}{OF_ANSWER}" if of_answer else row.id
    known = versions.get(at) if row.id else None
    number, count = (known.number, known.count) if known and known.count > 1 else (0, 0)
    is_same = (number, count) == (row.number, row.count)
    if is_same:
        return row
    if of_answer:
        return replace(row, number=number, count=count, versions_at=at if count else "")
    return replace(row, number=number, count=count)


def renumber(rows: list[list[Row]], versions: Mapping[str, Versions]) -> int:
    """Put the versions into the rows of messages; return how many rows are as they were.

    `rows` is changed. Of the rows from the first one that changed on, the others are the same
    objects as before.
    """
    count, stands = 0, -1
    for of_message in rows:
        for place, row in enumerate(of_message):
            now = versioned(row, versions)
            if now is not row:
                of_message[place] = now
                stands = count + place if stands < 0 else stands
        count += len(of_message)
    return stands if stands >= 0 else count
