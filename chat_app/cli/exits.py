"""How a command ends: its exit code, and the errors that lead to one."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes. One that a signal ends has 128 and the number of the signal, as in shells."""

    DONE = 0
    """Also where the agent asks for an answer."""
    FAILED = 1
    """The run failed, or was stopped by someone else; or the server refused the request."""
    USAGE = 2
    """The command line or a setting is wrong."""
    UNREACHABLE = 3
    """No LangGraph server answers, or it was lost on the way."""
    INTERRUPTED = 130
    """Ctrl-C."""
    CLOSED = 141
    """Who read the output has closed it, as ``head`` does."""


class UsageError(Exception):
    """The command line does not fit the server or the settings; the text says why."""


class CommandError(Exception):
    """A command cannot go on.

    `sentence` says why, `words` are those of the server, and may be empty.
    """

    def __init__(self, sentence: str, words: str = "", *, code: Exit = Exit.FAILED) -> None:
        super().__init__(sentence)
        self.sentence, self.words, self.code = sentence, words, code
