"""Another reader of Markdown, to compare with: markdown-it, with maths and footnotes added."""

import re
from functools import lru_cache
from html import escape, unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from chat_app.transcript.markdown.footnotes import slug


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


def _note(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A footnote's definition, at the margin of the document."""
    found = re.compile(r"\[\^([^\]\s\[]+)\]:[ \t]*").match(
        state.src, state.bMarks[start] + state.tShift[start], state.eMarks[start]
    )
    inside = state.level and state.sCount[start] >= state.blkIndent
    if not found or inside or state.sCount[start] > 3:
        return False
    if silent:
        return True
    state.push("note_open", "note", 1).meta["label"] = found[1].casefold()
    kept = state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType
    state.bMarks[start], state.tShift[start], state.sCount[start] = found.end(), 0, 4
    state.parentType, state.blkIndent = "note", 4
    state.md.block.tokenize(state, start, end)
    state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType = kept
    state.blkIndent = 0
    state.push("note_close", "note", -1)
    return True


def _mention(state: StateInline, silent: bool) -> bool:
    found = re.compile(r"\[\^([^\]\s\[]+)\]").match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.content, token.meta["label"] = found[0], found[1].casefold()
    state.pos = found.end()
    return True


def _link_definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A footnote's label never names a link."""
    is_note = state.src.startswith("[^", state.bMarks[start] + state.tShift[start])
    return not is_note and reference(state, start, end, silent)


def _mention_html(self: object, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    label = tokens[index].meta["label"]
    number = env["numbers"].get(label)
    return (
        f'<a href="#fn-p-{slug(label)}">{number}</a>' if number else escape(tokens[index].content)
    )


@lru_cache(1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    interrupts = RuleOptionsType(alt=["paragraph", "reference", "blockquote", "list"])
    reader.block.ruler.before("fence", "math_block", _display_maths, interrupts)
    reader.inline.ruler.after("escape", "math_inline", _inline_maths)
    reader.add_render_rule("math_block", _maths_html)
    reader.add_render_rule("math_inline", _maths_html)
    return reader


@lru_cache(1)
def _reader_of_notes() -> MarkdownIt:
    reader = _reader.__wrapped__()
    ends = RuleOptionsType(alt=["paragraph", "reference", "blockquote", "list"])
    reader.block.ruler.before("reference", "note", _note, ends)
    reader.inline.ruler.after("link", "mention", _mention)
    reader.block.ruler.at("reference", _link_definition)
    reader.add_render_rule("mention", _mention_html)
    return reader


@lru_cache(4096)
def draw_alone(block: str) -> str:
    """One block as HTML, with the space that is in it."""
    # Version 4.3 can read past the end of a text without a line end.
    return _reader().render(block + "\n" * (block[-1:] != "\n"))


def whole(text: str) -> tuple[str, str]:
    """A document and the list of its footnotes, read at once; their keys begin with `p`."""
    reader = _reader_of_notes()
    env: dict[str, Any] = {}
    body: list[Token] = []
    notes: dict[str, list[Token]] = {}
    mentioned: dict[str, None] = {}
    into = body
    for token in reader.parse(text + "\n" * (text[-1:] != "\n"), env):
        mentions = [child for child in token.children or () if child.type == "mention"]
        if into is not None:
            mentioned.update((mention.meta["label"], None) for mention in mentions)
        if token.type == "note_open":
            into = (
                notes.setdefault(token.meta["label"], [])
                if token.meta["label"] not in notes
                else None
            )
        elif token.type == "note_close":
            into = body
        elif into is not None:
            into.append(token)
    listed = [label for label in mentioned if label in notes]
    env["numbers"] = {label: number for number, label in enumerate(listed, 1)}

    def drawn(tokens: list[Token]) -> str:
        return reader.renderer.render(tokens, reader.options, env)

    items = "".join(
        f'<li><a href="#fnref-p-{slug(label)}"></a>{drawn(notes[label])}</li>' for label in listed
    )
    return _tight(drawn(body)), without_paragraphs(f"<ol>{items}</ol>") if items else ""


def without_paragraphs(drawn: str) -> str:
    """The HTML as if all lists in it were tight."""
    return re.sub(r"\s*</?p>\s*|(?<=</a>)\s+|\s+(?=</?li>)", "", _tight(drawn))


def _tight(drawn: str) -> str:
    return re.sub(r">\s+<", "><", drawn).strip()


def html(*blocks: str) -> str:
    """The blocks drawn one by one, without the space between them."""
    return _tight("".join(map(draw_alone, blocks)))


def words(drawn: str, *, code: bool = True) -> str:
    """What a person sees of the HTML, without spaces and maths; images are their words."""
    drawn = re.sub(r"<math>.*?</math>", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r'<img [^>]*alt="([^"]*)"[^>]*>', r"\1", drawn)
    if not code:
        drawn = re.sub(r"<(pre|code)\b.*?</\1>", "", drawn, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]*(?:>|$)", "", drawn))
    return re.sub(r"\s+", "", text)
