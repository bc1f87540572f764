"""The answer every model of the benchmark gives: realistic markdown in tokens, some of them marked.

A marked token ends in a word that occurs once, such as ``q40q`` for token 40: whoever sees it
knows which token arrived, and the schedule tells when that one left.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = re.compile(r"q(\d+)q")
MARK_EVERY = 10
"""At least this many tokens from one mark to the next."""

_CHAPTER = Path(__file__).with_name("chapter.md").read_text()
_TOKEN = re.compile(r"\s*(?:[^\W_]{1,6}|[\W_])")
_MAY_BE_MARKED = re.compile(r" [a-z]+")


def mark(index: int) -> str:
    """The word that tells token `index`."""
    return f"q{index}q"


@lru_cache
def tokens(number: int) -> tuple[str, ...]:
    """`number` tokens of about four characters; the last one is marked."""
    found: list[str] = []
    marked = 0
    for token in _endless():
        index = len(found)
        if index == number - 1:
            return (*found, f"\n\n{mark(index)}")
        if index >= marked + MARK_EVERY and _MAY_BE_MARKED.fullmatch(token):
            token, marked = f" {mark(index)}{token}", index  # noqa: PLW2901 - the same token
        found.append(token)
    raise AssertionError


def first_mark(number: int) -> int:
    """The first marked token of `number`."""
    found = MARK.search("".join(tokens(number)))
    assert found, "the last token is always marked"
    return int(found[1])


def _endless() -> Iterator[str]:
    for number in count(1):
        yield from _TOKEN.findall(_CHAPTER.replace("CHAPTER", str(number)))
