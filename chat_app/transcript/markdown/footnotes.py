"""Footnotes as GitHub writes them: `[^label]` in the text, `[^label]: the note` on a line.

https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#footnotes
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from chat_app.transcript.markdown import definitions
from chat_app.transcript.markdown.structure import (
    INSIDE_NOTE,
    NOTE_START,
    Note,
    Paragraph,
    step,
)

_BEGINNING = re.compile(rf"(?:[ \t]*\n)* {{0,3}}{NOTE_START.pattern}")
_INDENT = re.compile(r"[ \t]+")
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9_-]")


class Footnote(NamedTuple):
    """A footnote's definition; `content` is Markdown of its own."""

    label: str
    content: str


def read(block: str) -> Footnote | None:
    """Read a block of the document, None if it defines no footnote."""
    found = _BEGINNING.match(block)
    if not found:
        return None
    first, *others = block[found.end() :].splitlines(keepends=True) or [""]
    return Footnote(definitions.normal(found[1]), "".join((first, *map(_dedented, others))))


def _dedented(line: str) -> str:
    found = _INDENT.match(line)
    if not found:
        return line
    columns = found[0].expandtabs(4)[Note().width :]
    return columns + line[found.end() :]


def slug(label: str) -> str:
    """Write a label in the letters of a key; different labels give different slugs."""
    return _NOT_IN_A_KEY.sub(lambda letter: f".{ord(letter[0]):x}.", label)


def item(number: int, key: str, content: str) -> str:
    """Write a note as an item of an ordered list, with a mark that its references lead to."""
    marker = f"{number}. "
    margin = " " * len(marker)
    content = content.strip("\n")
    gap = " " if _begins_with_words(content) else "\n\n"
    first, *others = f"{marker}[](#fnref-{key}){gap}{content}".rstrip().split("\n")
    return "\n".join((first, *(margin + line if line.strip() else "" for line in others)))


def _begins_with_words(content: str) -> bool:
    if content.startswith("\\"):
        return True  # an escape: maths was rewritten with dollar signs
    after = step(INSIDE_NOTE, content.partition("\n")[0]).after
    defines = content.startswith("[") and next(definitions.read(content), None)
    return after == replace(INSIDE_NOTE, leaf=Paragraph()) and not defines
