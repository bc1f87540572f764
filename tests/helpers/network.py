"""The network between the app and its server: what a test holds back, delays, refuses or loses.

``with network_to(url) as network``: the app talks to ``network.url``. Paths are patterns in which
``*`` stands for one part and ``**`` for any number: ``network.hold("POST", "/threads/*/runs")``.
"""

from __future__ import annotations

import asyncio
import re
import time
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from tests.helpers.gateway import Asked, Gateway, Lost, Refusal, listening
from tests.helpers.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator

    from tests.helpers.gateway import Sent

    Where = Callable[[Asked], bool]

BULK_CANCEL = ("POST", "/runs/cancel")
CANCEL = ("POST", "/threads/*/runs/*/cancel")
ANY_CANCEL = ("POST", "**/cancel")
CREATE_THREAD = ("POST", "/threads")
ENQUEUE = ("POST", "/threads/*/runs")
"""A message that waits for its turn."""
START = ("POST", "/threads/*/runs/stream")
REMOVE = ("DELETE", "/threads/*/runs/*")
READ_RUN = ("GET", "/threads/*/runs/*")
READ_RUNS = ("GET", "/threads/*/runs")
STATE = ("*", "/threads/*/state**")
UPDATE_THREAD = ("PATCH", "/threads/*")
JOIN = ("GET", "/threads/*/runs/*/stream")


class _Arrival(asyncio.Event):
    async def wait(self) -> Literal[True]:
        """Raises `TimeoutError` where it does not come."""
        async with asyncio.timeout(PATIENCE):
            return await super().wait()


class Seen(NamedTuple):
    """One request that came from the app; `at` is of `time.monotonic`."""

    method: str
    path: str
    at: float

    @property
    def is_stream(self) -> bool:
        """Whether its answer stays open: of a run, or of notifications."""
        return self.path.endswith(("/stream", "/stream/events"))


@dataclass
class Rule:
    """What happens to requests, until `end`."""

    method: str
    pattern: re.Pattern[str]
    where: Where
    times: int | None
    is_answer: bool
    """It is done to the answer: the server has done what was asked."""
    loop: asyncio.AbstractEventLoop
    status: int = 0
    seconds: float = 0
    is_lost: bool = False
    is_held: bool = False
    is_mute: bool = False
    arrived: asyncio.Event = field(default_factory=_Arrival)
    """Set once such a request is here."""
    count: int = 0
    """How many such requests there were."""
    _released: Future[None] = field(default_factory=Future)

    def release(self) -> None:
        """Release what is held, and hold nothing more."""
        if not self._released.done():
            self._released.set_result(None)

    def end(self) -> None:
        """Do no more."""
        self.times = 0
        self.release()

    def takes(self, asked: Asked) -> bool:
        """Whether the rule is for this request; counts it if so."""
        is_meant = self.method in ("*", asked.method) and self.pattern.fullmatch(asked.path)
        if self.times == 0 or not is_meant or not self.where(asked):
            return False
        self.count += 1
        self.times = None if self.times is None else self.times - 1
        return True

    async def apply(self) -> None:
        """Do what the rule says; in the loop of the gateway."""
        self.loop.call_soon_threadsafe(self.arrived.set)
        if self.is_held:
            await asyncio.shield(asyncio.wrap_future(self._released))
        await asyncio.sleep(self.seconds)
        if self.status:
            raise Refusal(self.status, "refused by the network of a test")
        if self.is_lost:
            raise Lost


class _Gateway(Gateway):
    def __init__(self, upstream: str, network: Network) -> None:
        super().__init__(upstream)
        self._network = network

    async def request(self, asked: Asked) -> None:
        self._network.requests.append(Seen(asked.method, asked.path, time.monotonic()))
        await self._apply(asked, is_answer=False)

    async def answered(self, asked: Asked) -> None:
        await self._apply(asked, is_answer=True)

    async def events(self, asked: Asked, sent: AsyncIterator[Sent]) -> AsyncIterator[Sent]:
        async for event in sent:
            for rule in self._network.rules:
                if rule.is_mute and rule.takes(asked):
                    await rule.apply()
            yield event

    async def _apply(self, asked: Asked, *, is_answer: bool) -> None:
        for rule in tuple(self._network.rules):
            if rule.is_answer is is_answer and not rule.is_mute and rule.takes(asked):
                await rule.apply()


