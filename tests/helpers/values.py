"""Any JSON there can be, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_EXACT = st.integers(-(2**53) + 1, 2**53 - 1)
_FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=32)
_SCALARS = st.none() | st.booleans() | _EXACT | _FLOATS | _WORDS
VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner) | st.dictionaries(_WORDS, inner), max_leaves=15
)
OBJECTS = st.dictionaries(_WORDS, VALUES, max_size=5)
