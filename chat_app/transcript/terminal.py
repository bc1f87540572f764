r"""Text written for a terminal, as it would stand there: no colours, and lines as overwritten.

Programs write colours, links and titles as escape sequences (ECMA-48), and progress by returning to
the start of the line (``\r``), going back (``\b``) or moving the cursor. What is left is what a
reader of the terminal would see, with lines of any length.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat_app.transcript.markdown.passages import passages
from chat_app.transcript.markdown.structure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SIGNS = "\x1b\r\b\x07\x00"
"""Control characters of which one is in nearly every text that has any."""
_CSI = r"\x1b\[[0-?]*[ -/]*[@-~]"
_STRING = r"\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)"
"""An operating system command, such as a link or a title, and its like; to the end of its line."""
_OTHER = r"\x1b[ -/]*[0-Z\\^-~]"
_HALF = r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b\n]*\x1b?|[ -/]*)\Z"
_QUIET = re.compile(rf"\x1b\[[0-?]*[ -/]*m|{_STRING}|\r(?=\n)")
"""What changes nothing but the look: colours, links, and a line end of two characters."""
_TOKEN = re.compile(rf"{_CSI}|{_STRING}|{_HALF}|{_OTHER}|[\x00-\x08\x0a-\x1f\x7f]")
_MOVE = re.compile(r"\x1b\[(\d*)(?:;(\d*))?([A-HJKf])\Z")

_FARTHEST = 1000
"""Lines and columns that sequences may move the cursor to: a text may be longer, not a move."""


def is_plain(text: str) -> bool:
    """Whether there is nothing to do. Fast, because the text is checked again for each piece."""
    return not any(sign in text for sign in _SIGNS)


def plain(text: str) -> str:
    """What stands on a terminal that was sent `text`; takes time linear in it."""
    if is_plain(text):
        return text
    text = _QUIET.sub("", text)
    if not _CONTROL.search(text):
        return text
    screen = _Screen()
    at = 0
    for found in _TOKEN.finditer(text):
        screen.write(text[at : found.start()])
        screen.obey(found[0])
        at = found.end()
    screen.write(text[at:])
    return screen.text()


def in_answer(text: str) -> str:
    """A model's Markdown, with the output of terminals that it quotes as code as `plain` has it.

    Elsewhere the sequences are left out, and what returns to the start of a line begins one.
    """
    if is_plain(text):
        return text
    text = _QUIET.sub("", text)
    return "".join(_cleaned(text)) if _CONTROL.search(text) else text


def _cleaned(text: str) -> Iterator[str]:
    code: list[str] = []
    for kind, passage in passages(text):
        if kind is Kind.CODE:
            code.append(passage)
            continue
        yield plain("".join(code))
        code.clear()
        yield _TOKEN.sub(lambda found: "\n" if found[0] in "\r\n" else "", passage)
    yield plain("".join(code))


class _Screen:
    """Lines of text and the place where the next character goes."""

    def __init__(self) -> None:
        self._lines = [""]
        self._row = self._column = 0
        self._is_screen = False
        """It was cleared, so that its first line is the first one here."""
        self._overwritten: set[int] = set()

    def text(self) -> str:
        lines = self._lines
        for row in self._overwritten:
            lines[row] = lines[row].rstrip()
        return "\n".join(lines)

    def write(self, words: str) -> None:
        if not words:
            return
        line = self._lines[self._row]
        if len(line) == self._column:
            line += words
        else:
            before = line[: self._column].ljust(self._column)
            line = before + words + line[self._column + len(words) :]
            self._overwritten.add(self._row)
        self._lines[self._row] = line
        self._column += len(words)

    def obey(self, token: str) -> None:
        match token:
            case "\n" | "\x0b" | "\x0c":
                self._row, self._column = self._row + 1, 0
                if self._row == len(self._lines):
                    self._lines.append("")
            case "\r":
                self._column = 0
            case "\b":
                self._column = max(0, self._column - 1)
            case _ if move := _MOVE.match(token):
                self._move(_number(move[1]), _number(move[2]), move[3])

    def _move(self, first: int | None, second: int | None, letter: str) -> None:
        count = first or 1
        match letter:
            case "A" | "F":
                self._go(self._row - count, 0 if letter == "F" else self._column)
            case "B" | "E":
                self._go(self._row + count, 0 if letter == "E" else self._column)
            case "C":
                self._column = max(self._column, min(self._column + count, _FARTHEST))
            case "D":
                self._column = max(0, self._column - count)
            case "G":
                self._column = count - 1
            case "H" | "f" if self._is_screen:
                self._lines += [""] * (count - len(self._lines))
                self._go(count - 1, (second or 1) - 1)
            case "J":
                self._erase_lines(first or 0)
            case "K":
                self._erase(first or 0)

    def _go(self, row: int, column: int) -> None:
        """Move to another line; only a line end makes a new one."""
        self._row = max(0, min(row, len(self._lines) - 1))
        self._column = column

    def _erase(self, how: int) -> None:
        line = self._lines[self._row]
        self._overwritten.add(self._row)
        match how:
            case 0:
                line = line[: self._column]
            case 1:
                line = " " * min(self._column + 1, len(line)) + line[self._column + 1 :]
            case 2:
                line = ""
        self._lines[self._row] = line

    def _erase_lines(self, how: int) -> None:
        if how in {2, 3}:
            self._is_screen, self._row, self._column = True, 0, 0
            self._lines, self._overwritten = [""], set()
        elif how == 0:
            self._erase(0)
            del self._lines[self._row + 1 :]
            self._overwritten = {row for row in self._overwritten if row <= self._row}


def _number(digits: str | None) -> int | None:
    return min(int(digits[:6]), _FARTHEST) if digits else None
