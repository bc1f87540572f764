"""Footnotes as GitHub writes them: `[^label]` in the text, `[^label]: the note` on a line.

https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#footnotes
"""

from __future__ import annotations

import re

from chat_app.transcript.markdown.structure import Kind, lines

_CODE_OR_MENTION = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)|(?<!\\)\[\^([^\]\s\[]+)\]")
_DEFINED = re.compile(r"^[ \t>]*\[\^([^\]\s\[]+)\]:", re.MULTILINE)


def mentions_footnote(line: str) -> bool:
    """Tell whether a line of text refers to a footnote or defines one."""
    return "[^" in line and any(found[2] for found in _CODE_OR_MENTION.finditer(line))


def hide_undefined(text: str) -> str:
    """Take out the references to notes that have not come yet; they would show as brackets."""
    if "[^" not in text:
        return text
    defined = set(_DEFINED.findall(text))

    def keep(found: re.Match[str]) -> str:
        return "" if found[2] and found[2] not in defined else found[0]

    return "".join(
        _CODE_OR_MENTION.sub(keep, raw) if line.kind is Kind.TEXT else raw
        for _, raw, line in lines(text)
    )
