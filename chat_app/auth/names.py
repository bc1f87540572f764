"""Names of accounts: one spelling for what looks the same."""

from __future__ import annotations

from unicodedata import normalize

LONGEST = 100
"""Characters of a name."""


def normalised(name: str) -> str:
    """`name` as it is compared and kept: compatible characters, no case, no space around."""
    folded = normalize("NFKC", normalize("NFKC", name).casefold())
    return folded.strip()
