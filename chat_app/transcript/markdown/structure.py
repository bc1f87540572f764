r"""Block structure of Markdown, line by line: CommonMark's first phase without building a tree.

A `Structure` is everything that earlier lines can do to the next one: the containers that are open
(quotes, list items, footnotes) and the leaf inside them. `step` reads one line. The rules are those
of CommonMark 0.31 (https://spec.commonmark.org/0.31.2/#phase-1-block-structure) and of GFM tables;
display maths from the start of a line is a leaf of its own here because it may contain blank lines.
A footnote is defined at the margin, not inside a list or a quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from chat_app.transcript.markdown import displays, html_blocks
from chat_app.transcript.markdown.table import cells, is_delimiter_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chat_app.transcript.markdown.displays import Display


class Kind(Enum):
    """What a line is made of."""

    TEXT = "text"
    CODE = "code"
    HTML = "html"
    MATHS = "maths"


class Leaf(Enum):
    """A leaf that needs no memory."""

    NONE = "none"
    TABLE = "table"
    INDENTED = "indented"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`cells` counts the table cells of its last line: it may turn out to be a table's header."""

    cells: int = 0


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A leaf that ends where `end` is found.

    `fence` is what would close it, if it is a fence; of a display, the sign that begins it.
    """

    kind: Kind
    end: re.Pattern[str]
    fence: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote."""


@dataclass(frozen=True, slots=True)
class ListItem:
    """A list item: `marker` distinguishes its list from the next, content is `width` deep."""

    marker: str
    width: int
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """The definition of a footnote; what belongs to it is `width` deep."""

    width: int = 4


Container = Quote | ListItem | Note


@dataclass(frozen=True, slots=True)
class Structure:
    """What is open between two lines. The empty structure is the start of a document."""

    containers: tuple[Container, ...] = ()
    leaf: Leaf | Paragraph | Verbatim = Leaf.NONE


class Line(NamedTuple):
    """One line as read.

    `begins`: a block of the document itself begins here. `opens`: a leaf begins here, at any depth.
    `column`: where the content begins, counted in the line with its tabs expanded. `depth`: how
    many of the containers before it the line is in; `next_item`: there it goes on with a list.
    """

    after: Structure
    begins: bool = False
    opens: bool = False
    kind: Kind = Kind.TEXT
    column: int = 0
    depth: int = 0
    next_item: bool = False


NOTE_START = re.compile(r"\[\^([^\]\s\[]+)\]:[ \t]*")
"""What a footnote's definition begins with; the group is its label."""

INSIDE_NOTE = Structure((Note(width=0),))
"""The start of a note's content that was taken out of its place and its margin."""

NOTHING_FITS = 10**9
"""The width of an item that is closed while its list is still open."""

_DEEPEST = 32
"""The deepest nesting of containers that is tracked; it keeps hostile lines linear."""

_SIGNS = frozenset("#>-+*_=`~<[$\\0123456789")
"""What begins with none of these is text."""

_HEADING = re.compile(r"#{1,6}(?: |$)")
_RULE = re.compile(r"([-*_])(?: *\1){2,} *$")
_UNDERLINE = re.compile(r"(?:=+|-+) *$")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_MARKER = re.compile(r"([-+*])(?= |$)|(\d{1,9})([.)])(?= |$)")
_NO_SIGNS: frozenset[str] = frozenset()


def lines(
    text: str, start: Structure | None = None, *, is_whole: bool = False
) -> Iterator[tuple[int, str, Line]]:
    """Read all of `text`: (offset, the line with its line end, what it is), line by line.

    `is_whole`: nothing follows, so a display that is still open at the end is none.
    """
    structure = before = start or Structure()
    held: list[tuple[int, str, Line]] = []
    none_before: dict[str, int] = {}
    at = 0
    while at < len(text) or (held and is_whole):
        end = text.find("\n", at) + 1 or len(text)
        raw = text[at:end]
        line = step(structure, raw, signs_before(none_before, at))
        if held and (at == len(text) or is_given_up(structure, line, raw, at - held[0][0])):
            none_before[sign_of(structure)] = at
            at, structure = held[0][0], before
            held.clear()
            continue
        if sign_of(line.after):
            before = before if held else structure
            held.append((at, raw, line))
        else:
            yield from held
            held.clear()
            yield at, raw, line
        structure = line.after
        at = end
    yield from held


def signs_before(none_before: Mapping[str, int], at: int) -> frozenset[str]:
    """The signs that begin no display at `at`; for each it is known up to where."""
    if not none_before:
        return _NO_SIGNS
    return frozenset(sign for sign, to in none_before.items() if at < to)


