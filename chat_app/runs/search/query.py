"""What a person typed as terms, and where a text has them.

A term is a word, or a phrase in quotes. A text matches where it has all terms. A word matches at
the beginning of words, as it may be half typed; a phrase in whole words. Scripts that put no spaces
between words match anywhere. `Terms.find` with `within_words` also finds words in the middle of
others, where they have three characters or more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from chat_app.runs.search.folding import clean, fold, places

MOST_CHARACTERS = 200
"""Of a query; what comes after is ignored."""
MOST_TERMS = 8
SUBSTRING = 3
"""Characters of the shortest word that is found in the middle of others."""

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\uac00-\ud7af"
)
SPACELESS = re.compile(f"[{_SPACELESS}]+")
"""Thai, Lao, Burmese, Khmer, Chinese, Japanese; and Korean, which joins particles to words."""
_STARTS = f"(?:(?<![^\\W_])|(?<=[{_SPACELESS}]))"
_ENDS = r"(?![^\W_])"
_GIVEN = re.compile(r'"([^"]*)("|$)|([^\s"]+)')
_TOKEN, _BETWEEN = re.compile(r"[^\W_]+"), re.compile(r"[\W_]+")
_BEFORE, _SNIPPET = 40, 160
"""Characters of a snippet before its first hit, and of all of it."""


@dataclass(frozen=True)
class Piece:
    """A part of a text that is shown; `is_hit`: it was searched for."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True)
class Term:
    """A word or a phrase, folded. `is_whole`: it ends with a word."""

    text: str
    is_phrase: bool = False
    is_whole: bool = False

    @property
    def is_spaceless(self) -> bool:
        """It begins in a script without spaces: it matches anywhere."""
        return bool(SPACELESS.match(self.text))

    @property
    def may_be_within(self) -> bool:
        """Whether it is also searched in the middle of words."""
        return not self.is_phrase and len(self.text) >= SUBSTRING

    def pattern(self, *, within_words: bool = False) -> str:
        """A regular expression for folded texts."""
        literal = r"\s+".join(re.escape(part) for part in self.text.split())
        is_free = self.is_spaceless or (within_words and self.may_be_within)
        begins = "" if is_free or not _TOKEN.match(self.text) else _STARTS
        ends = _ENDS if self.is_whole and not SPACELESS.match(self.text[-1]) else ""
        return begins + literal + ends


@dataclass(frozen=True)
class Terms:
    """All of a query."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def may_be_within(self) -> bool:
        """Whether looking within words can find more."""
        return any(term.may_be_within for term in self.terms)

    def matches(self, folded: str, *, within_words: bool = False) -> bool:
        """Whether a folded text has all terms."""
        patterns = self._within if within_words else self._starting
        return bool(self.terms) and all(pattern.search(folded) for pattern in patterns)

    def snippet(self, text: str, *, whole: bool = False) -> tuple[Piece, ...]:
        """The part of a text around the first hits, on one line; `whole`: all of it."""
        return snippet(text, self._hits(text), whole=whole)

    def _hits(self, text: str) -> list[tuple[int, int]]:
        """Where a cleaned text has a term: begin and end of each place, without overlaps."""
        folded = fold(text)
        starting = [_spans(pattern, folded) for pattern in self._starting]
        within = (_spans(pattern, folded) for pattern in self._within)
        spans = sorted(
            span for one, other in zip(starting, within, strict=True) for span in one or other
        )
        if not text.isascii():
            spans = _unfolded(spans, places(text))
        joined: list[tuple[int, int]] = []
        for begin, end in spans:
            if joined and begin <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            elif begin < end:
                joined.append((begin, end))
        return joined

    @cached_property
    def _starting(self) -> list[re.Pattern[str]]:
        return [re.compile(term.pattern()) for term in self.terms]

    @cached_property
    def _within(self) -> list[re.Pattern[str]]:
        return [re.compile(term.pattern(within_words=True)) for term in self.terms]


def terms_of(query: str) -> Terms:
    """The terms of what a person typed; of a very long text those at its beginning."""
    folded = fold(clean(query[:MOST_CHARACTERS]))
    found: dict[Term, None] = {}
    for phrase, closed, word in _GIVEN.findall(folded):
        text = word or " ".join(phrase.split())
        if text:
            found[Term(text, is_phrase=not word, is_whole=bool(closed) and not word)] = None
    return Terms(tuple(found)[:MOST_TERMS])


def tokens(folded: str) -> list[str]:
    """The words of a folded text; of scripts without spaces each pair of characters."""
    found: list[str] = []
    for word in _TOKEN.findall(folded):
        end = 0
        for run in SPACELESS.finditer(word):
            found += [word[end : run.start()]] if run.start() > end else []
            end = run.end()
            found += [word[at : min(at + 2, end)] for at in range(run.start(), end)]
        found += [word[end:]] if end < len(word) else []
    return found


def spaced(folded: str) -> str:
    """A folded text in which `tokens` stand apart, for a tokenizer that splits at spaces."""
    if folded.isascii():
        return folded
    # What is a letter differs between the versions of Unicode that a tokenizer and Python have.
    return SPACELESS.sub(_pairs, _BETWEEN.sub(" ", folded))


def _pairs(run: re.Match[str]) -> str:
    text = run[0]
    return f" {' '.join(text[at : at + 2] for at in range(len(text)))} "


def snippet(text: str, hits: list[tuple[int, int]], *, whole: bool = False) -> tuple[Piece, ...]:
    """The part of a text around the first of these places, on one line."""
    begin, end = 0, len(text)
    if not whole:
        first = hits[0][0] if hits else 0
        begin = 0 if first <= _BEFORE else _word_after(text, first - _BEFORE, first)
        end = min(len(text), begin + _SNIPPET)
    pieces = [Piece("…")] if begin else []
    at = begin
    for start, stop in hits:
        if start >= end:
            break
        pieces += [Piece(text[at:start]), Piece(text[start : min(stop, end)], is_hit=True)]
        at = min(stop, end)
    pieces += [Piece(text[at:end]), *([Piece("…")] if end < len(text) else [])]
    return _joined(pieces)


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Without line breaks, and without empty pieces."""
    found: list[Piece] = []
    for piece in pieces:
        words = re.sub(r"\s+", " ", piece.text)
        if not words:
            continue
        if found and not found[-1].is_hit and not piece.is_hit:
            found[-1] = Piece(found[-1].text + words)
        else:
            found.append(Piece(words, is_hit=piece.is_hit))
    return tuple(found)


def _word_after(text: str, at: int, latest: int) -> int:
    """The first beginning of a word from `at` on, or `at` where there is none before `latest`."""
    space = re.compile(r"\s").search(text, at, latest)
    return space.end() if space else at


def _spans(pattern: re.Pattern[str], folded: str) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(folded)]


def _unfolded(spans: list[tuple[int, int]], begins: list[int]) -> list[tuple[int, int]]:
    """Places in a folded text as places in the text; `begins` are those of its characters."""
    found = []
    at = 0
    for begin, end in spans:
        while at + 1 < len(begins) and begins[at + 1] <= begin:
            at += 1
        last = at
        while last + 1 < len(begins) and begins[last] < end:
            last += 1
        found.append((at, last))
    return found
