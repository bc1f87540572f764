"""What to draw for a Markdown text, block by block, while it is written and when it is finished.

A block closes as soon as no later text can change where it ends. Drawing the blocks one by one
gives what drawing the whole gives. Two things reach across blocks:

- A link may be defined anywhere. Its definition is put before the blocks that use it, which are
  drawn again if it comes late; until then `[text][label]` shows just its text.
- A footnote is drawn as a link to its note, at once, with a number by where it is first mentioned.
  Notes are drawn where they are written, each as a list item with its number; when the text is
  finished they are gathered at its end. Only then is it known which references have no note:
  those become the text that the author wrote.

A block that exceeds the limits of `markdown.limits` is plain text, in pieces of a bounded length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chat_app.transcript import maths
from chat_app.transcript.markdown import definitions, footnotes, references
from chat_app.transcript.markdown.cuts import LONGEST
from chat_app.transcript.markdown.cuts import Piece as Section
from chat_app.transcript.markdown.limits import Measure, exceeds_limits, pieces
from chat_app.transcript.markdown.reading import Reading
from chat_app.transcript.markdown.references import Bracket, Mention, Piece
from chat_app.transcript.markdown.splitter import Splitter
from chat_app.transcript.markdown.structure import INSIDE_NOTE, Kind, Structure
from chat_app.transcript.repair import repair

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping


class Block(NamedTuple):
    """A block as it was written, and the Markdown to draw for it, which may be empty.

    `is_note`: it is a footnote, or the list of all of them. `is_plain`: it is a piece of plain
    text, to be shown as it is. `path`: it goes on with the block before it, inside these elements
    of that (see `chat_app.transcript.markdown.cuts.Piece`).
    """

    source: str
    drawn: str
    is_note: bool = False
    is_plain: bool = False
    path: str = ""


def draw(text: str, prefix: str, *, longest: int = LONGEST) -> list[Block]:
    """Draw a finished text; see `Drawing` for the other arguments.

    The sources of the blocks, joined, are the text. Footnotes are the last block, without a source.
    """
    splitter = Splitter(longest)
    # Two line ends complete the last line and, where it is one, the last paragraph.
    splitter.update(text + "\n\n")
    tail = splitter.tail
    last = tail._replace(source=tail.source[:-2], shown=tail.shown[:-2])
    parts: list[_Part] = []
    notes: dict[str, _Part] = {}
    for section in (*splitter.closed, *([last] if last.source else [])):
        if exceeds_limits(section.shown):
            parts += map(_plain, pieces(section.source))
            continue
        part = _read(section, notes)
        parts.append(part)
        if part.note:
            notes[part.note] = part
    mentioned = dict.fromkeys(label for part in parts for label in part.mentions if label in notes)
    numbers = {label: number for number, label in enumerate(mentioned, 1)}
    writer = _Writer(prefix, numbers, splitter.definitions, is_final=True)
    blocks = [Block(part.source, "", True) if part.note else writer.block(part) for part in parts]
    listed = writer.list(notes[label] for label in mentioned)
    return [*blocks, Block("", listed, True)] if listed else blocks


class Drawing:
    """The drawing of one text that only grows.

    The sources of `closed` and `tail`, joined, are the text exactly. A block in `closed` is
    replaced when something comes late that it refers to, and plain text where it can be cut in
    another way by then.

    The keys of footnotes begin with `prefix` and a dash, which sets them apart from those of other
    texts: a reference leads to `#fn-KEY`, and its note begins with an empty link to `#fnref-KEY`. A
    block that is longer than `longest` characters is drawn in pieces.
    """

    def __init__(self, prefix: str, *, longest: int = LONGEST) -> None:
        self._prefix = prefix
        self._longest = longest
        self._restart()

    def _restart(self) -> None:
        self.closed: list[Block] = []
        self.tail = Block("", "")
        self._text = ""
        self._splitter = Splitter(self._longest)
        self._blocks_taken = 0
        self._measure = Measure()
        """Of the complete lines of the tail."""
        self._plain_taken = 0
        """Characters of the tail that are closed pieces of plain text."""
        self._plain_length = 0
        """Characters of the tail where that is plain text; 0 of any other."""
        self._parts_before_tail = 0
        """How many parts were there when the tail began."""
        self._parts: list[_Part] = []
        self._notes: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._links_known = 0
        self._waiting: dict[str, list[int]] = {}
        """Closed blocks by what they refer to that has not come: a link's label, or `^` and that
        of a note which nothing has mentioned."""

    def update(self, text: str) -> None:
        """Take the whole text so far; a text that does not begin with the last one starts anew.

        Takes time linear in the new text and the tail.
        """
        if not text.startswith(self._text):
            self._restart()
        self._text = text
        self._splitter.update(text)
        writer = _Writer(self._prefix, self._numbers, self._splitter.definitions)
        came: list[str] = []
        for section in self._splitter.closed[self._blocks_taken :]:
            came += self._take_block(section)
            self._parts_before_tail = len(self._parts)
        drawn = len(self.closed)
        tail = self._splitter.tail.source
        is_plain = bool(self._plain_taken) or self._measure.exceeds(self._splitter.tail.shown)
        self._plain_length = len(tail) if is_plain else 0
        if is_plain:
            *whole, tail = pieces(tail[self._plain_taken :])
            self._parts += map(_plain, whole)
            self._plain_taken += sum(map(len, whole))
        if len(writer.links) > self._links_known:
            came += list(writer.links)[self._links_known :]
            self._links_known = len(writer.links)
        for number in {number for label in came for number in self._waiting.pop(label, ())}:
            if number < drawn:
                self.closed[number] = writer.block(self._parts[number])
        self.closed += map(writer.block, self._parts[drawn:])
        self.tail = Block(tail, tail, is_plain=True) if is_plain else self._draw_tail(writer)

    def _take_block(self, section: Section) -> list[str]:
        """Add a block that closed; return the notes that it is the first to mention."""
        self._blocks_taken += 1
        taken, measure, length = self._plain_taken, self._measure, self._plain_length
        self._plain_taken, self._measure, self._plain_length = 0, Measure(), 0
        if len(section.source) < length:
            # What came last allows a cut in what was there: its pieces are made anew.
            del self._parts[self._parts_before_tail :], self.closed[self._parts_before_tail :]
            taken, measure = 0, Measure()
        if not taken and not measure.exceeds(section.shown):
            return self._take(_read(section, self._notes))
        self._parts += map(_plain, pieces(section.source[taken:]))
        return []

    def _take(self, part: _Part) -> list[str]:
        """Add a closed block; return the notes that it is the first to mention."""
        number = len(self._parts)
        self._parts.append(part)
        new = [label for label in part.mentions if label not in self._numbers]
        self._numbers |= {label: n for n, label in enumerate(new, len(self._numbers) + 1)}
        awaited = [label for label in part.labels if label not in self._splitter.definitions]
        if part.note:
            self._notes.add(part.note)
            if part.note not in self._numbers:
                awaited.append("^" + part.note)
        for label in awaited:
            self._waiting.setdefault(label, []).append(number)
        return ["^" + label for label in new]

    def _draw_tail(self, writer: _Writer) -> Block:
        part = _read(self._splitter.tail, self._notes, self._splitter.reading)
        new = [label for label in part.mentions if label not in writer.numbers]
        if new:
            numbers = {label: n for n, label in enumerate(new, len(writer.numbers) + 1)}
            writer = writer._replace(numbers={**writer.numbers, **numbers})
        return writer.block(part)

    def finish(self) -> list[Block]:
        """Draw everything, now that the text is complete."""
        return draw(self._text, self._prefix, longest=self._longest)


class _Part(NamedTuple):
    """A block that was read and can be drawn: `pieces` is what is in it, in a note its content.

    `note`: the label of the footnote that it defines, or "". `labels`: what its links may refer to.
    """

    source: str
    pieces: tuple[Piece, ...]
    labels: tuple[str, ...]
    mentions: tuple[str, ...]
    note: str
    is_plain: bool = False
    path: str = ""


def _plain(source: str) -> _Part:
    return _Part(source, (source,), (), (), "", is_plain=True)


def _read(section: Section, notes: Container[str], reading: Reading | None = None) -> _Part:
    """Read a block, or with a `reading` the tail as it looks while more is to come.

    Of two notes with the same label the first counts: one that `notes` has shows nothing.
    """
    source = section.source
    note = None if section.path else footnotes.read(source)
    if note and note.label in notes:
        return _Part(source, (), (), (), "")
    start, shown = (INSIDE_NOTE, note.content) if note else (Structure(), section.shown)
    if reading:
        shown = repair(shown, Reading.of(shown, start) if note else reading)
    pieces = tuple(_pieces(shown, start))
    labels = definitions.used(shown)
    mentions = dict.fromkeys(piece.label for piece in pieces if isinstance(piece, Mention))
    label = note.label if note else ""
    return _Part(source, pieces, labels, tuple(mentions), label, path=section.path)


def _pieces(markdown: str, start: Structure) -> Iterator[Piece]:
    """Rewrite the maths, and cut at the references."""
    if not maths.may_be_in(markdown) and not references.may_be_in(markdown):
        yield markdown
        return
    for kind, passage in maths.rewritten(markdown, start):
        if kind is Kind.TEXT:
            yield from references.read(passage)
        else:
            yield passage


class _Writer(NamedTuple):
    """How references are written: by what is known of footnotes and links at the moment."""

    prefix: str
    numbers: Mapping[str, int]
    links: Mapping[str, str]
    is_final: bool = False

    def block(self, part: _Part) -> Block:
        drawn = self._item(part) if part.note else self._content(part)
        drawn = self._with_links(drawn, part.labels)
        return Block(part.source, drawn, bool(part.note), part.is_plain, part.path)

    def list(self, notes: Iterable[_Part]) -> str:
        items: list[str] = []
        labels: dict[str, None] = {}
        for note in notes:
            items.append(self._item(note))
            labels.update(dict.fromkeys(note.labels))
        return self._with_links("\n".join(items), labels)

    def _item(self, note: _Part) -> str:
        number = self.numbers.get(note.note)
        return footnotes.item(number, self._key(note.note), self._content(note)) if number else ""

    def _content(self, part: _Part) -> str:
        return "".join(map(self._piece, part.pieces))

    def _piece(self, piece: Piece) -> str:
        match piece:
            case Mention(label):
                return piece.drawn(self.numbers.get(label), self._key(label))
            case Bracket(label, source):
                return source if self.is_final or label in self.links else ""
            case str():
                return piece

    def _key(self, label: str) -> str:
        return f"{self.prefix}-{footnotes.slug(label)}"

    def _with_links(self, drawn: str, labels: Iterable[str]) -> str:
        return definitions.preceded(drawn, labels, self.links) if drawn and self.links else drawn
