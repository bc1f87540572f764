"""The stylesheet of the page: the app's own sheets, and what only a file needs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_APP = _HERE.parents[1]
_TOKENS = _APP.parent / "assets" / "tokens.css"
_DARK = re.compile(r"^:root\.dark \{(.*?)^\}", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_SHEETS = (
    *("conversation/transcript", "conversation/sources", "steps/disclosure", "steps/reasoning"),
    *("steps/call", "content/media", "prose/prose", "prose/lists", "prose/code"),
    *("shared/plain_text", "cards/ask", "conversation/events"),
)


@cache
def style() -> str:
    """All rules; the dark colours are by the reader's preference, and never on paper.

    Raises:
        LookupError: the app's colours are not written as they were.
    """
    tokens = _TOKENS.read_text(encoding="utf-8")
    dark = _DARK.search(tokens)
    if not dark:
        raise LookupError(f"{_TOKENS} has no block of dark colours")
    by_preference = f"@media screen and (prefers-color-scheme: dark) {{\n:root {{{dark[1]}}}\n}}\n"
    sheets = [_APP / "components" / f"{name}.css" for name in _SHEETS]
    sheets.append(_HERE / "document.css")
    whole = _DARK.sub("", tokens) + by_preference
    whole += "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    return _COMMENT.sub("", whole).replace("</", "<\\/")
