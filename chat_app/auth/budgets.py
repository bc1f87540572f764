"""How much a person may use: messages and tokens of a day, and runs at a time.

Each run that a person starts is a row in a file of the data folder, which outlives the process and
is shared by all that serve the app. Its tokens are those that the models report in the messages of
the run. A day is one of UTC.
"""

from __future__ import annotations

import asyncio
import threading
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chat_app import text
from chat_app.auth.database import Database
from chat_app.client import LangGraphError, NotFoundError
from chat_app.client.schema import ACTIVE
from chat_app.config import settings
from chat_app.runs import tasks
from chat_app.transcript.error_text import AppError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from sqlite3 import Connection

    from chat_app.client import LangGraphClient

_FILE = "budgets.sqlite3"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    thread TEXT NOT NULL,
    run TEXT NOT NULL DEFAULT '',
    begun REAL NOT NULL,
    day INTEGER NOT NULL,
    tokens INTEGER NOT NULL DEFAULT 0,
    is_over INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS runs_of_a_person ON runs (person, day);
CREATE INDEX IF NOT EXISTS runs_by_id ON runs (run);
"""
_DAY = 24 * 3600
_KEPT_DAYS = 2
_ACCEPTED_WITHIN = 300.0
"""Seconds: a run that the server has not accepted by then was never started."""


class OverBudgetError(AppError):
    """The person may not start another run now; `sentence` says why, and until when."""


class _TooManyRunsError(OverBudgetError):
    """Other threads of the person have runs, as far as is known."""


class Limits(NamedTuple):
    """Of one person; 0: no limit."""

    messages: int = 0
    tokens: int = 0
    runs: int = 0


class Budgets:
    """The runs of all people, and what each of them may still start."""

    def __init__(
        self, database: Database, limits: Limits, *, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._limits = limits
        self._now = now

    def check(self, person: str, thread: str) -> None:
        """See whether a person may start a run in a thread; an empty one is new.

        Raises:
            OverBudgetError: not now.
        """
        with self._database.writing() as rows:
            self._check(rows, person, thread)

    def begin(self, key: str, person: str, thread: str) -> None:
        """Count a run that is to be started, once; raises as `check`.

        A message that a Stop has paused is sent again in another run, under the same key.
        """
        with self._database.writing() as rows:
            before = rows.execute("SELECT run, tokens FROM runs WHERE key = ?", (key,)).fetchone()
            if before and not before[0]:
                return
            if before and not before[1]:
                rows.execute("DELETE FROM runs WHERE key = ?", (key,))
            elif before:  # what it used is not given back
                used = f"{key} {before[0]}"
                rows.execute("UPDATE runs SET key = ?, is_over = 1 WHERE key = ?", (used, key))
            self._check(rows, person, thread)
            day, begun = self._today(), self._now()
            rows.execute(
                "INSERT INTO runs (key, person, thread, begun, day) VALUES (?, ?, ?, ?, ?)",
                (key, person, thread, begun, day),
            )
            rows.execute("DELETE FROM runs WHERE day < ? AND is_over", (day - _KEPT_DAYS,))

    def accepted(self, key: str, run: str) -> None:
        """The server has a run, under this id. It goes, unless its own end was told before."""
        with self._database.writing() as rows:
            rows.execute(
                "UPDATE runs SET is_over = is_over AND run = :run, run = :run WHERE key = :key",
                {"key": key, "run": run},
            )

    def forget(self, key: str) -> None:
        """A run was not started after all."""
        with self._database.writing() as rows:
            rows.execute("DELETE FROM runs WHERE key = ? AND run = ''", (key,))

    def ended(self, key: str, run: str, tokens: int = 0) -> None:
        """A run is over; told twice, it counts once. One that was started elsewhere is no one's."""
        with self._database.writing() as rows:
            # A message may have had another run before, which is told of late.
            rows.execute(
                "UPDATE runs SET is_over = 1, tokens = max(tokens, :tokens),"
                " run = CASE WHEN run = '' THEN :run ELSE run END"
                " WHERE (key = :key AND key <> '' AND (run IN ('', :run) OR :run = ''))"
                " OR (run = :run AND run <> '')",
                {"tokens": tokens, "key": key, "run": run},
            )

    def add(self, key: str, tokens: int) -> None:
        """A run of the app's own, which belongs to that one, has used tokens."""
        with self._database.writing() as rows:
            rows.execute("UPDATE runs SET tokens = tokens + ? WHERE key = ?", (tokens, key))

    def has_tokens(self, person: str) -> bool:
        """Whether a person may use more tokens today."""
        _, tokens = self.used(person)
        return not self._limits.tokens or tokens < self._limits.tokens

    def under_way(self, person: str) -> list[tuple[str, str, str, float]]:
        """The key, thread, id and beginning of the runs of a person that may not be over."""
        return self._database.read(
            "SELECT key, thread, run, begun FROM runs WHERE person = ? AND NOT is_over", (person,)
        )

    def used(self, person: str) -> tuple[int, int]:
        """How many messages a person has sent today, and how many tokens were used."""
        return self._database.read(*self._sums(person))[0]

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _check(self, rows: Connection, person: str, thread: str) -> None:
        messages, tokens = rows.execute(*self._sums(person)).fetchone()
        limits = self._limits
        if limits.messages and messages >= limits.messages:
            raise self._over(text.OVER_MESSAGES, limits.messages)
        if limits.tokens and tokens >= limits.tokens:
            raise self._over(text.OVER_TOKENS, limits.tokens)
        # Messages of one thread wait for each other.
        [others] = rows.execute(
            "SELECT count(DISTINCT thread) FROM runs"
            " WHERE person = ? AND NOT is_over AND thread <> ?",
            (person, thread),
        ).fetchone()
        if limits.runs and others >= limits.runs:
            raise _TooManyRunsError(text.OVER_RUNS.format(most=limits.runs))

    def _over(self, sentence: str, most: int) -> OverBudgetError:
        wait = text.pause(_DAY - self._now() % _DAY)
        return OverBudgetError(sentence.format(most=f"{most:,}", wait=wait))

    def _sums(self, person: str) -> tuple[str, tuple[object, ...]]:
        statement = (
            "SELECT count(*), coalesce(sum(tokens), 0) FROM runs WHERE person = ? AND day = ?"
        )
        return statement, (person, self._today())

    def _today(self) -> int:
        return int(self._now() // _DAY)


class PersonalBudget:
    """A `chat_app.runs.metering.Meter`."""

    def __init__(
        self, budgets: Budgets, person: str, connect: Callable[[], Awaitable[LangGraphClient]]
    ) -> None:
        self._budgets = budgets
        self._person = person
        self._connect = connect
        self._writing: set[asyncio.Task[None]] = set()

    async def check(self, thread_id: str) -> None:
        """See whether the person may start a run in a thread; an empty one is new.

        Raises:
            OverBudgetError: not now.
            LangGraphError: it is not known whether other runs are over.
        """
        await self._tried(lambda: self._budgets.check(self._person, thread_id))

    async def begin(self, key: str, thread_id: str) -> None:
        """Count a run that is to be started; raises as `check`."""
        is_given_up = threading.Event()

        def begin() -> None:
            self._budgets.begin(key, self._person, thread_id)
            if is_given_up.is_set():
                self._budgets.forget(key)

        try:
            await self._tried(begin)
        except asyncio.CancelledError:  # the thread goes on, or is through already
            is_given_up.set()
            self.not_started(key)
            raise

    def accepted(self, key: str, run_id: str) -> None:
        self._spawn(self._budgets.accepted, key, run_id)

    def not_started(self, key: str) -> None:
        self._spawn(self._budgets.forget, key)

    def ended(self, key: str, run_id: str, tokens: int) -> None:
        self._spawn(self._budgets.ended, key, run_id, tokens)

    async def has_tokens(self) -> bool:
        if self._writing:
            await asyncio.wait(self._writing)
        return await asyncio.to_thread(self._budgets.has_tokens, self._person)

    def added(self, key: str, tokens: int) -> None:
        self._spawn(self._budgets.add, key, tokens)

    async def _tried(self, attempt: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(attempt)
        except _TooManyRunsError:
            await self._look_for_ends()
            await asyncio.to_thread(attempt)

    async def _look_for_ends(self) -> None:
        """Ask the server which of the runs are over: no tab may have seen their ends."""
        client, latest = await self._connect(), time.time() - _ACCEPTED_WITHIN
        for key, thread_id, run_id, begun in await asyncio.to_thread(
            self._budgets.under_way, self._person
        ):
            is_over = begun < latest if not run_id else await _is_over(client, thread_id, run_id)
            if is_over:
                await asyncio.to_thread(self._budgets.ended, key, run_id)

    def _spawn(self, write: Callable[..., None], *values: object) -> None:
        writing = tasks.spawn(_in_thread(write, *values), name="note a run")
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)


async def _in_thread(write: Callable[..., None], *values: object) -> None:
    await asyncio.to_thread(write, *values)


async def _is_over(client: LangGraphClient, thread_id: str, run_id: str) -> bool:
    try:
        return (await client.runs.get(thread_id, run_id))["status"] not in ACTIVE
    except NotFoundError:
        return True
    except LangGraphError:
        return False


@lru_cache(maxsize=1)
def budgets() -> Budgets | None:
    """Those of the settings; None where nothing is limited.

    Raises:
        OSError, sqlite3.Error: the data folder cannot be written.
    """
    configured = settings()
    limits = Limits(configured.daily_messages, configured.daily_tokens, configured.runs_per_person)
    if not any(limits):
        return None
    return Budgets(Database(Path(configured.data_dir) / _FILE, _SCHEMA), limits)
