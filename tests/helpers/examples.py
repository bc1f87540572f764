"""How many examples Hypothesis tries in each profile, and which properties keep theirs."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

FRESH = "fresh"
"""The profile of `scripts/test`: other examples in each run."""
SAME = "same"
"""The profile of CI: the same examples in each run of a commit, as `.ci/run` says."""
FAST = "fast"
"""The profile of `scripts/test --fast`: the same with fewer examples."""
SEARCH = "search"
"""For a long search by hand: ten times as many, and other ones also in comparisons."""
_TIMES = {FAST: 0.1, SEARCH: 10}


def examples(most: int, *, is_comparison: bool = False, **more: Any) -> settings:
    """The decorator for a property that needs `most` examples; `more` are other settings.

    `is_comparison`: with another program, such as a second parser of Markdown, which has faults of
    its own in rare texts. So the examples are the same in each run, but for a search.
    """
    profile = settings.get_current_profile_name()
    count = max(1, int(most * _TIMES.get(profile, 1)))
    if is_comparison and profile != SEARCH:
        more = {"derandomize": True, **more}
    return settings(max_examples=count, **more)