def sign_of(structure: Structure) -> str:
    """The sign that began the display which is open, "" if none is."""
    leaf = structure.leaf
    return leaf.fence if isinstance(leaf, Verbatim) and leaf.kind is Kind.MATHS else ""


def is_given_up(before: Structure, line: Line, raw: str, length: int) -> bool:
    """Tell whether the display that is open before the line turns out to be none.

    It does where its container ends, where words stand in it, and where it gets longer than any
    formula: `length` is what it has so far. Then nothing before this line begins a display with
    that sign: read it again with the sign among the `text_signs` of `step`.
    """
    if not sign_of(before):
        return False
    if line.kind is not Kind.MATHS or line.opens:
        return True
    still_open = sign_of(line.after) != ""
    return still_open and (length > displays.LONGEST or displays.is_prose(raw))


def step(before: Structure, raw: str, text_signs: frozenset[str] = _NO_SIGNS) -> Line:
    """Read one line, with or without its line end; `text_signs` begin no display in it."""
    text = raw.rstrip("\r\n")
    if "\t" in text:
        text = text.expandtabs(4)
    at, matched = match(before.containers, text)
    whole = matched == len(before.containers)
    if whole and isinstance(before.leaf, Verbatim):
        return _continue_verbatim(before, before.leaf, text, at)
    if not text[at:].strip():
        return Line(_after_blank(before, matched), column=len(text), depth=matched)
    opening = _Opening(before, text, at, matched, text_signs)
    return opening.line()._replace(depth=matched, next_item=opening.next_item)


def match(containers: tuple[Container, ...], text: str) -> tuple[int, int]:
    """Walk into the open containers: (column reached, how many of them the line is in)."""
    at = 0
    for depth, container in enumerate(containers):
        indent = _indent(text, at)
        blank = at + indent == len(text)
        if isinstance(container, Quote):
            if indent > 3 or not text.startswith(">", at + indent):
                return at, depth
            at += indent + 1
            at += text.startswith(" ", at)
        elif isinstance(container, Note):
            if indent < container.width and not blank:
                return at, depth
            at += min(indent, container.width)
        elif blank:
            if container.empty or container.width == NOTHING_FITS:
                return at, depth
        elif indent >= container.width:
            at += container.width
        else:
            return at, depth
    return at, len(containers)


def _continue_verbatim(before: Structure, leaf: Verbatim, text: str, at: int) -> Line:
    containers = filled(before.containers)
    depth = len(containers)
    end = leaf.end.search(text[at:])
    if not end:
        return Line(Structure(containers, leaf), kind=leaf.kind, column=at, depth=depth)
    after = Structure(containers)
    rest = text[at + end.end() :].strip()
    if leaf.kind is Kind.MATHS and not displays.is_over(rest):
        after = _Opening(after, rest, 0, depth, _NO_SIGNS).line().after
    return Line(after, kind=leaf.kind, column=at, depth=depth)


def _after_blank(before: Structure, matched: int) -> Structure:
    containers = before.containers[:matched]
    if matched < len(before.containers):
        left = before.containers[matched]
        if isinstance(left, ListItem):
            containers += (replace(left, width=NOTHING_FITS),)
        return Structure(containers)
    return Structure(containers, Leaf.INDENTED if before.leaf is Leaf.INDENTED else Leaf.NONE)


def margin(structure: Structure) -> str:
    """Return what a line needs before it to stand inside the open containers."""
    return "".join("> " if isinstance(c, Quote) else " " * c.width for c in structure.containers)


def filled(containers: tuple[Container, ...]) -> tuple[Container, ...]:
    """Return the containers as they are after a line that is not blank."""
    if not any(isinstance(c, ListItem) and c.empty for c in containers):
        return containers
    return tuple(replace(c, empty=False) if isinstance(c, ListItem) else c for c in containers)


def _indent(text: str, at: int) -> int:
    end = at
    while text.startswith(" ", end):
        end += 1
    return end - at


