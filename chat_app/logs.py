"""What the app logs: one line each, whatever a visitor sends, to the terminal and a rotating file.

A line holds no control characters, so that it can neither look like another line nor steer a
terminal; it is cut, keys in it are hidden, and of many from one place in the code only a few are
written, and how many more there were. An exception is its type and where it was raised. Of what the
libraries log, the words stand, and what they quote does not: it comes from the browser.
"""

from __future__ import annotations

import atexit
import fcntl
import logging
import os
import sys
import threading
import time
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING

from chat_app.masking import masked
from chat_app.observability import json_log

if TYPE_CHECKING:
    from types import TracebackType

MOST = 2000
"""Characters of a line."""
WORDS = 300
"""Characters of what an exception says."""
FRAMES = 8
"""The innermost ones, of an exception."""
BURST = 20
"""Lines from one place in the code that may come at once."""
PAUSE = 6.0
"""Seconds until that place may write another one."""
OF_EVENTS = 50
"""So many times as much of events: what people do, such as to start a run, is to be counted."""
_OWN_ONLY = 0o600
_LOCKED_WITHIN = 2.0
"""Seconds that a process waits for others that write a line, which takes them microseconds."""
_LOCK_AGAIN = 0.002
_NOT_LOCKED_FOR = 60.0
"""Seconds in which it does not wait again, after it has waited in vain."""
FILE_SIZE = 2_000_000
"""Bytes of the file, and of each of the two before it."""

_log = logging.getLogger("chat_app")
_PACKAGE = str(Path(__file__).resolve().parent)
_LIBRARIES = ("asyncio", "engineio", "reflex", "reflex_base", "socketio", "uvicorn", "websockets")
"""They log what came in, as it came."""
_QUOTES = frozenset(":;'\"`({[<=\n\r")
"""What stands before it."""
_LOOKED_AT = 4 * MOST
"""Characters of a text: more take time, and would be cut anyway."""


def one_line(text: str, most: int = MOST) -> str:
    r"""The text in a line of `most` characters: keys hidden, what cannot be printed escaped.

    >>> print(one_line("done\nERROR \x1b[31m"))
    done\nERROR \x1b[31m
    """
    is_cut = len(text) > _LOOKED_AT
    text = masked(text[:_LOOKED_AT])
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)
    if is_cut or len(text) > most:
        text = f"{text[: most - 1]}…"
    return text


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


class OneLine(logging.Formatter):
    """Formats a record as one such line."""

    def format(self, record: logging.LogRecord) -> str:
        when = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
        return one_line(f"{when} {record.levelname} {record.name} {self.words(record)}")

    def words(self, record: logging.LogRecord) -> str:
        """What a record says."""
        try:
            words = record.getMessage()
        except Exception:  # noqa: BLE001 - whatever the arguments are
            words = str(record.msg)
        if record.name.split(".")[0] in _LIBRARIES:
            words = _without_quotes(words)
        if record.exc_info and record.exc_info[1]:
            words = f"{words}: {described(record.exc_info[1])}"
        return words


class JsonLine(OneLine):
    """Formats a record as an object in one line: see `chat_app.observability.json_log`."""

    def format(self, record: logging.LogRecord) -> str:
        return json_log.encoded(record, one_line(self.words(record)))


def _without_quotes(words: str) -> str:
    """The words before the first thing that is quoted."""
    end = next((place for place, letter in enumerate(words) if letter in _QUOTES), len(words))
    return words[: min(end, WORDS)].strip() or "(no words)"


def described(error: BaseException) -> str:
    """An exception in one line: its type, what it says, and where it came from.

    What it says is left out where a library raised it: it may be what a browser sent.
    """
    frames = [_place(frame) for frame in walk_tb(error.__traceback__)]
    is_ours = bool(frames) and frames[-1][0].startswith(_PACKAGE)
    says = f" {one_line(str(error), WORDS)}" if is_ours and str(error) else ""
    cause = error.__cause__ or error.__context__
    came = f" from {type(cause).__name__}" if cause else ""
    path = " > ".join(
        f"{'/'.join(Path(file).parts[-2:])}:{line}" for file, line in frames[-FRAMES:]
    )
    return f"{type(error).__name__}{came}{says} [{path}]"


def _place(step: tuple[object, int]) -> tuple[str, int]:
    frame, line = step
    return frame.f_code.co_filename, line  # type: ignore[attr-defined]


