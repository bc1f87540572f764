"""The answers that models of the benchmark give: markdown in tokens, some of them marked.

There is the usual one, realistic prose, and one for each kind of block that can get very long.

A marked token ends in a word that occurs once, such as ``q40q`` for token 40: a reader that sees it
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


LONG = {
    "list": ("", "- Item {n} has **{n}** *words* and `code`, {mark}\n"),
    "table": ("| No | Name | Value |\n|---:|---|---|\n", "| {n} | name **{n}** | {mark} |\n"),
    "paragraph": ("", "Sentence {n} is *one* of many with {mark} in it. "),
    "code": ("```python\n", "value_{n} = compute({n}, 'text')  # {mark}\n"),
}
"""By kind of block: how one begins, and what each token adds to it."""


@lru_cache
def tokens(number: int, kind: str = "", first: int = 0) -> tuple[str, ...]:
    """`number` tokens, of a `kind` of `LONG` or about four characters each; the last is marked.

    The marks of prose count from `first`, so that no two answers of a thread have one in common.
    """
    if kind:
        return tuple(_one_long_block(number, *LONG[kind]))
    found: list[str] = []
    marked = 0
    for token in _endless():
        index = len(found)
        if index == number - 1:
            return (*found, f"\n\n{mark(first + index)}")
        if index >= marked + MARK_EVERY and _MAY_BE_MARKED.fullmatch(token):
            token, marked = f" {mark(first + index)}{token}", index  # noqa: PLW2901 - the same token
        found.append(token)
    raise AssertionError


def _one_long_block(number: int, start: str, line: str) -> Iterator[str]:
    """All of it in one block: an item, a row, a sentence or a line of code is one token."""
    for index in range(number):
        is_marked = index % MARK_EVERY == 0 or index == number - 1
        word = mark(index) if is_marked else "word"
        yield (start if index == 0 else "") + line.format(n=index + 1, mark=word)


def first_mark(number: int, kind: str = "") -> int:
    """The first marked token of `number`."""
    found = MARK.search("".join(tokens(number, kind)))
    assert found, "the last token is always marked"
    return int(found[1])


def _endless() -> Iterator[str]:
    for number in count(1):
        yield from _TOKEN.findall(_CHAPTER.replace("CHAPTER", str(number)))
