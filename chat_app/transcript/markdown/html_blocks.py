"""Where raw HTML begins and ends: https://spec.commonmark.org/0.31.2/#html-blocks.

The page shows HTML as inert text, but where such a block ends decides what the next line is.
"""

from __future__ import annotations

import re

_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    "dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|"
    "hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|"
    "search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_ATTRIBUTE = r"""\s+[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?"""
_BLANK = re.compile(r"^ *$")

_ALONE_ON_ITS_LINE = re.compile(
    rf"(?:<[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE})*\s*/?>|</[A-Za-z][A-Za-z0-9-]*\s*>)\s*$"
)
_OPENINGS = tuple(
    (re.compile(opening, re.IGNORECASE), end)
    for opening, end in (
        (
            r"<(?:script|pre|style|textarea)(?:\s|>|$)",
            re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
        ),
        (r"<!--", re.compile(r"-->")),
        (r"<\?", re.compile(r"\?>")),
        (r"<![A-Z]", re.compile(r">")),
        (r"<!\[CDATA\[", re.compile(r"\]\]>")),
        (rf"</?(?:{_BLOCK_TAGS})(?:\s|/?>|$)", _BLANK),
    )
)


def end_of(line: str, *, interrupting: bool) -> re.Pattern[str] | None:
    """Return what ends the HTML block that `line` begins, None if it begins none.

    `interrupting`: a paragraph is open, which a tag of any other name cannot end.
    """
    if not line.startswith("<"):
        return None
    for opening, end in _OPENINGS:
        if opening.match(line):
            return end
    return None if interrupting or not _ALONE_ON_ITS_LINE.match(line) else _BLANK


_DETAILS = re.compile(r"<(/?)details(?:\s[^<>]*)?>", re.IGNORECASE)
_ENDS_DETAILS = re.compile(r"[^`]*</details>\s*$", re.IGNORECASE)


def details(line: str, *, is_html: bool) -> tuple[int, int]:
    """Count the `<details>` that a line of a document opens, and those that it closes.

    In HTML both may stand anywhere; a line of text can only end with a closing tag.
    """
    if "details" not in line.lower():
        return 0, 0
    if not is_html:
        return 0, int(bool(_ENDS_DETAILS.match(line)))
    closed = sum(map(bool, _DETAILS.findall(line)))
    return len(_DETAILS.findall(line)) - closed, closed
