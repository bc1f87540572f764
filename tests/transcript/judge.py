"""Another reader of Markdown, to compare with: markdown-it, with display maths added."""

import re
from functools import lru_cache
from html import unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token


def _display_maths(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    def line(number: int) -> str:
        return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]

    fence = re.match(r"(\$\$+)[^$]*$", line(start))
    if state.sCount[start] - state.blkIndent > 3 or not fence:
        return False
    if silent:
        return True
    last = start + 1

    def closes() -> bool:
        return line(last).strip(" ").startswith(fence[1]) and not line(last).strip(" $")

    while last < end and state.sCount[last] >= state.blkIndent and not closes():
        last += 1
    token = state.push("math_block", "math", 0)
    token.content = state.getLines(start + 1, last, state.blkIndent, keepLastLF=True)
    state.line = last + (last < end and closes())
    return True


def _inline_maths(state: StateInline, silent: bool) -> bool:
    found = re.compile(r"(?<!\$)(\$+)(?!\$)(.+?)(?<!\$)\1(?!\$)", re.DOTALL).match(
        state.src, state.pos
    )
    if not found or found.end() > state.posMax:
        return False
    if not silent:
        state.push("math_inline", "math", 0).content = found[2]
    state.pos = found.end()
    return True


def _maths_html(self: object, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return f"<math>{tokens[index].content.strip()}</math>"


@lru_cache(1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    interrupts = RuleOptionsType(alt=["paragraph", "reference", "blockquote", "list"])
    reader.block.ruler.before("fence", "math_block", _display_maths, interrupts)
    reader.inline.ruler.after("escape", "math_inline", _inline_maths)
    reader.add_render_rule("math_block", _maths_html)
    reader.add_render_rule("math_inline", _maths_html)
    return reader


@lru_cache(4096)
def _draw(block: str) -> str:
    # It knows no footnotes and would take their marks for links.
    block = re.sub(r"\[\^\w+\]:?", "", block)
    # Version 4.3 can read past the end of a text without a line end.
    return _reader().render(block + "\n" * (block[-1:] != "\n"))


def html(*blocks: str) -> str:
    """The blocks drawn one by one, without the space between them."""
    return re.sub(r">\s+<", "><", "".join(map(_draw, blocks))).strip()


def words(drawn: str, *, code: bool = True) -> str:
    """What a person sees of the HTML, without spaces and maths."""
    drawn = re.sub(r"<math>.*?</math>", "", drawn, flags=re.DOTALL)
    if not code:
        drawn = re.sub(r"<(pre|code)\b.*?</\1>", "", drawn, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]*(?:>|$)", "", drawn))
    return re.sub(r"\s+", "", text)
