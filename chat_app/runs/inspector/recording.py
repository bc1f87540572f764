"""Records the events of a thread's runs while an inspector of it is open.

The events come through a tap on the stream that the chat reads anyway. Where that is not the whole
run, because the inspector was opened in its middle, the run is read again with a stream of its
own, and nothing is tapped. What is dropped of a long run is read from the server once more, when
someone asks for it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import Counter
from contextlib import aclosing
from math import inf
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError, NotFoundError
from chat_app.client.events import Reconnecting, RunEnd
from chat_app.client.replay import FROM_THE_START
from chat_app.runs import tasks
from chat_app.runs.inspector.stored import read_past_run
from chat_app.timeline.listing import places_of
from chat_app.timeline.record import Ring, recorded
from chat_app.timeline.spans import Timeline

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Event, Json
    from chat_app.runs.inspector.stored import PastRun
    from chat_app.timeline.record import Recorded

MOST_BYTES = 12 * 2**20
"""Of the events of one run, as they came."""
MOST_BYTES_OF_ALL = 24 * 2**20
"""Of those of a thread's runs, before another one begins."""
MOST_RUNS = 8
MOST_NODES = 200
"""Whose names are listed, of one run."""
FORGOTTEN_AFTER = 60.0
"""Seconds after the last inspector was closed."""
_log = logging.getLogger("chat_app.runs")
_AT_ONCE = 100
"""Events of a replay that are taken before others have their turn."""
_PLACE = re.compile(r"([0-9]{12,14})-[0-9]{1,20}")
"""An event's id that begins with its time: milliseconds since 1970."""


class Times:
    """When the events of one run were sent: never earlier than the event before.

    By the server's clock where ids tell it, so that a run that is read again has the same times,
    and because the chat reads its stream only a few times a second. What has no id then is as old
    as the event before it.
    """

    def __init__(self) -> None:
        self._last = 0.0
        self._has_ids = False

    def of(self, event: Event) -> float:
        """Milliseconds since 1970."""
        if found := _PLACE.fullmatch(event.id or ""):
            self._has_ids, at = True, float(found[1])
        else:
            at = self._last if self._has_ids else time.time() * 1000
        self._last = max(self._last, at)
        return self._last


class RunRecord:
    """The events of one run, as far as they are kept."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.ring = Ring(most_bytes=MOST_BYTES)
        self.timeline = Timeline()
        self.started_with: Json | None = None
        """The run's metadata and config, once they were asked for."""
        self.counts: Counter[str] = Counter()
        """How many events there were of each mode."""
        self.nodes: dict[str, None] = {}
        """The nodes that the events name, in the order in which they came."""
        self.is_chat = False
        """The chat has followed it, rather than someone has looked at it later."""
        self.is_over = False
        """No more events will come."""
        self.is_stored = False
        """The server has the events no more: they were made of the checkpoints of the thread."""
        self.is_cut = False
        """Some events were not recorded: the inspector was closed, or the stream was left."""
        self.failure: LangGraphError | None = None
        """Why the run could not be read."""
        self._times = Times()

    @property
    def is_empty(self) -> bool:
        """Whether the run is over, and the server has told no event of it."""
        return self.is_over and set(self.counts) <= {"end"}

    def keep(self, past: PastRun) -> None:
        """Have what the checkpoints of the thread tell of a run, in the place of its events."""
        self.ring, self.timeline, self.is_stored = past.ring, past.timeline, True
        self.is_cut = not past.is_whole
        self.counts.clear()
        for item in past.ring.after(0):
            self._count(item)

    def take(self, event: Event) -> None:
        """Record an event. What the client says of its connection is not one of the run's."""
        if _is_of_the_client(event):
            return
        item = self.ring.add(event, at=self._times.of(event))
        self.timeline.take(item)
        self._count(item)
        if isinstance(event, RunEnd):
            self.is_over = True

    def _count(self, item: Recorded) -> None:
        self.counts[item.mode] += 1
        for node in places_of(item) - self.nodes.keys():
            if len(self.nodes) < MOST_NODES:
                self.nodes[node] = None


class RecorderTap:
    """Takes the events of one run for a recorder, from when the server has accepted it."""

    def __init__(self, recorder: Recorder) -> None:
        self.record: RunRecord | None = None
        self._recorder = recorder

    def __call__(self, event: Event) -> None:
        record = self.record
        if record is None:
            return
        try:
            if self._recorder.is_watched:
                record.take(event)
                return
        except Exception:  # noqa: BLE001 - the chat goes on, whatever is wrong with its inspector
            _log.exception("run %s: its events are recorded no more", record.run_id)
        record.is_cut, self.record = True, None


