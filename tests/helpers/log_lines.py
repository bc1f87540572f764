"""Log lines, kept for a test to read."""

from __future__ import annotations

import logging


class Written(logging.Handler):
    """Remembers the message of each record."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
