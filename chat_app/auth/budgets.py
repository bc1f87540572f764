"""How much a person may use: messages and tokens of a day, and runs at a time.

Each run that a person starts is a row in a file of the data folder, or in the Redis that several
hosts share: it outlives the process, and all that serve the app count together. Its tokens are
those that the models report in the messages of the run. A day is one of UTC.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chat_app import text
from chat_app.auth.budget_file import LedgerFile
from chat_app.client import LangGraphError, NotFoundError
from chat_app.client.schema import ACTIVE
from chat_app.config import settings
from chat_app.runs import tasks
from chat_app.shared_store.budgets import Limits, SharedLedger, Start
from chat_app.shared_store.redis import SharedStoreDownError, shared_store
from chat_app.transcript.error_text import AppError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from chat_app.shared_store.budgets import Refused, UnderWay

_log = logging.getLogger(__name__)
_FILE = "budgets.sqlite3"
_DAY = 24 * 3600
_TRIED_EVERY = 1.0
"""Seconds between two attempts to note something during an outage of Redis."""
_TRIES = 3600
_WRITTEN_WITHIN = 5.0
"""Seconds that a question waits for what is being noted."""
_ACCEPTED_WITHIN = 300.0
"""Seconds: a run that the server has not accepted by then was never started."""


class OverBudgetError(AppError):
    """The person may not start another run now; `sentence` says why, and until when."""


class UnknownUseError(AppError):
    """What a person has used is not known during an outage of Redis: no run is started then."""


class _TooManyRunsError(OverBudgetError):
    """Other threads of the person have runs, as far as is known."""


class Ledger(Protocol):
    """Where runs are counted; each method may block. A `name` is the app's own key of a run."""

    def check(self, start: Start, limits: Limits) -> Refused | None:
        """The limit that a run would be beyond now."""

    def begin(self, name: str, start: Start, limits: Limits) -> Refused | None:
        """Count a run, once, unless it would be beyond a limit; returns which."""

    def accepted(self, name: str, run: str) -> None:
        """It has this id."""

    def forget(self, name: str) -> None:
        """It was not started, where it has no id."""

    def ended(self, name: str, run: str, tokens: int) -> None:
        """It is over, by its name or by its id."""

    def add(self, name: str, tokens: int) -> None:
        """It has used more tokens."""

    def under_way(self, person: str) -> list[UnderWay]:
        """Those of a person that may not be over."""
        ...

    def used(self, person: str, day: int) -> tuple[int, int]:
        """The messages and the tokens of a day."""
        ...

    def close(self) -> None:
        """Nothing uses it afterwards."""


class Budgets:
    """The runs of all people, and what each of them may still start."""

    def __init__(
        self, ledger: Ledger | Path, limits: Limits, *, now: Callable[[], float] = time.time
    ) -> None:
        self._ledger: Ledger = LedgerFile(ledger) if isinstance(ledger, Path) else ledger
        self._limits = limits
        self._now = now

    def check(self, person: str, thread: str) -> None:
        """See whether a person may start a run in a thread; an empty one is new.

        Raises:
            OverBudgetError: not now.
        """
        self._raise(self._ledger.check(self._start(person, thread), self._limits))

    def begin(self, key: str, person: str, thread: str) -> None:
        """Count a run that is to be started, once; raises as `check`.

        A message that a Stop has paused is sent again in another run, under the same key.
        """
        self._raise(self._ledger.begin(key, self._start(person, thread), self._limits))

    def accepted(self, key: str, run: str) -> None:
        """The server has a run, under this id. It goes, unless its own end was told before."""
        self._ledger.accepted(key, run)

    def forget(self, key: str) -> None:
        """A run was not started after all."""
        self._ledger.forget(key)

    def ended(self, key: str, run: str, tokens: int = 0) -> None:
        """A run is over; told twice, it counts once. One that was started elsewhere is no one's."""
        self._ledger.ended(key, run, tokens)

    def add(self, key: str, tokens: int) -> None:
        """A run of the app's own, which belongs to that one, has used tokens."""
        self._ledger.add(key, tokens)

    def has_tokens(self, person: str) -> bool:
        """Whether a person may use more tokens today."""
        _, tokens = self.used(person)
        return not self._limits.tokens or tokens < self._limits.tokens

    def under_way(self, person: str) -> list[UnderWay]:
        """The runs of a person that may not be over."""
        return self._ledger.under_way(person)

    def used(self, person: str) -> tuple[int, int]:
        """How many messages a person has sent today, and how many tokens were used."""
        return self._ledger.used(person, self._today())

    def close(self) -> None:
        """Nothing uses them afterwards."""
        self._ledger.close()

    def _raise(self, refused: Refused | None) -> None:
        limits = self._limits
        if refused == "runs":
            raise _TooManyRunsError(text.OVER_RUNS.format(most=limits.runs))
        if refused:
            sentence = text.OVER_MESSAGES if refused == "messages" else text.OVER_TOKENS
            most = limits.messages if refused == "messages" else limits.tokens
            wait = text.pause(_DAY - self._now() % _DAY)
            raise OverBudgetError(sentence.format(most=f"{most:,}", wait=wait))

    def _start(self, person: str, thread: str) -> Start:
        return Start(person, thread, self._now(), self._today())

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
            AppError: what the person has used is not known now.
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
        except UnknownUseError:  # it may have been counted
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
            await asyncio.wait(self._writing, timeout=_WRITTEN_WITHIN)
        try:
            return await asyncio.to_thread(self._budgets.has_tokens, self._person)
        except SharedStoreDownError:
            return False

    def added(self, key: str, tokens: int) -> None:
        self._spawn(self._budgets.add, key, tokens)

    async def _tried(self, attempt: Callable[[], None]) -> None:
        try:
            try:
                await asyncio.to_thread(attempt)
            except _TooManyRunsError:
                await self._look_for_ends()
                await asyncio.to_thread(attempt)
        except SharedStoreDownError:
            raise UnknownUseError(text.BUDGET_UNKNOWN) from None

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
    """Note something; during an outage of Redis as soon as that is over."""
    for _ in range(_TRIES):
        try:
            await asyncio.to_thread(write, *values)
        except SharedStoreDownError:
            await asyncio.sleep(_TRIED_EVERY)
        else:
            return
    _log.warning("A run could not be noted: Redis was away for too long")


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
    store = shared_store()
    return Budgets(SharedLedger(store) if store else Path(configured.data_dir) / _FILE, limits)
