"""Where one block of a growing text ends and the next begins, and where a long one is cut."""

from __future__ import annotations

import re
from dataclasses import replace

from chat_app.transcript.markdown import cuts, definitions, html_blocks
from chat_app.transcript.markdown.cuts import Continuation, Piece
from chat_app.transcript.markdown.pauses import pause
from chat_app.transcript.markdown.reading import Reading, offset
from chat_app.transcript.markdown.structure import (
    Kind,
    Leaf,
    Line,
    Paragraph,
    Structure,
    Verbatim,
    margin,
    match,
    sign_of,
    signs_before,
    step,
)
from chat_app.transcript.markdown.table import cells

_DECIDED = re.compile(
    r" {0,3}(?:(?![`~<$\[\\|:=])[-*+_#>.) \d]*+[^\s\-*+_#>.)\d`~<$\[\\|:=]|\[\^[^\]\s\[]+\]:)"
)
"""A line that begins like this opens the same block whatever follows on it."""

_LONGEST_DETAILS = 64_000
"""Characters after which open `<details>` are cut: until then they are drawn whole each time."""

_SURE = 200
"""Characters of a line after which what reads like a paragraph is one."""

_LINE = re.compile(r"[^\n]*\n")


_USUAL = 500
"""Characters of a long paragraph within which there mostly is a place to cut it."""


