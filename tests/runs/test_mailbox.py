from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from chat_app.runs.mailbox import Mailbox
from tests.helpers.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

LONG = 60
"""Seconds between batches: even on a busy machine no wait at all is less than half of it."""


class Source:
    """Items that a test hands out one by one; `closed` tells that it was closed."""

    def __init__(self) -> None:
        self.closed = False
        self._queue: asyncio.Queue[str | Exception | None] = asyncio.Queue()

    async def give(self, *items: str | Exception | None) -> None:
        """Let these items arrive; None is the end."""
        for item in items:
            self._queue.put_nowait(item)
        for _ in range(2 * len(items)):
            await asyncio.sleep(0)

    async def items(self) -> AsyncGenerator[str, None]:
        try:
            while (item := await self._queue.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            self.closed = True


def mailbox(interval: float = LONG) -> Mailbox[str]:
    """Text that ends with ``!`` is urgent."""
    return Mailbox(is_urgent=lambda item: item.endswith("!"), interval=interval)


async def at_once(batches: AsyncGenerator[list[str], None]) -> list[str]:
    async with asyncio.timeout(LONG / 2):
        return await anext(batches)


@asynccontextmanager
async def opened(
    source: Source, box: Mailbox[str] | None = None
) -> AsyncGenerator[AsyncGenerator[list[str], None], None]:
    """The batches of `source` after the first, empty one and the item ``a``."""
    async with aclosing((box or mailbox()).batches(source.items())) as batches:
        assert await at_once(batches) == []
        await source.give("a")
        assert await at_once(batches) == ["a"]
        yield batches


async def test_the_first_batch_is_empty_and_does_not_wait_for_the_source() -> None:
    source = Source()
    async with aclosing(mailbox().batches(source.items())) as batches:
        assert await at_once(batches) == []


async def test_the_source_is_read_while_the_first_batch_is_looked_at() -> None:
    source = Source()
    async with aclosing(mailbox().batches(source.items())) as batches:
        await at_once(batches)
        await source.give(None)
        assert source.closed


async def test_the_first_item_goes_out_at_once() -> None:
    source = Source()
    async with opened(source):
        pass


async def test_what_arrives_within_the_interval_goes_out_together() -> None:
    source = Source()
    async with opened(source, mailbox(0.02)) as batches:
        await source.give("b", "c", "d")
        assert await anext(batches) == ["b", "c", "d"]


async def test_two_batches_are_at_least_the_interval_apart() -> None:
    source, loop = Source(), asyncio.get_running_loop()
    async with opened(source, mailbox(0.05)) as batches:
        begun = loop.time()
        await source.give("b")
        assert await anext(batches) == ["b"]
        assert loop.time() - begun >= 0.045


async def test_an_item_after_a_quiet_time_goes_out_at_once() -> None:
    source = Source()
    async with opened(source, box := mailbox(0.02)) as batches:
        waiting = asyncio.ensure_future(anext(batches))
        await until(box.gate.is_set)
        box._interval = LONG
        await source.give("b")
        async with asyncio.timeout(LONG / 2):
            assert await waiting == ["b"]


async def test_an_urgent_item_does_not_wait_and_takes_with_it_what_came_before() -> None:
    source = Source()
    async with opened(source) as batches:
        await source.give("b", "c!")
        assert await at_once(batches) == ["b", "c!"]


async def test_what_follows_an_urgent_item_in_the_same_breath_goes_out_with_it() -> None:
    source = Source()
    async with opened(source) as batches:
        await source.give("b!", "c")
        assert await at_once(batches) == ["b!", "c"]


async def test_after_an_urgent_item_the_others_wait_again() -> None:
    source, loop = Source(), asyncio.get_running_loop()
    async with opened(source, mailbox(0.05)) as batches:
        await source.give("b!")
        await anext(batches)
        begun = loop.time()
        await source.give("c")
        await anext(batches)
        assert loop.time() - begun >= 0.045


async def test_the_last_items_are_never_lost_and_the_end_does_not_wait() -> None:
    source = Source()
    async with opened(source) as batches:
        await source.give("b", "c", None)
        assert await at_once(batches) == ["b", "c"]
        with pytest.raises(StopAsyncIteration):
            await anext(batches)


async def test_every_item_comes_once_and_in_order() -> None:
    async def counted() -> AsyncGenerator[str, None]:
        for number in range(200):
            yield str(number)
            if number % 7 == 0:
                await asyncio.sleep(0.001)

    async with aclosing(mailbox(0.005).batches(counted())) as batches:
        seen = [batch async for batch in batches]
    assert [item for batch in seen for item in batch] == [str(number) for number in range(200)]
    assert len(seen) < 40


async def test_while_the_process_is_too_busy_the_batches_are_further_apart() -> None:
    source, loop = Source(), asyncio.get_running_loop()
    async with opened(source, mailbox(0.02)) as batches:

        async def seconds_to(item: str, *, busy: float) -> float:
            waiting, begun = asyncio.ensure_future(anext(batches)), loop.time()
            await source.give(item)
            time.sleep(busy)  # noqa: ASYNC251 - the loop is to be late
            assert await waiting == [item]
            return loop.time() - begun

        await seconds_to("b", busy=0.12)
        assert await seconds_to("c", busy=0) > 0.1
        async with asyncio.timeout(PATIENCE):
            while await seconds_to("d", busy=0) > 0.1:
                """The machine was busy."""


async def test_an_error_comes_after_the_last_batch() -> None:
    source = Source()
    async with opened(source) as batches:
        await source.give("b", ValueError("broken"))
        assert await at_once(batches) == ["b"]
        with pytest.raises(ValueError, match="broken"):
            await anext(batches)


async def test_a_source_without_items_ends_or_fails_like_any_other() -> None:
    source = Source()
    await asyncio.gather(source.give(None), _nothing(source))
    source = Source()
    with pytest.raises(ValueError, match="broken"):
        await asyncio.gather(source.give(ValueError("broken")), _nothing(source))


async def _nothing(source: Source) -> None:
    assert [batch async for batch in mailbox().batches(source.items())] == [[]]


async def test_who_stops_reading_closes_the_source() -> None:
    source = Source()
    async with opened(source):
        assert not source.closed
    assert source.closed


async def test_who_is_cancelled_while_reading_closes_the_source() -> None:
    source = Source()

    async def read() -> None:
        async with aclosing(mailbox().batches(source.items())) as batches:
            async for _ in batches:
                pass

    reading = asyncio.ensure_future(read())
    await source.give("a")
    reading.cancel()
    await asyncio.wait({reading})
    assert source.closed


async def test_closing_the_box_gives_what_had_arrived_and_ends_the_source() -> None:
    source, box = Source(), mailbox()
    async with opened(source, box) as batches:
        await source.give("b")
        box.close()
        assert await at_once(batches) == ["b"]
        with pytest.raises(StopAsyncIteration):
            await anext(batches)
    assert source.closed


async def test_closing_the_box_before_the_source_began_ends_the_batches() -> None:
    source, box = Source(), mailbox()
    async with aclosing(box.batches(source.items())) as batches:
        assert await at_once(batches) == []
        box.close()
        async with asyncio.timeout(LONG):
            assert await anext(batches, "nothing") == "nothing"


async def test_a_source_may_rest_from_an_items_arrival_until_the_next_batch_is_due() -> None:
    source, box = Source(), mailbox(0.05)
    assert box.gate.is_set()
    async with opened(source, box) as batches:
        assert not box.gate.is_set()
        begun = time.monotonic()
        waiting = asyncio.ensure_future(anext(batches))
        await box.gate.wait()
        assert time.monotonic() - begun >= 0.045
        await source.give("b")
        assert await waiting == ["b"]
        assert not box.gate.is_set()


async def test_what_is_closed_before_it_begins_ends_at_once() -> None:
    source, box = Source(), mailbox()
    box.close()
    async with asyncio.timeout(PATIENCE):
        assert [batch async for batch in box.batches(source.items())] == [[]]
