"""A person at the chat who has no patience: sends, stops, reloads, leaves and comes back."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime
from difflib import unified_diff
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConnectionClosed

from chat_app.state.queue import INTERRUPT, QUEUE, ROLLBACK, QueueState
from chat_app.state.run import RunState
from tests.benchmarks.ledger import Complaint, Said, judge, repeated
from tests.benchmarks.page import Page, Profile
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from random import Random

    from chat_app.client import LangGraphClient
    from tests.benchmarks.page import Row

_PATIENCE = 60.0
"""Seconds after which a conversation that does not come to rest is given up."""
_IN_STEP_WITHIN = 20.0
"""Seconds after which a page at rest must show what the thread holds."""
_TEMPERS = ((0.5, 6), (0.1, 1.5))
"""Seconds between two acts of one person, at least and at most: some wait for nothing."""
_REST = 0.7
"""Seconds between two looks that must both find a conversation at rest."""


class Person:
    """One browser, with one or two tabs on one conversation.

    `acts` counts what was done, by name. `server` is the server's own client, in good weather.
    """

    def __init__(self, url: str, server: LangGraphClient, dice: Random, name: int) -> None:
        self.acts: Counter[str] = Counter()
        self.diary: list[str] = []
        """What was done, line by line with the time of the day."""
        self.said: list[Said] = []
        self._url = url
        self._server = server
        self._dice = dice
        self._pauses = dice.choice(_TEMPERS)
        self._name = name
        self._ended = 0
        self._profile = Profile()
        self._pages: list[Page] = []

    @property
    def thread_id(self) -> str:
        return next((page.thread_id for page in self._pages if page.thread_id), "")

    async def talk(self, seconds: float) -> list[Complaint]:
        """Have a conversation, for so long and until it is at rest; what was wrong with it."""
        try:
            await self._open("/")
            await self._say(self._pages[0])
            await until(lambda: self.thread_id, patience=_PATIENCE)
            until_then = time.monotonic() + seconds
            while time.monotonic() < until_then:
                await asyncio.sleep(self._dice.uniform(*self._pauses))
                await self._act()
            await self._come_to_rest()
            return [complaint async for complaint in self._found()]
        except (TimeoutError, OSError, ConnectionClosed) as broken:
            pages = [(page.path, page.running, page.waiting, page.rows) for page in self._pages]
            return [Complaint("out of reach", f"{broken!r}: {pages}, {self.said}")]
        finally:
            for page in self._pages:
                await page.close()

    async def _act(self) -> None:
        page = self._dice.choice(self._pages)
        acts = {
            self._say: 40,
            self._reload: 12,
            self._lose_the_socket: 12,
            self._open_another: 10,
            self._close_one: 6,
            self._leave_and_return: 4,
            self._stop: 10 if page.running else 0,
            self._move_up: 6 if len(page.waiting) > 1 else 0,
            self._send_now: 5 if page.waiting else 0,
            self._edit: 4 if page.waiting else 0,
            self._remove: 3 if page.waiting else 0,
        }
        (act,) = self._dice.choices(list(acts), list(acts.values()))
        await act(page)

    def _note(self, act: str, page: Page, about: str = "") -> None:
        self.acts[act] += 1
        now = datetime.now(UTC).strftime("%H:%M:%S.%f")[:-3]
        self.diary.append(f"{now} {act}, {page.name} {about}")

    async def _open(self, path: str) -> Page:
        page = Page(self._url, path, self._profile)
        self._note("open", page)
        self._pages.append(page)
        await page.load()
        return page

    async def _say(self, page: Page) -> None:
        """Send what is in the composer, else something new."""
        if again := self._unsaid(page):
            strategy, text = QUEUE, again[0]
        elif len(page.waiting) > 2:
            return
        else:
            strategies, weights = (QUEUE, INTERRUPT, ROLLBACK), (6, 2, 1)
            (strategy,) = self._dice.choices(strategies, weights)
            text = self._something_new(page)
        await page.do(QueueState.choose, strategy=strategy)
        self._expect(page, strategy)
        self._note(strategy if page.running else "say", page, text)
        if text in page.drafts:
            page.drafts.remove(text)
        await page.submit(text)

    def _unsaid(self, page: Page) -> list[str]:
        """Messages that returned to the composer, but for those that arrived after all."""
        there = {*page.waiting, *(text for _, kind, text in page.rows if kind == "human")}
        page.drafts = [text for text in page.drafts if text not in there]
        return [text for text in (page.returned, *page.drafts) if text and text not in there]

    def _something_new(self, page: Page) -> str:
        words, pause = self._dice.randint(10, 100), self._dice.choice((0.01, 0.02, 0.03))
        number = len(self.said)
        # The digits far behind the point make the text one of a kind.
        text = f"{words} every {pause}00{self._name}{number:03}"
        self.said.append(Said(text, words, after=frozenset(_answered(page.rows))))
        return text

    def _expect(self, page: Page, strategy: str) -> None:
        """Note what sending now does to the answer that is being written."""
        self._ended += strategy == INTERRUPT
        if strategy == ROLLBACK:
            asked = [text for _, kind, text in page.rows if kind == "human"]
            # What was sent a moment ago may be what goes by the time that this is done.
            on_its_way = {one.text for one in self.said} - {*asked, *page.waiting}
            self._give_up({*asked[-1:], *page.waiting[:1], *on_its_way})

    def _give_up(self, texts: set[str]) -> None:
        for one in self.said:
            if one.text in texts:
                one.certain = False

    async def _reload(self, page: Page) -> None:
        self._note("reload", page)
        await page.load()

    async def _lose_the_socket(self, page: Page) -> None:
        self._note("lose the socket", page)
        await page.cut()
        await asyncio.sleep(self._dice.uniform(0, 3))
        await page.connect()

    async def _open_another(self, _: Page) -> None:
        if len(self._pages) < 2:
            await self._open(f"/t/{self.thread_id}")

    async def _close_one(self, page: Page) -> None:
        if len(self._pages) > 1:
            await self._close(page)

    async def _leave_and_return(self, page: Page) -> None:
        thread_id = self.thread_id
        for page in list(self._pages):
            await self._close(page)
        await asyncio.sleep(self._dice.choice((0.1, 1, 4)))
        await self._open(f"/t/{thread_id}")

    async def _close(self, page: Page) -> None:
        """Close a tab for good: what only the app's memory of it holds is gone."""
        answered = set(_answered(page.rows))
        self._give_up({one.text for one in self.said if one.text not in answered})
        self._note("close", page)
        self._pages.remove(page)
        await page.close()

    async def _stop(self, page: Page) -> None:
        self._note("stop", page)
        self._ended += 1
        await page.do(RunState.stop)

    async def _move_up(self, page: Page) -> None:
        await self._change_queue(page, QueueState.move_up, self._dice.choice(page.waiting[1:]))

    async def _send_now(self, page: Page) -> None:
        self._ended += 1
        await self._change_queue(page, QueueState.send_now, self._dice.choice(page.waiting))

    async def _edit(self, page: Page) -> None:
        """Take a message back into the composer, to be sent again with what is there."""
        self._give_up({text := self._dice.choice(page.waiting)})
        await self._change_queue(page, QueueState.edit, text)

    async def _remove(self, page: Page) -> None:
        self._give_up({text := self._dice.choice(page.waiting)})
        await self._change_queue(page, QueueState.remove, text)

    async def _change_queue(self, page: Page, handler: Any, text: str) -> None:
        self._note(str(handler.fn.__name__).replace("_", " "), page, text)
        await page.do(handler, id=page.id_of(text))

    async def _come_to_rest(self) -> None:
        """Send what has yet to be sent, and wait until nothing more happens.

        Raises:
            TimeoutError: it goes on.
        """
        looks = 0
        async with asyncio.timeout(_PATIENCE):
            while looks < 2:
                await asyncio.sleep(_REST)
                looks = looks + 1 if await self._is_at_rest() else 0

    async def _is_at_rest(self) -> bool:
        at_rest = True
        for page in self._pages:
            if page.paused and not page.running:
                at_rest = False
                self._note("send all", page)
                await page.do(QueueState.send_all)
            elif page.running or page.waiting or page.outbox:
                at_rest = False
            elif self._unsaid(page):
                at_rest = False
                await self._say(page)
            elif page.can_retry:
                at_rest = False
                self._note("retry", page)
                await page.do(RunState.retry)
        going = [run for run in await self._runs() if run["status"] in {"pending", "running"}]
        return at_rest and not going

    async def count_runs(self) -> int:
        """How many runs the conversation's thread has had, but for those rolled back."""
        return len(await self._runs())

    async def _runs(self) -> list[Any]:
        return list(await self._server.runs.list(self.thread_id, limit=100))

    async def _found(self) -> AsyncIterator[Complaint]:
        """Complaints about the pages and the thread."""
        state = await self._server.threads.get_state(self.thread_id)
        for complaint in judge(self.said, state["values"]["messages"], ended=self._ended):
            yield complaint
        fresh = Page(self._url, f"/t/{self.thread_id}", Profile(self._profile.login))
        await fresh.load()
        try:
            for page in self._pages:
                for complaint in await _compared(page, fresh):
                    yield complaint
        finally:
            await fresh.close()


async def _compared(page: Page, fresh: Page) -> list[Complaint]:
    """What is wrong with a page, beside one that has just loaded the same thread."""

    async def is_in_step() -> bool:
        for one in page, fresh:  # each time, for a page may have yet to be told how much there is
            await one.show_all()
        return _lasting(page.rows) == _lasting(fresh.rows)

    try:
        await until(is_in_step, patience=_IN_STEP_WITHIN)
    except TimeoutError:
        wanted, shown = ([f"{row}" for row in _lasting(one.rows)] for one in (fresh, page))
        difference = "\n".join(unified_diff(wanted, shown, "fresh", page.name, n=1, lineterm=""))
        return [Complaint("out of step", f"{page.path}\n{difference}")]
    return list(repeated(page.rows))


def _lasting(rows: list[Row]) -> list[Row]:
    """The rows without what only a page that watched can tell: times, and that it stopped."""
    return [
        (key, kind, "" if kind == "end" else text) for key, kind, text in rows if key != "stopped"
    ]


def _answered(rows: list[Row]) -> Iterator[str]:
    """The questions on a page that have the beginning of an answer."""
    for (_, kind, text), (_, following, _) in pairwise(rows):
        if kind == "human" and following in {"text", "end"}:
            yield text