class Splitter:
    """The blocks of one text that only grows, each of them whole or in pieces (see `cuts`).

    The sources of `closed` and then `tail`, joined, are the text exactly; blank lines belong to the
    block before them. `closed` only ever gets longer, unless `update` is given another text.
    `longest`: the characters after which an open block is cut.
    """

    def __init__(self, longest: int = cuts.LONGEST) -> None:
        self._longest = longest
        self._restart()

    def _restart(self) -> None:
        self.closed: list[Piece] = []
        self.tail = Piece("", "")
        self.definitions: dict[str, str] = {}
        """Sources of the link definitions in complete paragraphs, by normalised label."""
        self._text = ""
        self._read_to = Reading(Structure())
        self._tail_at = 0
        self._line_at = 0
        self._peeked: Line | None = None
        self._begun_at: int | None = None
        self._defining = ""
        self._pending: tuple[int, Reading, _OpenPiece | None] | None = None
        """What stood before a display that is open: until it is closed it may turn out to be none,
        and no block closes."""
        self._sure_to = 0
        """What opens a display before this offset does close it."""
        self._details = 0
        """How many `<details>` are open: what they hold is one block."""
        self._tried = -1, 0
        """The paragraph (its start) in which no place to cut was found, and how far it went."""
        self._head = ""
        self._column = 0
        self._open: _OpenPiece | None = None
        """The tail, where it goes on with the block before it."""

    def update(self, text: str) -> None:
        """Take the whole text so far; a text that does not begin with the last one starts anew.

        Costs the new text and the tail, plus one comparison of memory with the last text.
        """
        if not text.startswith(self._text):
            self._restart()
        searched = len(self._text)
        self._text = text
        while end := text.find("\n", max(searched, self._line_at)) + 1:
            self._line_at = searched = self._read(end)  # back, where a display turns out to be none
            self._peeked = None
        if not self._pending and not self._peeked and (line := self._peek()):
            self._peeked = line
            self._close_before(line, text[self._line_at :])
        if self._peeked:
            self._cut_within(self._peeked, len(text))
        source = text[self._tail_at :]
        self.tail = self._open.piece(source) if self._open else Piece(source, source)

    def _peek(self) -> Line | None:
        """Read the last line as soon as nothing on it can change what it is."""
        start, structure = self._line_at, self._read_to.structure
        if _DECIDED.match(self._text, start):
            return self._read_to.next(start, self._text[start:])
        if len(self._text) - start > max(self._longest, _SURE):
            line = step(structure, self._text[start : start + _SURE])
            return line if isinstance(line.after.leaf, Paragraph) else None
        return None

    @property
    def reading(self) -> Reading:
        """How far the complete lines of what the tail shows were read."""
        if not self._open:
            return self._read_to.counted_from(self._tail_at)
        signs = signs_before(self._read_to.none_before, self._line_at)
        return replace(self._open.reading, none_before=dict.fromkeys(signs, len(self._text)))

    def _read(self, end: int) -> int:
        """Read the line that ends at `end`; return where to go on."""
        raw = self._text[self._line_at : end]
        line = self._read_to.next(self._line_at, raw)
        if self._pending:
            return self._read_pending(self._pending, raw, line, end)
        if sign_of(line.after) and self._line_at >= self._sure_to:
            if _DECIDED.match(raw):
                self._close_before(line, raw)
            open_piece = self._open and self._open.copy()
            self._pending = (self._line_at, replace(self._read_to), open_piece)
            return self._read_on(raw, line, end)
        self._take_in(raw, line, end)
        return end

    def _read_pending(
        self, before: tuple[int, Reading, _OpenPiece | None], raw: str, line: Line, end: int
    ) -> int:
        """Read a line of a display that is open; once that is decided, all of it is read again."""
        at = self._line_at
        is_none = self._read_to.gives_up(at, raw, line)
        if not is_none and sign_of(line.after):
            return self._read_on(raw, line, end)
        sign = sign_of(self._read_to.structure)
        start, self._read_to, self._open = before
        self._pending = None
        if is_none:
            self._read_to.none_before = {**self._read_to.none_before, sign: at}
        else:
            self._sure_to = end
        return start

    def _read_on(self, raw: str, line: Line, end: int) -> int:
        self._take(raw)
        self._read_to.take(self._line_at, raw, line)
        return end

    def _take_in(self, raw: str, line: Line, end: int) -> None:
        self._close_before(line, raw)
        self._cut_within(line, end)
        rest = max(self._tail_at - self._line_at, 0)
        if rest and isinstance(line.after.leaf, Paragraph):
            leaf = Paragraph(cells(raw[rest:]))
            line = line._replace(after=Structure(line.after.containers, leaf))
        self._take(raw[rest:])
        self._head = self._head_after(raw, line)
        self._collect_definitions(raw, line)
        self._count_details(raw, line)
        self._read_to.take(self._line_at, raw, line)
        self._column = line.column

    def _close_before(self, line: Line, raw: str) -> None:
        """End the tail before the last line, which `line` describes, where it has to or may."""
        if self._line_at == self._begun_at or self._line_at < self._tail_at:
            return
        if self._details and self._line_at - self._tail_at < _LONGEST_DETAILS:
            return
        if line.begins:
            if self._begun_at is not None:
                self._details = 0
                self._close(self._line_at, None)
            self._begun_at = self._line_at
        elif self._begun_at is not None and (raw.strip() or line.kind is Kind.CODE):
            self._cut_before(line)

    def _cut_before(self, line: Line) -> None:
        before = self._read_to.structure
        is_long = self._line_at - self._tail_at >= self._longest
        stays = not self._open or self._open.goes_on.holds(line)
        is_indented = before.leaf is Leaf.INDENTED and not line.opens
        may = is_long and not (is_indented and not self._read_to.line.strip())
        if (stays and not may) or cuts.is_lazy(before, line):
            return
        if goes_on := cuts.cut_before(before, line, self._head):
            self._close(self._line_at, goes_on)
            self._begun_at = self._line_at

    def _cut_within(self, line: Line, end: int) -> None:
        """Cut the last line, of which the text up to `end` is known, in a long paragraph."""
        if self._details or end - self._tail_at <= self._longest:
            return
        while goes_on := cuts.cut_within(line):
            raw = self._text[self._line_at : end]
            begun_at = self._read_to.content_at
            if line.opens:
                begun_at = self._line_at + offset(raw, line.column)
            start = max(begun_at, self._tail_at)
            if end - start <= self._longest or self._defines(raw, line):
                return
            at = self._pause(start, end)
            if at is None:
                return
            self._close(at, goes_on)
            if at < self._line_at:
                self._take(self._text[at : self._line_at])

    def _pause(self, start: int, end: int) -> int | None:
        """Find where to cut the paragraph, mostly as soon as it is long.

        Each search reads the paragraph anew. One with every line would take quadratic time where
        there is no place to cut, so from some length on there is one with every eighth more. The
        lengths depend on nothing else, so that it does not matter how the text arrives.
        """
        usual = self._longest + _USUAL
        if end - start <= usual:
            return pause(self._text, start, start + self._longest, end)
        tried_from, tried = self._tried
        length = longer = tried if start == tried_from else usual
        while start + longer <= end:
            length, longer = longer, longer + longer // 8
        if start == tried_from and length == tried:
            return None
        self._tried = start, length
        return pause(self._text, start, start + self._longest, start + length)

    def _defines(self, raw: str, line: Line) -> bool:
        """Tell whether the paragraph that this line belongs to begins like a link definition."""
        paragraph = _content(raw, line.column) if line.opens else self._defining
        return definitions.may_begin(paragraph)

    def _close(self, at: int, goes_on: Continuation | None) -> None:
        """End the tail at `at`, where the text goes on with a new block or as `goes_on` says."""
        source = self._text[self._tail_at : at]
        piece = self._open.piece(source) if self._open else Piece(source, source)
        if goes_on and goes_on.leaf == cuts.CODE and goes_on.head:
            piece = piece._replace(shown=piece.shown + _closing_fence(self.reading.structure))
        self.closed.append(piece)
        self._tail_at = at
        self._open = _OpenPiece(goes_on) if goes_on else None

    def _take(self, complete: str) -> None:
        """Add complete lines to an open piece."""
        if self._open:
            signs = signs_before(self._read_to.none_before, self._line_at)
            for raw in _LINE.findall(complete):
                self._open.read(raw, signs)

    def _head_after(self, raw: str, line: Line) -> str:
        """What a table or a code block begins with, if this line has completed that."""
        before, after = self._read_to.structure, line.after
        if after.leaf is Leaf.TABLE and before.leaf is not Leaf.TABLE:
            return _content(self._read_to.line, self._column) + _content(raw, line.column)
        is_code = isinstance(after.leaf, Verbatim) and after.leaf.kind is Kind.CODE
        if is_code and line.opens:
            text = raw.expandtabs(4)
            begins_here = line.depth < len(after.containers)
            return text[line.column if begins_here else match(after.containers, text)[0] :]
        return self._head if is_code or after.leaf is Leaf.TABLE else ""

    def _count_details(self, raw: str, line: Line) -> None:
        if self._details or not line.after.containers:
            opened, closed = html_blocks.details(raw, is_html=line.kind is Kind.HTML)
            self._details = max(0, self._details + opened - closed)

    def _collect_definitions(self, raw: str, line: Line) -> None:
        in_paragraph = isinstance(line.after.leaf, Paragraph)
        if not in_paragraph and not self._defining:
            return
        content = _content(raw, line.column)
        if self._defining and in_paragraph and not line.opens:
            self._defining += content
            return
        for label, source in definitions.read(self._defining):
            self.definitions.setdefault(label, source)
        may_define = in_paragraph and line.opens and content.startswith("[")
        self._defining = content if may_define else ""


