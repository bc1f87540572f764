"""How many examples Hypothesis tries: all of them, or a tenth where tests have to be fast."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

FRESH = "fresh"
"""The profile of `scripts/test`: other examples in each run."""
FAST = "fast"
"""The profile of `scripts/test --fast`: the same with fewer examples."""
_SHARE = 10


def examples(most: int, **more: Any) -> settings:
    """The decorator for a property that needs `most` examples; `more` are other settings."""
    is_fast = settings.get_current_profile_name() == FAST
    return settings(max_examples=max(1, most // _SHARE) if is_fast else most, **more)
