"""The supervisor of several processes that serve one port: starts, watches and replaces them.

Each worker listens at a socket of its own, and the system spreads new connections over these
(SO_REUSEPORT). With one shared socket, as uvicorn's own supervisor has it, whichever process wakes
first takes all that wait, and a page keeps its process for hours. The supervisor keeps the sockets
open: in a rolling restart the new process takes over that of the old one, and no connection that
waits there is lost. The socket of a process that died is closed, so that the others get what would
have come to it.

========= ==========================================================================
SIGHUP    replace all processes, one after the other, each once its successor serves;
          not where the sources have changed, of which the page would have to be built
SIGTERM   let all drain (see `chat_app.draining`), then end
SIGINT    end at once
========= ==========================================================================
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import time
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING

from chat_app import logs
from chat_app.demo.serving.server import DemoServer, DemoServerError
from chat_app.observability.process_files import ended as forget_metrics
from chat_app.observability.process_files import shared_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chat_app.config import Settings

_log = logging.getLogger("chat_app.workers")

STARTS_WITHIN = 120.0
"""Seconds until a new process serves; one that does not is ended."""
STUCK_AFTER = 60.0
"""Seconds without a sign of life, which a worker gives every second, until it is ended."""
_PAUSES = (0.0, 1.0, 5.0, 30.0)
"""Seconds before a process is started whose predecessors ended by themselves."""
_STEADY = 60.0
"""Seconds of life after which an end is not one of a series."""
_ENDS_WITHIN = 10.0
"""Seconds beyond those for draining: the server waits for 5 of them for open requests."""
_LOOK_EVERY = 1.0


def contradictions(chosen: Settings) -> list[str]:
    """A line for each setting that means something else with several processes, or cannot help."""
    if chosen.workers == 1:
        return []
    lines = []
    cores = os.cpu_count() or 1
    if chosen.workers > cores:
        lines.append(
            f"CHAT_WORKERS={chosen.workers}: this machine has {cores} cores, so that more than "
            f"{cores} processes gain nothing."
        )
    if not chosen.redis_url.get_secret_value():
        lines.append(
            f"CHAT_SOCKETS_PER_ADDRESS={chosen.sockets_per_address} counts in each of the "
            f"{chosen.workers} processes by itself, as limits on rates and uploads do. With "
            "REDIS_URL the processes count together."
        )
    return lines


class Worker:
    """One process, and the link to it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.process = process
        self.began = self._heard = time.monotonic()
        self.is_ready = asyncio.Event()
        self._writer = writer
        self._listening = asyncio.create_task(self._listen(reader), name="listen to a worker")

    @property
    def is_stuck(self) -> bool:
        """Whether it gives no sign of life, or does not start."""
        limit = STUCK_AFTER if self.is_ready.is_set() else STARTS_WITHIN
        return time.monotonic() - self._heard > limit

    def tell(self, **what: object) -> None:
        """Send it a line."""
        if not self._writer.is_closing():
            self._writer.write(json.dumps(what).encode() + b"\n")

    def signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.process.returncode is None:
            self.process.send_signal(number)

    async def ended(self, within: float) -> None:
        """Wait for its end; one that takes longer is killed."""
        try:
            async with asyncio.timeout(within):
                await self.process.wait()
        except TimeoutError:
            _log.error("Worker %d did not end in time and is killed", self.process.pid)
            self.signal(signal.SIGKILL)
            await self.process.wait()

    async def serves(self) -> bool:
        """Wait until it serves, or has ended without."""
        ready = asyncio.create_task(self.is_ready.wait())
        end = asyncio.create_task(self.process.wait())
        try:
            await asyncio.wait(
                {ready, end}, timeout=STARTS_WITHIN, return_when=asyncio.FIRST_COMPLETED
            )
            return self.is_ready.is_set() and self.process.returncode is None
        finally:
            ready.cancel()
            end.cancel()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._heard = time.monotonic()
                if line == b"ready\n":
                    self.is_ready.set()
        except OSError:
            pass
        finally:
            self._writer.close()


class Slot:
    """The place of one worker: its socket, and the process that has it now."""

    def __init__(self, number: int, host: str, port: int) -> None:
        self.number = number
        self.worker: Worker | None = None
        self.changing = asyncio.Lock()
        """Held while the process is replaced."""
        self._address = host, port
        self.listener = bound(host, port)

    def renew_listener(self) -> None:
        """Close the socket of a process that died; what comes meanwhile goes to the others."""
        self.listener.close()
        self.listener = bound(*self._address)


