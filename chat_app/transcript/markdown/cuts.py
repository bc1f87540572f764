"""Where a long block is cut while it is open, and how one piece of it is drawn without the others.

A list of a thousand items is one block to Markdown, and so is a paragraph of 50 KB. Drawn whole at
each token such a block costs the square of its length. So a block that has grown long is cut where
no later text can change what stands before: between the items of a list, the rows of a table, the
lines of code, the blocks inside a quote or an item, and in a paragraph between words where nothing
is half open. The cuts follow from the text alone, not from the way it arrives.

What later text could change is how far apart the items of a list stand: a blank line makes all of
them loose. The page therefore sets tight and loose items alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from chat_app.transcript.markdown.structure import (
    Kind,
    Leaf,
    ListItem,
    Note,
    Paragraph,
    Quote,
    Verbatim,
    filled,
    match,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.transcript.markdown.structure import Container, Line, Structure

LONGEST = 1500
"""Characters after which a block that is still open is cut at the next opportunity."""

LIST, TABLE, PARAGRAPH, CODE, BLOCKS = "list", "table", "paragraph", "code", "blocks"

_LEADING = re.compile(r"[ \t>]*")


class Piece(NamedTuple):
    """A part of a text: a whole block of the document, or what a long one was cut into.

    `shown` is Markdown that stands for itself. `path` is empty for what begins a block. Otherwise
    the piece goes on with the block before it, inside these HTML elements, outermost first: of
    `ul li ol` it adds items to the ordered list in the last item of the list before.
    """

    source: str
    shown: str
    path: str = ""


class Continuation(NamedTuple):
    """How a piece goes on with the block before it.

    It lies in `containers` that were opened earlier, whose margins its lines still have; with more
    of what `leaf` says. `head` is what has to stand before it so that it is read as such.
    """

    containers: tuple[Container, ...]
    leaf: str
    path: str
    head: str = ""

    def dedented(self, line: str) -> str:
        """Take the margins of the containers off a line, which may have a line end."""
        if not self.containers or not line.strip():
            return line
        if "\t" in line:
            margin = _LEADING.match(line)
            end = margin.end() if margin else 0
            line = line[:end].expandtabs(4) + line[end:]
        at, depth = match(self.containers, line.rstrip("\r\n"))
        if depth == len(self.containers):
            return line[at:]
        # It goes on with a paragraph without its margins: deep enough, it can be nothing else.
        return "    " + line.lstrip(" ")

    def holds(self, line: Line) -> bool:
        """Tell whether a line that is not blank nor lazy is more of the same."""
        depth = len(self.containers)
        if line.depth < depth:
            return False
        if self.leaf == LIST:
            return line.depth > depth or line.next_item
        return self.leaf == BLOCKS or not line.opens


def is_lazy(before: Structure, line: Line) -> bool:
    """Tell whether a line belongs to a paragraph in containers whose margins it does not have."""
    return not line.opens and line.depth < len(before.containers)


def cut_before(before: Structure, line: Line, head: str) -> Continuation | None:
    """Cut between two lines: how the second one goes on, None where there is no cut.

    `before` is what the first line leaves open, `head` the lines that a table or a code block
    in it began with.
    """
    if any(isinstance(container, Note) for container in before.containers):
        return None
    inside = filled(before.containers[: line.depth])
    if line.next_item:
        item = before.containers[line.depth]
        return Continuation(inside, LIST, _path(inside, _list_tag(item)))
    if line.opens:
        return Continuation(inside, BLOCKS, _path(inside)) if inside else None
    if before.leaf is Leaf.TABLE and line.after.leaf is Leaf.TABLE:
        return Continuation(inside, TABLE, _path(inside, "table"), head)
    leaf = line.after.leaf
    is_fenced = bool(head) and isinstance(leaf, Verbatim) and leaf.kind is Kind.CODE
    if is_fenced or (before.leaf is Leaf.INDENTED and line.kind is Kind.CODE):
        return Continuation(inside, CODE, _path(inside, "pre"), head if is_fenced else "")
    return None


def cut_within(line: Line) -> Continuation | None:
    """Cut a line of a paragraph: how the rest of it goes on, None where there is no cut."""
    inside = line.after.containers
    if not isinstance(line.after.leaf, Paragraph) or line.kind is not Kind.TEXT:
        return None  # a display may end on the line of a paragraph
    if any(isinstance(c, Note) for c in inside):
        return None
    return Continuation(filled(inside), PARAGRAPH, _path(inside, "p"))


def _path(containers: Sequence[Container], *inner: str) -> str:
    tags: list[str] = []
    for container in containers:
        if isinstance(container, Quote):
            tags.append("blockquote")
        elif isinstance(container, ListItem):
            tags += (_list_tag(container), "li")
    return " ".join((*tags, *inner))


def _list_tag(item: Container) -> str:
    return "ul" if isinstance(item, ListItem) and item.marker in "-+*" else "ol"
