"""Which nodes call models and save nothing of what they say, as far as this process has seen.

The first run shows such words as an answer until the step is over; later ones know better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_app.transcript.fold_state import Fold

MOST = 1000
"""Nodes that are remembered; then it begins anew, which costs one run each."""

_silent: set[str] = set()


def silent() -> frozenset[str]:
    """The nodes, by `chat_app.transcript.calls.Call.place`."""
    return frozenset(_silent)


def learn(ended: Fold) -> None:
    """Remember what a run has shown; a node that saved a message once is believed from then on."""
    if len(_silent) > MOST:
        _silent.clear()
    _silent.update(ended.silent)
    _silent.difference_update(ended.speaking)
