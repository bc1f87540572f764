"""One spelling for texts that a search takes as equal.

Upper and lower case, accents, ligatures, full-width letters and typographic quotes are all folded
away. Letters that other scripts write with combining marks keep them: が is not か.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

_ACCENTS = (
    (0x0300, 0x036F),  # Latin, Greek, Cyrillic
    (0x0591, 0x05C7),  # points of Hebrew
    (0x0610, 0x061A),  # marks of Arabic
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFE20, 0xFE2F),
)
_SAME = {
    **dict.fromkeys("\u2018\u2019\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2013\u2014", "-"),
    "\u0131": "i",  # the Turkish one without a dot
    # Letters with a stroke, and joined ones, which Unicode does not take apart.
    **dict(zip("ŁłØøĐđÐðĦħŦŧ", "llooddddhhtt", strict=True)),
    "Æ": "ae",
    "æ": "ae",
    "Œ": "oe",
    "œ": "oe",
}
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of characters that no database takes."""
VERSION = f"2 {unicodedata.unidata_version}"
"""Changes with what `fold` returns."""


def clean(text: str) -> str:
    """`text` in the form in which it is kept and shown: composed, without what cannot be kept."""
    text = _UNSEEN.sub(" ", text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The spelling under which a cleaned text is searched."""
    return text.lower() if text.isascii() else text.translate(_folded)


def places(text: str) -> list[int]:
    """Where each character of a cleaned text begins in `fold(text)`, and where the last ends."""
    return list(accumulate((len(fold(one)) for one in text), initial=0))


class _Folded(dict[int, str]):
    """A translation table, filled as it is used: there are a million characters."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    if character in _SAME:
        return _SAME[character]
    parts = unicodedata.normalize("NFKD", character)
    kept = "".join(part for part in parts if not _is_accent(part)).casefold()
    # Case folding may add marks, as to the Turkish İ.
    kept = "".join(part for part in kept if not _is_accent(part))
    return unicodedata.normalize("NFC", kept)


def _is_accent(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in _ACCENTS)


_folded = _Folded()