class Supervisor:
    """Keeps as many processes running as the settings say."""

    def __init__(self, chosen: Settings, made_of: Callable[[], str]) -> None:
        self._chosen = chosen
        self._made_of, self._built = made_of, made_of()
        self._folder = Path(chosen.data_dir)
        self._reserved = bound(chosen.host, chosen.port)  # the address stays ours between two
        self._slots: list[Slot] = []
        self._stop = asyncio.Event()
        self._restart = asyncio.Event()
        self._signal = signal.SIGTERM
        self._has_served = False
        self._failed = False
        self._demo: DemoServer | None = None
        self._agent: dict[str, str] = {}
        """What the workers are told of the demo agent, as soon as it is known."""
        self._terminals = [number for number in (0, 1, 2) if os.isatty(number)]

    async def run(self) -> int:
        """Supervise until a signal says to end; returns the exit code."""
        self._handle_signals()
        if self._chosen.embedded:
            self._demo = DemoServer(data_dir=self._folder, model=self._chosen.demo_model)
        self._slots = [
            Slot(number, self._chosen.host, self._chosen.port)
            for number in range(1, self._chosen.workers + 1)
        ]
        background = [
            asyncio.create_task(work)
            for work in (
                *(self._keep(slot) for slot in self._slots),
                self._run_demo(),
                self._watch(),
                self._restart_when_asked(),
            )
        ]
        await self._stop.wait()
        await self._end_workers()
        for task in background:
            task.cancel()
        await asyncio.wait(background)
        if self._demo:
            await self._demo.stop()
        return int(self._failed)

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end_by, number)
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)

    def _end_by(self, number: signal.Signals) -> None:
        if self._stop.is_set():  # the second one: without patience
            for worker in self._workers():
                worker.signal(signal.SIGTERM if self._signal is signal.SIGTERM else signal.SIGKILL)
        self._signal = number
        self._stop.set()

    def _hang_up(self) -> None:
        """A rolling restart, or the end where the terminal was closed that this was started in."""
        if any(not os.isatty(number) for number in self._terminals):
            self._end_by(signal.SIGINT)
        else:
            self._restart.set()

    def _workers(self) -> list[Worker]:
        return [slot.worker for slot in self._slots if slot.worker]

    async def _start(self, slot: Slot) -> Worker:
        ours, theirs = socket.socketpair()
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "scripts.worker"),
                *(str(theirs.fileno()), str(slot.listener.fileno())),
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), slot.listener.fileno()),
                start_new_session=True,  # the terminal's Ctrl-C comes from here, once
            )
        finally:
            theirs.close()
        worker = Worker(process, *await asyncio.open_connection(sock=ours))
        worker.tell(agent_key=self._demo.secret if self._demo else "")
        if self._agent:
            worker.tell(**self._agent)
        return worker

    async def _keep(self, slot: Slot) -> None:
        """Start the process of a place, and start it anew whenever it ends by itself."""
        pauses = _pauses()
        while not self._stop.is_set():
            async with slot.changing:
                if slot.worker is None:
                    slot.worker = await self._start(slot)
            worker = slot.worker
            self._has_served |= await worker.serves()
            await worker.process.wait()
            forget_metrics(worker.process.pid)
            async with slot.changing:
                if slot.worker is not worker or self._stop.is_set():
                    continue  # a rolling restart has replaced it
                slot.worker = None
                slot.renew_listener()
            if not self._has_served:
                _log.error("Worker %d ended before it served", slot.number)
                self._failed = True
                self._stop.set()
                return
            how = worker.process.returncode
            _log.error("Worker %d has ended (%s) and is started anew", slot.number, how)
            if time.monotonic() - worker.began > _STEADY:
                pauses = _pauses()
            await asyncio.sleep(next(pauses))

    async def _restart_when_asked(self) -> None:
        while True:
            await self._restart.wait()
            self._restart.clear()
            if await asyncio.to_thread(self._made_of) != self._built:
                _log.error(
                    "No rolling restart: the sources have changed, and the page is of the old ones"
                )
                continue
            _log.info("Rolling restart of %d processes", len(self._slots))
            if all([await self._replace(slot) for slot in self._slots]):
                _log.info("Rolling restart: done")

    async def _replace(self, slot: Slot) -> bool:
        """Start another process in a place, then end the one that was there.

        Returns:
            Whether that worked. If the new process does not serve, the old one stays.
        """
        async with slot.changing:
            old, new = slot.worker, await self._start(slot)
            if self._stop.is_set() or not await new.serves():
                new.signal(signal.SIGKILL)
                await new.process.wait()
                forget_metrics(new.process.pid)
                _log.error("Worker %d: its successor did not start, so it stays", slot.number)
                return False
            slot.worker = new
        if old:
            old.tell(hand_over=True)
            await old.ended(self._chosen.drain_seconds + _ENDS_WITHIN)
        return True

    async def _watch(self) -> None:
        """End processes that are stuck; `_keep` starts others."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            for worker in self._workers():
                if worker.is_stuck and worker.process.returncode is None:
                    _log.error("Worker %d gives no sign of life", worker.process.pid)
                    worker.signal(signal.SIGKILL)

    async def _end_workers(self) -> None:
        for slot in self._slots:
            async with slot.changing:
                if slot.worker:
                    slot.worker.signal(self._signal)
        limit = self._chosen.drain_seconds + _ENDS_WITHIN
        await asyncio.gather(*(worker.ended(limit) for worker in self._workers()))

    async def _run_demo(self) -> None:
        """Run the demo agent, and tell the workers where it is."""
        if self._demo is None:
            return
        try:
            await self._demo.start()
            await self._demo.ready()
        except DemoServerError as failure:
            self._tell_all({"agent_failed": str(failure)})
            return
        self._tell_all({"agent_url": self._demo.url})
        await self._demo.keep_running()

    def _tell_all(self, agent: dict[str, str]) -> None:
        self._agent = agent
        for worker in self._workers():
            worker.tell(**agent)


def _pauses() -> Iterator[float]:
    return chain(_PAUSES, repeat(_PAUSES[-1]))


def bound(host: str, port: int) -> socket.socket:
    """A socket at an address that others of this program may have, too. It does not listen yet."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(address)
    return listener


def supervise(chosen: Settings, made_of: Callable[[], str]) -> int:
    """Serve with several processes until a signal says to end; returns the exit code.

    `made_of` gives a hash of the sources that are there now.
    """
    logs.begin(Path(chosen.data_dir) / "logs", as_json=chosen.log == "json")
    with shared_metrics():
        return asyncio.run(Supervisor(chosen, made_of).run())
