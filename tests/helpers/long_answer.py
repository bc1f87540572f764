"""An answer as long as a test wants it: that its run still goes is then no matter of time.

Import the fixture into a conftest: ``from tests.helpers.long_answer import long_answer``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class LongAnswer:
    """What ``slow`` writes when it is asked `question`: 25 words a second, for minutes.

    Once the file `enough` is there, it comes to its end as any answer does.
    """

    enough: Path

    @property
    def question(self) -> str:
        return f"5000 every 0.04 until {self.enough}"

    def end(self) -> None:
        """Let it be the whole answer with the next word."""
        self.enough.touch()


@pytest.fixture
def long_answer(tmp_path: Path) -> Iterator[LongAnswer]:
    """One that ends with the test at the latest."""
    answer = LongAnswer(tmp_path / "enough")
    yield answer
    answer.end()
