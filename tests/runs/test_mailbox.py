from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from chat_app.runs.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

LONG = 0.2
"""Seconds between views: long enough to tell it from no wait at all."""


class Source:
    """Views that a test hands out one by one; `closed` tells that it was let go of."""

    def __init__(self) -> None:
        self.closed = False
        self._queue: asyncio.Queue[str | Exception | None] = asyncio.Queue()

    async def give(self, *views: str | Exception | None) -> None:
        """Let these views arrive; None is the end."""
        for view in views:
            self._queue.put_nowait(view)
        for _ in range(2 * len(views)):
            await asyncio.sleep(0)

    async def views(self) -> AsyncGenerator[str, None]:
        try:
            while (view := await self._queue.get()) is not None:
                if isinstance(view, Exception):
                    raise view
                yield view
        finally:
            self.closed = True


def mailbox(interval: float = LONG) -> Mailbox[str]:
    """Text that ends with ``!`` is urgent."""
    return Mailbox(is_urgent=lambda _, now: now.endswith("!"), interval=interval)


async def at_once(views: AsyncGenerator[str, None]) -> str:
    async with asyncio.timeout(LONG / 4):
        return await anext(views)


async def test_the_first_view_goes_out_at_once() -> None:
    source = Source()
    async with aclosing(mailbox().views(source.views())) as views:
        await source.give("a")
        assert await at_once(views) == "a"


async def test_of_what_arrives_within_the_interval_only_the_newest_goes_out() -> None:
    source = Source()
    async with aclosing(mailbox(0.02).views(source.views())) as views:
        await source.give("a")
        assert await anext(views) == "a"
        await source.give("ab", "abc", "abcd")
        assert await anext(views) == "abcd"


async def test_two_views_are_at_least_the_interval_apart() -> None:
    source, loop = Source(), asyncio.get_running_loop()
    async with aclosing(mailbox(0.05).views(source.views())) as views:
        await source.give("a")
        await anext(views)
        begun = loop.time()
        await source.give("ab")
        assert await anext(views) == "ab"
        assert loop.time() - begun >= 0.045


async def test_a_view_after_a_quiet_time_goes_out_at_once() -> None:
    source = Source()
    async with aclosing(mailbox(0.02).views(source.views())) as views:
        await source.give("a")
        await anext(views)
        waiting = asyncio.ensure_future(anext(views))
        await asyncio.sleep(0.05)
        await source.give("ab")
        async with asyncio.timeout(0.01):
            assert await waiting == "ab"


async def test_an_urgent_view_does_not_wait() -> None:
    source = Source()
    async with aclosing(mailbox().views(source.views())) as views:
        await source.give("a")
        await anext(views)
        await source.give("ab!")
        assert await at_once(views) == "ab!"


async def test_what_follows_an_urgent_view_in_the_same_breath_goes_out_with_it() -> None:
    source = Source()
    async with aclosing(mailbox().views(source.views())) as views:
        await source.give("a")
        await anext(views)
        await source.give("ab!", "ab!c")
        assert await at_once(views) == "ab!c"


async def test_the_last_view_is_never_skipped_and_ends_the_wait() -> None:
    source = Source()
    async with aclosing(mailbox().views(source.views())) as views:
        await source.give("a")
        await anext(views)
        await source.give("ab", "abc", None)
        assert await at_once(views) == "abc"
        with pytest.raises(StopAsyncIteration):
            await anext(views)


async def test_every_view_holds_what_came_before_and_none_comes_twice() -> None:
    async def growing() -> AsyncGenerator[str, None]:
        for length in range(1, 200):
            yield "x" * length
            if length % 7 == 0:
                await asyncio.sleep(0.001)

    async with aclosing(mailbox(0.005).views(growing())) as views:
        seen = [len(view) async for view in views]
    assert seen == sorted(set(seen))
    assert (seen[0], seen[-1]) == (7, 199)
    assert len(seen) < 40


async def test_an_error_comes_after_the_last_view() -> None:
    source = Source()
    async with aclosing(mailbox().views(source.views())) as views:
        await source.give("a")
        await anext(views)
        await source.give("ab", ValueError("broken"))
        assert await at_once(views) == "ab"
        with pytest.raises(ValueError, match="broken"):
            await anext(views)


async def test_a_source_without_views_ends_or_fails_like_any_other() -> None:
    source = Source()
    await asyncio.gather(source.give(None), _nothing(source))
    source = Source()
    with pytest.raises(ValueError, match="broken"):
        await asyncio.gather(source.give(ValueError("broken")), _nothing(source))


async def _nothing(source: Source) -> None:
    assert [view async for view in mailbox().views(source.views())] == []


async def test_who_stops_reading_closes_the_source() -> None:
    source = Source()
    async with aclosing(mailbox().views(source.views())) as views:
        await source.give("a")
        await anext(views)
    assert source.closed


async def test_who_is_cancelled_while_reading_closes_the_source() -> None:
    source = Source()

    async def read() -> None:
        async with aclosing(mailbox().views(source.views())) as views:
            async for _ in views:
                pass

    reading = asyncio.ensure_future(read())
    await source.give("a")
    reading.cancel()
    await asyncio.wait({reading})
    assert source.closed


async def test_closing_the_box_gives_what_had_arrived_and_ends_the_source() -> None:
    source, box = Source(), mailbox()
    async with aclosing(box.views(source.views())) as views:
        await source.give("a")
        await anext(views)
        await source.give("ab")
        box.close()
        assert await at_once(views) == "ab"
        with pytest.raises(StopAsyncIteration):
            await anext(views)
    assert source.closed


async def test_closing_the_box_before_the_source_began_ends_the_views() -> None:
    source, box = Source(), mailbox()
    reading = asyncio.ensure_future(anext(box.views(source.views()), "nothing"))
    await asyncio.sleep(0)
    box.close()
    async with asyncio.timeout(LONG):
        assert await reading == "nothing"


async def test_after_an_urgent_view_the_others_wait_again() -> None:
    source, loop = Source(), asyncio.get_running_loop()
    async with aclosing(mailbox(0.05).views(source.views())) as views:
        await source.give("a")
        await anext(views)
        await source.give("ab!")
        await anext(views)
        begun = loop.time()
        await source.give("ab!c")
        await anext(views)
        assert loop.time() - begun >= 0.045