class _OpenPiece:
    """The tail of a text, where it goes on with the block before it."""

    def __init__(self, goes_on: Continuation) -> None:
        self.goes_on = goes_on
        self._shown = goes_on.head
        self._taken = 0
        self._reading = Reading.of(goes_on.head, Structure())

    @property
    def reading(self) -> Reading:
        return self._reading.counted_from(0)

    def copy(self) -> _OpenPiece:
        """Return the piece as it stands, for it may have to be read again from here."""
        copied = _OpenPiece(self.goes_on)
        copied._shown, copied._taken, copied._reading = self._shown, self._taken, self.reading
        return copied

    def read(self, raw: str, text_signs: frozenset[str]) -> None:
        """Take the next complete line, in which `text_signs` begin no display."""
        is_rest_of_line = self.goes_on.leaf == cuts.PARAGRAPH and not self._taken
        shown = raw if is_rest_of_line else self.goes_on.dedented(raw)
        line = step(self._reading.structure, shown, text_signs)
        self._reading.take(len(self._shown), shown, line)
        self._shown += shown
        self._taken += len(raw)

    def piece(self, source: str) -> Piece:
        rest = source[self._taken :]
        if self._taken or self.goes_on.leaf != cuts.PARAGRAPH:
            rest = self.goes_on.dedented(rest)
        return Piece(source, self._shown + rest, self.goes_on.path)


def _closing_fence(structure: Structure) -> str:
    fence = structure.leaf.fence if isinstance(structure.leaf, Verbatim) else ""
    return f"{margin(structure)}{fence}\n"


def _content(raw: str, column: int) -> str:
    return raw.expandtabs(4)[column:]
