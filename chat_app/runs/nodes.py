"""A cache of the nodes that call models and do not save the output, as this process has observed.

The first run shows such output as an answer until the step is over; later runs do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_app.transcript.fold_state import Fold

MOST = 1000
"""The most nodes in the cache; then it is cleared, which costs one run each."""

_silent: set[str] = set()


def silent() -> frozenset[str]:
    """The nodes, by `chat_app.transcript.calls.Call.place`."""
    return frozenset(_silent)


def learn(ended: Fold) -> None:
    """Record what a run has shown; a node that saved a message once is never added again."""
    if len(_silent) > MOST:
        _silent.clear()
    _silent.update(ended.silent)
    _silent.difference_update(ended.speaking)
