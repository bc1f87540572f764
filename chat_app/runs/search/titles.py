"""Titles in which the letters of a query follow each other: what the page then ranks and marks.

It lets more pass than the page shows (`components/commands/fuzzy.js`), and knows nothing of words:
each part of the query between spaces has to be there as a sequence of letters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat_app.runs.search.folding import clean, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 200
"""Characters of a query."""


def titles_like(
    query: str, titles: Iterable[tuple[str, str]], *, most: int
) -> list[tuple[str, str]]:
    """Up to `most` of the titles, given as id and title, in their order.

    Those that have all parts of the query as they stand come before those that have their letters
    somewhere. An empty query fits nothing.
    """
    parts = fold(clean(query[:_LONGEST])).split()
    if not parts:
        return []
    loose = [_letters(part) for part in parts]
    whole: list[tuple[str, str]] = []
    scattered: list[tuple[str, str]] = []
    for thread_id, title in titles:
        folded = fold(clean(title))
        if all(part in folded for part in parts):
            whole.append((thread_id, title))
            if len(whole) == most:
                break
        elif len(scattered) < most and all(letters.search(folded) for letters in loose):
            scattered.append((thread_id, title))
    return [*whole, *scattered][:most]


def _letters(part: str) -> re.Pattern[str]:
    """The letters in order; each step skips what is not the letter, so that none is tried twice."""
    skipping = (f"[^{re.escape(letter)}]*{re.escape(letter)}" for letter in part)
    return re.compile("".join(skipping))
