"""Thoughts that a model writes into its text, between ``<think>`` and ``</think>``.

Open models do that wherever their server does not take the thoughts out. A server that puts the
first tag into the prompt leaves the closing one alone; then all before it was thought. Tags in code
are text, for a model may write about them, and so is one in the middle of a sentence that is never
closed and stands like a word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from chat_app.transcript.markdown.passages import passages
from chat_app.transcript.markdown.spans import Spans
from chat_app.transcript.markdown.structure import Kind
from chat_app.transcript.message import Reasoning, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("think", "thinking", "thought", "reasoning", "seed:think")
"""Names of the tags; Mistral's models write ``[THINK]`` and ``[/THINK]``."""

_TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>{'|'.join(NAMES)})\s{{0,9}}>|\[(?P<close2>/?)THINK\]", re.IGNORECASE
)
_QUICK = (
    re.compile(rf"</?(?:{'|'.join(NAMES)})", re.IGNORECASE),
    re.compile(r"\[/?THINK", re.IGNORECASE),
)
"""A first look, each by a sign that it begins with: every text is looked through for each piece."""
_WHOLE = (*(f"<{slash}{name}>" for name in NAMES for slash in ("", "/")), "[think]", "[/think]")
_LONGEST = max(map(len, _WHOLE)) + 9
_MOST_WORDS = 50
"""Tags that stand like words before the rest is taken as it is."""


class _Tag(NamedTuple):
    name: str
    closes: bool
    start: int
    end: int


def split(text: str, *, complete: bool) -> list[Text | Reasoning]:
    """The thoughts and the rest of a text, in order; without tags the text alone.

    While more may come (not `complete`), a beginning of a tag at the end is left out, and what is
    not closed yet is thought.
    """
    if not complete:
        text = text[: _unfinished(text)]
    if not any(quick.search(text) for quick in _QUICK):
        return [Text(text)] if text else []
    return [part for part in _parts(text, complete=complete) if part.text]


def _parts(text: str, *, complete: bool) -> Iterator[Text | Reasoning]:
    at, words, is_first = 0, 0, True
    code = _Code(text, at, complete=complete)
    look = at
    while tag := _next(text, look, code):
        if tag.closes:
            yield Reasoning(text[at : tag.start].strip())
            at = look = tag.end
            is_first, code = False, _Code(text, at, complete=complete)
            continue
        end = _closed(text, tag, complete=complete)
        if end is None and complete and _is_a_word(text, tag):
            look, words = tag.end, words + 1
            if words == _MOST_WORDS:
                break
            continue
        before = text[at : tag.start].rstrip()
        yield Text(before if is_first else before.lstrip())
        yield Reasoning(text[tag.end : end.start if end else len(text)].strip())
        at = look = end.end if end else len(text)
        is_first, code = False, _Code(text, at, complete=complete)
    yield Text(text[at:] if is_first else text[at:].lstrip())


def _tags(text: str, start: int) -> Iterator[_Tag]:
    for found in _TAG.finditer(text, start):
        name = (found["name"] or "[").lower()
        closes = bool(found["close"] or found["close2"])
        yield _Tag(name, closes, found.start(), found.end())


def _next(text: str, start: int, code: _Code) -> _Tag | None:
    return next((tag for tag in _tags(text, start) if not code.holds(tag.start)), None)


def _closed(text: str, opening: _Tag, *, complete: bool) -> _Tag | None:
    """The tag that ends the thought which `opening` begins."""
    closing = [tag for tag in _tags(text, opening.end) if tag.closes and tag.name == opening.name]
    if not closing:
        return None
    # Code that a thought never closes does not outlast it.
    code = _Code(text, opening.end, complete=complete, only_closed=True)
    return next((tag for tag in closing if not code.holds(tag.start)), None)


def _is_a_word(text: str, tag: _Tag) -> bool:
    """Whether a tag stands in a line like a word: text before it, and a space or a sign after."""
    line = text[text.rfind("\n", 0, tag.start) + 1 : tag.start]
    after = text[tag.end : tag.end + 1]
    return bool(line.strip()) and after in " ,.;:!?)\"'"


def _unfinished(text: str) -> int:
    """Where a beginning of a tag at the end of the text starts, or else the end."""
    least = max(0, len(text) - _LONGEST)
    for sign in "<[":
        at = text.rfind(sign, least)
        if at >= 0 and _begins_a_tag(text[at:].lower()):
            return at
    return len(text)


def _begins_a_tag(end: str) -> bool:
    word = end.rstrip()
    if word != end:  # spaces may stand before the last sign alone
        return any(word == whole[:-1] for whole in _WHOLE)
    return any(word != whole and whole.startswith(word) for whole in _WHOLE)


class _Code:
    """Which places of `text[start:]`, read as Markdown, are code; found out when first asked.

    `only_closed`: a fence that is never closed is none.
    """

    def __init__(self, text: str, start: int, *, complete: bool, only_closed: bool = False) -> None:
        self._text, self._start = text, start
        self._is_open_at_end = not complete
        self._only_closed = only_closed
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._is_read = False

    def holds(self, at: int) -> bool:
        """Whether the character at `at` is code."""
        if not self._is_read:
            self._read()
        place = bisect_right(self._begins, at) - 1
        return place >= 0 and at < self._ends[place]

    def _read(self) -> None:
        self._is_read = True
        at = self._start
        for kind, passage in passages(self._text[at:]):
            end = at + len(passage)
            if kind is Kind.CODE:
                if self._ends and self._ends[-1] == at:
                    self._ends[-1] = end
                else:
                    self._add(at, end)
            else:
                self._read_spans(passage, at)
            at = end
        if self._only_closed and self._ends and self._ends[-1] == len(self._text):
            self._begins.pop()
            self._ends.pop()

    def _read_spans(self, passage: str, start: int) -> None:
        if "`" not in passage:
            return
        spans, at = Spans(passage), 0
        is_last = start + len(passage) == len(self._text)
        while (at := passage.find("`", at)) >= 0:
            end = spans.code(at)
            if end is None and is_last and self._is_open_at_end:
                end = len(passage)  # the closing sign may come yet
            if end is None:
                at += spans.run(at)
            else:
                self._add(start + at, start + end)
                at = end

    def _add(self, begin: int, end: int) -> None:
        self._begins.append(begin)
        self._ends.append(end)
