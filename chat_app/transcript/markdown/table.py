"""The two lines that make a GFM table: https://github.github.com/gfm/#tables-extension-."""

from __future__ import annotations

import re

_DELIMITERS = re.compile(r"\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$")
_BAR = re.compile(r"(?<!\\)\|")


def cells(row: str) -> int:
    """Count the cells of a row; 0 without a single bar, since that is no row."""
    bars = len(_BAR.findall(row)) if "|" in row else 0
    if not bars:
        return 0
    row = row.strip()
    return bars + 1 - row.startswith("|") - (len(row) > 1 and bool(_BAR.match(row, len(row) - 1)))


def is_delimiter_row(row: str) -> bool:
    """Tell whether the row could be the `|---|:-:|` under a header."""
    return _DELIMITERS.match(row) is not None


def last_cell(row: str) -> int:
    """Where the text of the last cell begins: after the last bar."""
    return max((bar.end() for bar in _BAR.finditer(row)), default=0)


def delimiter_row(columns: int) -> str:
    """The line that makes the row above it the header of a table."""
    return "|" + "---|" * columns