class Recorder:
    """That of one thread. `connect` gives the client that may use it."""

    def __init__(self, thread_id: str, connect: Callable[[], Awaitable[LangGraphClient]]) -> None:
        self.runs: dict[str, RunRecord] = {}
        """By their ids, oldest first."""
        self.reading = asyncio.Lock()
        """Held while a run is read again: one at a time, for as long as a person takes it. Not for
        all threads together, or who does not take a download would keep others from theirs."""
        self._thread_id = thread_id
        self._connect = connect
        self._tabs: set[Hashable] = set()
        self._going = ""
        """The run that goes on, whether it is recorded or not."""
        self._readings: dict[str, asyncio.Task[None]] = {}
        self._forgetting: asyncio.TimerHandle | None = None

    @property
    def is_watched(self) -> bool:
        """Whether an inspector of the thread is open."""
        return bool(self._tabs)

    @property
    def newest(self) -> RunRecord | None:
        """Of the run that the chat has followed last; None where that is not recorded."""
        return next((one for one in reversed(self.runs.values()) if one.is_chat), None)

    @property
    def listed(self) -> list[RunRecord]:
        """Of the runs that could be read, the newest first."""
        read = [one for one in reversed(self.runs.values()) if one.failure is None]
        return sorted(read, key=lambda one: one.timeline.start or inf, reverse=True)

    def watch(self, tab: Hashable) -> None:
        """Record from now on, and what was missed of a run that goes on."""
        is_first = not self._tabs
        self._tabs.add(tab)
        if self._forgetting:
            self._forgetting.cancel()
            self._forgetting = None
        if is_first:
            self.runs = {name: one for name, one in self.runs.items() if not one.is_cut}
            if self._going and self._going not in self.runs:
                self.read(self._going).is_chat = True

    def unwatch(self, tab: Hashable) -> None:
        """Record no more once no tab is left; what was recorded is forgotten after a while."""
        if tab not in self._tabs:
            return
        self._tabs.discard(tab)
        if not self._tabs:
            for run_id in list(self._readings):
                self._end_reading(run_id)
            loop = asyncio.get_running_loop()
            self._forgetting = loop.call_later(FORGOTTEN_AFTER, self.runs.clear)

    def tap(self) -> RecorderTap | None:
        """For the events of a run that begins; None where no inspector is open."""
        return RecorderTap(self) if self._tabs else None

    def accepted(self, run_id: str, tap: RecorderTap | None) -> None:
        """The server has the run, and `tap` gets its events; without one it is read on its own."""
        self._going = run_id
        if not self._tabs:
            return
        if tap:
            tap.record = record = self._begin(run_id)
        else:
            record = self.read(run_id)
        record.is_chat = True

    def ended(self, run_id: str) -> None:
        """Its stream has ended: the run is over, or was left.

        A stream that has much to tell may be left before its end; the rest is read on its own.
        """
        if self._going == run_id:
            self._going = ""
        record = self.runs.get(run_id)
        if record is None or record.is_over or run_id in self._readings:
            return
        if self._tabs and not record.is_cut:
            self._begin_reading(record)
        else:
            record.is_over = record.is_cut = True

    def forget(self, run_id: str) -> None:
        """Have no record of a run any more."""
        self._end_reading(run_id)
        self.runs.pop(run_id, None)

    def read(self, run_id: str) -> RunRecord:
        """Record a run from its beginning, as far as the server keeps it, unless it is recorded."""
        known = self.runs.get(run_id)
        if known:
            return known
        record = self._begin(run_id)
        self._begin_reading(record)
        return record

    async def replayed(self, run_id: str) -> AsyncGenerator[Recorded]:
        """The events of a run from its first one, as the server still has them, numbered anew.

        Raises:
            LangGraphError: the run is none of the thread's, or the server does not tell.
        """
        times, number = Times(), 0
        async with aclosing(self._events(run_id)) as events:
            async for event in events:
                if not _is_of_the_client(event):
                    number += 1
                    yield recorded(event, number=number, at=times.of(event))

    async def _events(self, run_id: str) -> AsyncGenerator[Event]:
        client = await self._connect()
        run = await client.runs.get(self._thread_id, run_id)
        if run.get("thread_id") != self._thread_id:
            raise NotFoundError("no such run")
        follow = client.runs.join_stream(self._thread_id, run_id, last_event_id=FROM_THE_START)
        count = 0
        async with aclosing(follow) as events:
            async for event in events:
                yield event
                count += 1
                if not count % _AT_ONCE:
                    await asyncio.sleep(0)

    def _begin_reading(self, record: RunRecord) -> None:
        reading = tasks.spawn(self._read(record), name=f"record {record.run_id}")
        self._readings[record.run_id] = reading

        def forget(done: asyncio.Task[None]) -> None:
            if self._readings.get(record.run_id) is done:
                del self._readings[record.run_id]

        reading.add_done_callback(forget)

    def _end_reading(self, run_id: str) -> None:
        """Stop to read a run; from now on its record is known to lack what was not read."""
        if reading := self._readings.pop(run_id, None):
            reading.cancel()
            if (record := self.runs.get(run_id)) and not record.is_over:
                record.is_cut = record.is_over = True

    async def _read(self, record: RunRecord) -> None:
        """Read a run again, and record what is not recorded of it."""
        known = record.ring.last
        try:
            async with aclosing(self._events(record.run_id)) as events:
                async for event in events:
                    if known and not _is_of_the_client(event):
                        known -= 1
                    elif not (isinstance(event, RunEnd) and await self._kept(record)):
                        record.take(event)
        except LangGraphError as failure:
            record.failure = None if record.ring.last else failure
        finally:
            record.is_cut = record.is_cut or not record.is_over
            record.is_over = True

    async def _kept(self, record: RunRecord) -> bool:
        """Have what the thread tells of a run that is over, where its stream has told nothing."""
        if record.ring.last:
            return False
        try:
            client = await self._connect()
            record.keep(await read_past_run(client, self._thread_id, record.run_id))
        except LangGraphError:
            return False
        record.is_over = True
        return True

    def _begin(self, run_id: str) -> RunRecord:
        self.forget(run_id)
        while self.runs and (len(self.runs) >= MOST_RUNS or self._bytes() > MOST_BYTES_OF_ALL):
            over = (name for name, one in self.runs.items() if one.is_over)
            self.forget(next(over, next(iter(self.runs))))
        record = self.runs[run_id] = RunRecord(run_id)
        return record

    def _bytes(self) -> int:
        return sum(one.ring.bytes for one in self.runs.values())


def _is_of_the_client(event: Event) -> bool:
    """Whether it tells of the connection and not of the run."""
    return isinstance(event, Reconnecting) or event.event == "reconnected"