class Network:
    """Made by `network_to`, within a running event loop. All is well until a test asks."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[Seen] = []
        """All that the app has asked, in this order."""
        self.rules: list[Rule] = []
        self._loop = asyncio.get_running_loop()

    def hold(
        self,
        method: str,
        pattern: str,
        *,
        where: Where = lambda _: True,
        times: int | None = None,
        is_answer: bool = False,
    ) -> Rule:
        """Hold requests back until `release`; or the answers to them."""
        rule = self._rule(method, pattern, where, times, is_answer=is_answer)
        rule.is_held = True
        return rule

    def refuse(
        self,
        method: str,
        pattern: str,
        status: int = 500,
        *,
        times: int | None = None,
        where: Where = lambda _: True,
    ) -> Rule:
        """Answer with a status, without asking the server."""
        rule = self._rule(method, pattern, where, times, is_answer=False)
        rule.status = status
        return rule

    def lose(
        self,
        method: str,
        pattern: str,
        *,
        times: int | None = None,
        where: Where = lambda _: True,
    ) -> Rule:
        """Break the connection before the server hears of the request."""
        rule = self._rule(method, pattern, where, times, is_answer=False)
        rule.is_lost = True
        return rule

    def lose_answer(
        self,
        method: str,
        pattern: str,
        *,
        times: int | None = None,
        where: Where = lambda _: True,
    ) -> Rule:
        """Break the connection once the server has done what was asked."""
        rule = self._rule(method, pattern, where, times, is_answer=True)
        rule.is_lost = True
        return rule

    def delay(
        self,
        method: str,
        pattern: str,
        seconds: float,
        *,
        times: int | None = None,
        where: Where = lambda _: True,
        is_answer: bool = False,
    ) -> Rule:
        """Let requests take longer to arrive, or the answers to them."""
        rule = self._rule(method, pattern, where, times, is_answer=is_answer)
        rule.seconds = seconds
        return rule

    def mute(self, method: str, pattern: str) -> Rule:
        """Pass nothing more on of what streams, until `release`."""
        rule = self._rule(method, pattern, lambda _: True, None, is_answer=True)
        rule.is_held = rule.is_mute = True
        return rule

    async def quiet(self, seconds: float = 1.0) -> None:
        """Wait until nothing was asked for so long: what was begun before is done."""
        await until(lambda: time.monotonic() - self.requests[-1].at > seconds)

    def asked(self, method: str, pattern: str, *, since: int = 0) -> list[Seen]:
        """The requests of that kind, from the `since`-th of all on."""
        meant = _compiled(pattern)
        seen = self.requests[since:]
        return [one for one in seen if method in ("*", one.method) and meant.fullmatch(one.path)]

    def _rule(
        self, method: str, pattern: str, where: Where, times: int | None, *, is_answer: bool
    ) -> Rule:
        rule = Rule(method, _compiled(pattern), where, times, is_answer, self._loop)
        self.rules.append(rule)
        return rule


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"**": ".*", "*": "[^/]+"}
    return re.compile("".join(parts.get(p, re.escape(p)) for p in re.split(r"(\*+)", pattern)))


def asks(text: str) -> Where:
    """Requests that carry a message of these words."""

    def is_meant(asked: Asked) -> bool:
        messages = ((asked.body or {}).get("input") or {}).get("messages") or []
        return any(_words(message.get("content")) == text for message in messages)

    return is_meant


def _words(content: object) -> object:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content if isinstance(part, dict))
    return content


@contextmanager
def network_to(upstream: str) -> Generator[Network]:
    """A network in front of the server at `upstream` until the block ends."""
    network = Network()
    with listening(_Gateway(upstream, network)) as network.url:
        try:
            yield network
        finally:
            for rule in network.rules:
                rule.end()
