"""Where a run begins, if that is not the newest checkpoint of its thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chat_app.transcript.branch_runs import RunLink
    from chat_app.transcript.message import Transcript


@dataclass(frozen=True)
class Origin:
    """The checkpoint, and all that is needed to begin there again."""

    checkpoint_id: str
    link: RunLink
    before: Transcript
    """What is shown of the thread there."""
    given: Any = None
    """The input of the run."""
