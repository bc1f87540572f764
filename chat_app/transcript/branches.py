"""The versions of a thread: an edit or a regeneration keeps what was there as another branch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Versions:
    """Which version of a message or an answer is shown, from 1 on, and how many there are."""

    number: int
    count: int