class _Opening:
    """One line that is not blank and continues no verbatim leaf: what does it open?"""

    def __init__(
        self, before: Structure, text: str, at: int, matched: int, text_signs: frozenset[str]
    ) -> None:
        self.before, self.text, self.at = before, text, at
        self.text_signs = text_signs
        self.matched = matched
        self.containers = filled(before.containers[:matched])
        paragraph = isinstance(before.leaf, Paragraph)
        whole = matched == len(before.containers)
        self.in_paragraph = paragraph and whole
        self.may_be_lazy = paragraph and not whole
        left = None if whole else before.containers[matched]
        self.open_list = left.marker if isinstance(left, ListItem) else ""
        self.in_table = whole and before.leaf is Leaf.TABLE
        self.in_code = whole and before.leaf is Leaf.INDENTED
        self.opened = False
        self.begins = matched == 0
        self.next_item = False

    def line(self) -> Line:
        while True:
            indent = _indent(self.text, self.at)
            rest = self.text[self.at + indent :]
            if not rest:
                return self._open(Leaf.NONE)
            if indent > 3:
                return self._indented()
            if rest[0] not in _SIGNS:
                return self._text(rest)
            if not self._container(indent, rest):
                return self._leaf(rest) or self._text(rest)

    def _container(self, indent: int, rest: str) -> bool:
        if len(self.containers) == _DEEPEST:
            return False
        if rest[0] == ">":
            self._enter(Quote(), indent + 1 + rest.startswith(" ", 1))
            return True
        if rest[0] == "[":
            note = None if self.containers else NOTE_START.match(rest)
            if note:
                self._enter(Note(), indent + note.end())
            return bool(note)
        marker = _MARKER.match(rest)
        if not marker or _RULE.match(rest) or (self.in_paragraph and _UNDERLINE.match(rest)):
            return False
        content = rest[marker.end() :].lstrip(" ")
        if self.in_paragraph and (not content or (marker[2] and int(marker[2]) != 1)):
            return False
        gap = len(rest) - marker.end() - len(content)
        width = indent + marker.end() + (gap if content and gap <= 4 else 1)
        kind = marker[1] or marker[3]
        if not self.opened and kind == self.open_list:
            self.begins, self.next_item = False, True
        self._enter(ListItem(kind, width, empty=not content), width)
        return True

    def _enter(self, container: Container, width: int) -> None:
        self.opened = True
        self.containers += (container,)
        self.at = min(self.at + width, len(self.text))
        self.in_paragraph = self.may_be_lazy = self.in_table = self.in_code = False

    def _leaf(self, rest: str) -> Line | None:
        """Open a leaf that can interrupt a paragraph, or underline the one that is open."""
        if self.in_paragraph and _UNDERLINE.match(rest):
            return Line(Structure(self.containers), column=self.at)
        if _HEADING.match(rest) or _RULE.match(rest):
            return self._open(Leaf.NONE)
        if fence := _FENCE.match(rest):
            run = fence[1] or fence[2]
            end = re.compile(rf"^ {{0,3}}{run[0]}{{{len(run)},}} *$")
            return self._open(Verbatim(Kind.CODE, end, run))
        if display := displays.begins(rest):
            return self._display(rest, display)
        text_is_open = self.in_paragraph or self.may_be_lazy or self.in_table
        if html := html_blocks.end_of(rest, interrupting=text_is_open):
            ends_here = html.search(rest)
            return self._open(Leaf.NONE if ends_here else Verbatim(Kind.HTML, html), Kind.HTML)
        return None

    def _display(self, rest: str, display: Display) -> Line | None:
        if end := display.end.search(rest, display.width):
            is_alone = displays.is_alone(rest, display, end)
            return self._open(Leaf.NONE, Kind.MATHS) if is_alone else None
        if display.sign in self.text_signs or displays.is_none(rest, display):
            return None
        return self._open(Verbatim(Kind.MATHS, display.end, display.sign))

    def _indented(self) -> Line:
        if self.in_paragraph or self.may_be_lazy:
            return self._text("")
        if self.in_code:
            return Line(Structure(self.containers, Leaf.INDENTED), kind=Kind.CODE, column=self.at)
        return self._open(Leaf.INDENTED, Kind.CODE)

    def _text(self, rest: str) -> Line:
        if self.may_be_lazy:
            return Line(self.before, column=self.at)
        if self.in_paragraph:
            leaf = self.before.leaf
            header = leaf.cells if isinstance(leaf, Paragraph) else 0
            is_table = header and is_delimiter_row(rest) and cells(rest) == header
            after = Structure(self.containers, Leaf.TABLE if is_table else Paragraph(cells(rest)))
            return Line(after, column=self.at)
        if self.in_table:
            return Line(Structure(self.containers, Leaf.TABLE), column=self.at)
        return self._open(Paragraph(cells(rest)))

    def _open(self, leaf: Leaf | Paragraph | Verbatim, kind: Kind | None = None) -> Line:
        kind = kind or (leaf.kind if isinstance(leaf, Verbatim) else Kind.TEXT)
        column = self.at + _indent(self.text, self.at)
        return Line(
            Structure(self.containers, leaf), self.begins, opens=True, kind=kind, column=column
        )