class Lines(logging.Handler):
    """Writes each record as a line to all of `outputs`, and few of many from one place."""

    def __init__(
        self,
        *outputs: logging.Handler,
        burst: int = BURST,
        pause: float = PAUSE,
        as_json: bool = False,
    ) -> None:
        super().__init__()
        self.setFormatter(JsonLine() if as_json else OneLine())
        self._outputs = outputs
        self._burst, self._pause = burst, pause
        self._places: dict[tuple[object, ...], _Allowance] = {}

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0] if record.exc_info else None
        place = (record.name, record.levelno, record.pathname, record.lineno, error)
        allowance = self._places.get(place)
        if allowance is None:
            more = OF_EVENTS if json_log.is_event(record) else 1
            allowance = _Allowance(self._burst * more, self._pause / more)
            self._places[place] = allowance
        if allowance.take():
            self._tell_left_out(allowance)
            self._write(record.levelno, self.format(record))
        else:
            allowance.left_out += 1
            allowance.name = record.name
        for other in self._places.values():
            if other is not allowance and other.has_recovered():
                self._tell_left_out(other)

    def close(self) -> None:
        """Tell of what was left out so far, and close the outputs."""
        for allowance in self._places.values():
            self._tell_left_out(allowance)
        for output in self._outputs:
            output.close()
        super().close()

    def _tell_left_out(self, allowance: _Allowance) -> None:
        if not allowance.left_out:
            return
        said = f"{allowance.left_out} more lines of this kind were left out"
        record = logging.makeLogRecord({"name": allowance.name, "levelname": "INFO", "msg": said})
        allowance.left_out = 0
        self._write(logging.INFO, self.format(record))

    def _write(self, level: int, line: str) -> None:
        for output in self._outputs:
            output.handle(logging.makeLogRecord({"levelno": level, "msg": line}))


class _Allowance:
    """What one place in the code may write now."""

    def __init__(self, burst: int, pause: float) -> None:
        self._pause = pause
        self.left_out = 0
        self.name = ""
        self._burst = burst
        self._left = float(burst)
        self._at = time.monotonic()

    def take(self) -> bool:
        self._refill()
        may = self._left >= 1
        self._left -= may
        return may

    def has_recovered(self) -> bool:
        self._refill()
        return bool(self.left_out) and self._left >= 1

    def _refill(self) -> None:
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) / self._pause)
        self._at = now


def begin(folder: Path | None, *, as_json: bool = False) -> None:
    """Let everything in this process log in this way; to a file too where there is a `folder`.

    `as_json`: each line is a JSON object.

    What libraries attached to write by themselves is taken away; a handler of another kind, such as
    one of a test runner, stays.
    """
    logging.raiseExceptions = False  # logging would print what it could not write, as it is
    logging.captureWarnings(capture=True)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    outputs: list[logging.Handler] = [logging.StreamHandler(sys.stdout)]
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        outputs.append(rotating(folder / "app.log"))
    named = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    for logger in [logging.root, *named]:
        for handler in [*logger.handlers]:
            if type(handler) is logging.StreamHandler or isinstance(handler, Lines):
                logger.removeHandler(handler)
                logger.propagate = True
    logging.root.addHandler(lines := Lines(*outputs, as_json=as_json))
    logging.root.setLevel(logging.INFO)
    for chatty in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda ended: _log.critical(
        "A thread failed", exc_info=ended.exc_value or ended.exc_type()
    )
    sys.unraisablehook = lambda odd: _log.error("Ignored", exc_info=odd.exc_value)
    atexit.register(lines.close)


class SharedFileHandler(RotatingFileHandler):
    """A rotating file that several processes write.

    One rotates it while others have it open: each looks, under a lock, whether it still writes to
    the file that has the name. A process that is killed leaves no lock behind; one that hangs with
    it delays the others for a moment, and they write all the same: lines are appended.
    """

    _is_alone = False
    _hangs_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, alone among the processes."""
        lock = Path(self.baseFilename).with_suffix(".lock")
        try:  # not the folder or the log, which other users may open, and lock for ever
            held = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, _OWN_ONLY)
        except OSError:
            self.handleError(record)
            return
        try:
            self._is_alone = self._locked(held)
            self._reopen_if_rotated()
            super().emit(record)
        except OSError:
            self.handleError(record)
        finally:
            os.close(held)

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - logging's name
        """Whether this line begins a new file: not where another process may be at it."""
        return self._is_alone and bool(super().shouldRollover(record))

    def _locked(self, descriptor: int) -> bool:
        """Lock a file soon, or not at all; returns whether."""
        began = time.monotonic()
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                now = time.monotonic()
                if now < self._hangs_until:
                    return False
                if now - began > _LOCKED_WITHIN:
                    self._hangs_until = now + _NOT_LOCKED_FOR
                    return False
                time.sleep(_LOCK_AGAIN)
            else:
                return True

    def _reopen_if_rotated(self) -> None:
        if self.stream is None:
            return  # it is opened to write
        written = os.fstat(self.stream.fileno())
        with suppress(FileNotFoundError):
            if os.path.samestat(written, Path(self.baseFilename).stat()):
                return
        self.stream.close()
        self.stream = self._open()


def rotating(file: Path, *, previous: int = 2) -> RotatingFileHandler:
    """A file of at most `FILE_SIZE`; ``app.log`` becomes ``app.previous.log``, then ``.2``."""
    handler = SharedFileHandler(
        file, maxBytes=FILE_SIZE, backupCount=previous, encoding="utf-8", errors="backslashreplace"
    )
    handler.namer = _previous
    return handler


def _previous(name: str) -> str:
    """``app.log.1`` as ``app.previous.log``, and ``app.log.2`` as ``app.previous.2.log``."""
    path, _, number = name.rpartition(".")
    stem, _, ending = path.rpartition(".")
    return f"{stem}.previous{'' if number == '1' else f'.{number}'}.{ending}"


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.critical("Uncaught", exc_info=(kind, error, trace))
