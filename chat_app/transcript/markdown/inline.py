"""One paragraph that is still being written, with everything half-open in it closed or hidden."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat_app.transcript.markdown.displays import is_prose
from chat_app.transcript.markdown.emphasis import SPACED, Emphasis
from chat_app.transcript.markdown.spans import Spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.transcript.markdown.emphasis import Opener

LONGEST_LINK_TEXT = 120
"""Characters after which an open bracket is taken to be just a bracket."""

LONGEST_FORMULA = 300
"""Characters after which maths that is not closed is shown as it is written."""

_NOTABLE = re.compile(r"[\\`*_~\[\]<&$]|!\[|https?://|www\.")
_HALF_TARGET = re.compile(
    r"\(\s*(?:<[^<>\n]*>?|[^\s()]*+(?:\([^\s()]*+\)?+[^\s()]*+){0,3}+)"
    r"""(?:\s+(?:["'(].*)?)?\Z"""
)
_HALF_LABEL = re.compile(r"\[[^\[\]]*\Z")
_NOTE = re.compile(r"\[\^[^\]\s\[]*\]")
_HALF_ADDRESS = re.compile(r"(?:https?://|www\.)[!-;=?-_a-~]*\Z")
"""An address in plain text is a link too; a letter of no address in it and it has ended."""

_HALF_NOTE = re.compile(r"\[\^[^\]\s\[]*\Z")
_ATTRIBUTE = r"""\s+[\w:.-]+=(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+)"""
_HALF_ATTRIBUTE = r"""\s+(?:[\w:.-]+(?:=(?:"[^"]*|'[^']*|[^\s"'=<>`]*))?)?"""
_HALF_TAG = re.compile(
    rf"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE})*(?:{_HALF_ATTRIBUTE})?\s*/?|/|!-?|!--(?s:.{{0,300}})"
    r"|[A-Za-z][A-Za-z0-9+.-]+:[^\s<>]*|[\w.+-]+(?:@[\w.-]*)?)?\Z"
)
_HALF_ENTITY = re.compile(r"&(?:#[0-9xX]?[0-9A-Fa-f]{0,6}|[A-Za-z][A-Za-z0-9]{0,30})?\Z")
_NUMBER = r"[-+\u2212]?(?:\d[\d.:/%]*|\u221e|[^\W\d_]\d?)"
_HALF_NUMBERS = re.compile(rf"\[\s*(?:{_NUMBER}\s*[,;]\s*)*+(?:[-+\u2212]|{_NUMBER})?\s*\]?\Z")
"""An interval, an array or a citation: it is not shown before it is known to be no link."""

_NUMBERS = re.compile(rf"\[\s*{_NUMBER}\s*[,;]\s*{_NUMBER}")
_LONGEST_NUMBERS = 24
_HALF_SUBSCRIPT = re.compile(r"(?<=[A-Za-z0-9])\$[_^][^\s$`]{0,30}\Z")
_CLEARLY_MATHS = re.compile(r"\$\$[^\s$]|\$(?:\$|(?![\s\d$]))[^$\n]{0,200}?(?:\\[A-Za-z]|\^|_\{)")


def complete(text: str) -> str:
    """Return `text` as it should look while more of it is to come. Takes linear time."""
    return _Reader(text).result() if _NOTABLE.search(text) else text


class _Reader:
    """Goes through the text once; what is shown ends at `end`, without what is `hidden` before."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = len(text.rstrip())
        self.spans = Spans(text)
        self.runs = Emphasis(text)
        self.brackets: list[int] = []
        self.hidden: set[int] = set()
        self.code_closing = ""

    def result(self) -> str:
        at = 0
        while found := _NOTABLE.search(self.text, at, self.end):
            at = self._read(found.start(), found[0])
        self._hide_open_brackets()
        openers = self._openers_with_content()
        closing = "".join(opener.closing for opener in reversed(openers) if opener.certain)
        space = self.text[len(self.text.rstrip()) :]
        return self._shown() + self.code_closing + closing + space

    def _read(self, at: int, sign: str) -> int:
        """Take in what begins at `at`; return where to go on."""
        if read := _READERS.get(sign):
            return read(self, at)
        return (
            self._cut(at)
            if _HALF_ADDRESS.match(self.text, at)
            else self.spans.address(at) or at + 1
        )

    def image(self, at: int) -> int:
        self.brackets.append(at)
        return at + 2

    def angle(self, at: int) -> int:
        return self.spans.tag(at) or self._cut_if(_HALF_TAG, at)

    def ampersand(self, at: int) -> int:
        return self._cut_if(_HALF_ENTITY, at)

    def _cut(self, at: int) -> int:
        self.end = at
        return len(self.text)

    def _cut_if(self, half: re.Pattern[str], at: int) -> int:
        return self._cut(at) if half.match(self.text, at) else at + 1

    def escape(self, at: int) -> int:
        if at + 1 == self.end:
            return self._cut(at)
        if self.text[at + 1] in "([":
            return self.spans.maths(at) or self._unclosed_maths(at, at + 2)
        return at + 2

    def _unclosed_maths(self, at: int, after: int) -> int:
        """Hide what may become maths; return where to go on if it is none."""
        content = self.text[after : after + LONGEST_FORMULA + 1]
        is_link = content.find("](") > 0 and self.text[at + 1] == "["
        is_none = len(content) > LONGEST_FORMULA or is_link or "`" in content or is_prose(content)
        return after if is_none else self._cut(at)

    def code(self, at: int) -> int:
        length = self.spans.run(at)
        if end := self.spans.code(at):
            return end
        if not self.text[at + length : self.end].strip("` "):
            return self._cut(at)
        content = self.text[: self.end].rstrip("`").rstrip()
        self.code_closing = " " * content.endswith("`") + "`" * length
        return self._cut(len(content))

    def emphasis(self, at: int) -> int:
        end = at + self.spans.run(at)
        after_space = self.text[at - 1 : at].isspace()
        if self.end == end and (after_space or not self.runs.is_completed_by(at, end)):
            return self._cut(at)
        if opened := self.runs.innermost(self.text[at]):
            # `**Note: ** text` is drawn as bold.
            spaced = SPACED.match(self.text, opened.start)
            if spaced and spaced.end() == end:
                self.runs.forget(opened.start)
                return end
        self.runs.run(at, end)
        return end

    def dollar(self, at: int) -> int:
        if end := self.spans.maths(at):
            return end
        end = at + self.spans.run(at)
        if end == len(self.text) or _HALF_SUBSCRIPT.match(self.text, at):
            return self._cut(at)
        return self._unclosed_maths(at, end) if _CLEARLY_MATHS.match(self.text, at) else end

    def bracket(self, at: int) -> int:
        if at + 1 == self.end:
            return self._cut(at)
        if self.text[at + 1] == "^":
            return self._mention(at)
        self.brackets.append(at)
        return at + 1

    def _mention(self, at: int) -> int:
        note = _NOTE.match(self.text, at)
        if not note:
            return self._cut_if(_HALF_NOTE, at)
        after = note.end()
        if after == len(self.text) or self._half_link(after):
            return self._cut(at)
        if self._link(after):
            self.brackets.append(at)
            return at + 1
        return after

    def _link(self, after: int) -> int | None:
        """End of what makes a link of the brackets before it."""
        is_note = self.text.startswith("[^", after)
        return self.spans.target(after) or (None if is_note else self.spans.label(after))

    def _half_link(self, after: int) -> bool:
        is_note = self.text.startswith("[^", after)
        half = _HALF_TARGET.match(self.text, after) or _HALF_LABEL.match(self.text, after)
        return bool(half) and not is_note

    def bracket_end(self, at: int) -> int:
        if not self.brackets:
            return at + 1
        start = self.brackets.pop()
        after = at + 1
        if whole := self._link(after):
            self.runs.forget(start)
            return whole
        may_become_link = after == len(self.text) and not self._is_subscript(start)
        if not self._half_link(after) and not may_become_link:
            return after
        if self.text[start] == "!" or (may_become_link and self._are_numbers(start)):
            return self._cut(start)
        self.hidden.add(start)
        return self._cut(at)

    def _is_subscript(self, bracket: int) -> bool:
        before = self.text[bracket - 1 : bracket]
        return before.isascii() and before.isalnum()

    def _hide_open_brackets(self) -> None:
        for start in self.brackets:
            if self.end - start > LONGEST_LINK_TEXT:
                continue
            if self.text[start] == "!" or self._are_numbers(start):
                self.end = min(self.end, start)
            elif not self._is_subscript(start) and not _NUMBERS.match(self.text, start):
                self.hidden.add(start)

    def _are_numbers(self, bracket: int) -> bool:
        if self.end - bracket > _LONGEST_NUMBERS or self._is_subscript(bracket):
            return False
        return _HALF_NUMBERS.match(self.text[: self.end], bracket) is not None

    def _openers_with_content(self) -> list[Opener]:
        """Take signs with nothing after them off the end; return the runs that are left."""
        openers = [opener for opener in self.runs.open() if opener.start < self.end]
        hidden = sorted(position for position in self.hidden if position < self.end)
        while True:
            self.end = len(self.text[: self.end].rstrip())
            if hidden and hidden[-1] + 1 >= self.end:
                self.end = min(self.end, hidden.pop())
            elif openers and openers[-1].end >= self.end:
                self.end = min(self.end, openers.pop().start)
            else:
                return openers

    def _shown(self) -> str:
        pieces: list[str] = []
        at = 0
        for position in sorted(self.hidden):
            if position < self.end:
                pieces.append(self.text[at:position])
                at = position + 1
        return "".join((*pieces, self.text[at : self.end]))


_READERS: dict[str, Callable[[_Reader, int], int]] = {
    "\\": _Reader.escape,
    "`": _Reader.code,
    "*": _Reader.emphasis,
    "_": _Reader.emphasis,
    "~": _Reader.emphasis,
    "[": _Reader.bracket,
    "]": _Reader.bracket_end,
    "![": _Reader.image,
    "<": _Reader.angle,
    "&": _Reader.ampersand,
    "$": _Reader.dollar,
}
