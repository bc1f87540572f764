"""The process: runs a command, and ends with its exit code whatever happens, without a trace."""

from __future__ import annotations

import sys
from contextlib import suppress

import click

from chat_app.cli.commands import COMPLETE, cli
from chat_app.cli.exits import CommandError, Exit, UsageError
from chat_app.cli.output import Output
from chat_app.masking import masked

_UNEXPECTED = "This is a fault of the program. python -X dev -m chat_app.cli shows where it is."
DEEPEST = 5000
"""Nested values are printed up to this; the client reads up to a thousand levels."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command of the command line; returns its exit code."""
    sys.setrecursionlimit(DEEPEST)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a test's own
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return _ended(arguments)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


def _ended(arguments: list[str] | None) -> int:
    """The exit code; what is to be said of a failure is printed."""
    try:
        code = cli.main(arguments, prog_name="client", complete_var=COMPLETE, standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return Exit.USAGE
    except click.Abort:
        return Exit.INTERRUPTED
    except Exception as failure:
        if sys.flags.dev_mode:
            raise
        return _failed(failure)
    return code if isinstance(code, int) else Exit.DONE


def _failed(failure: Exception) -> int:
    # Not before: without a command they need not be loaded.
    from chat_app.client import LangGraphError, NotLangGraphError, UnreachableError  # noqa: PLC0415
    from chat_app.config import SettingsError  # noqa: PLC0415
    from chat_app.transcript.error_text import describe  # noqa: PLC0415

    output = Output()
    match failure:
        case CommandError():
            output.fail(failure.sentence, failure.words)
            return failure.code
        case UsageError() | SettingsError():
            output.fail(str(failure))
            return Exit.USAGE
        case LangGraphError():
            output.fail(*describe(failure))
            is_away = isinstance(failure, UnreachableError | NotLangGraphError)
            return Exit.UNREACHABLE if is_away else Exit.FAILED
        case OSError():
            output.fail(failure.strerror or str(failure), str(failure.filename or ""))
            return Exit.FAILED
        case _:
            output.fail(_UNEXPECTED, masked(f"{type(failure).__name__}: {failure}"))
            return Exit.FAILED


if __name__ == "__main__":
    sys.exit(main())
