"""Much text is painted in a worker thread: the event loop goes on for all other tabs."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.state.painter import Painter
from chat_app.state.transcript import MOST_AT_ONCE, Canvas
from chat_app.transcript.message import Text, Transcript
from tests.helpers.painting import answer, human, running

if TYPE_CHECKING:
    from chat_app.state.painter import Paint

LONG = "Some *words* of `many` in this [text](http://a.b/).\n\n" * 400


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The threads that painters ran in."""
    seen: list[int] = []
    paint = Painter.paint

    def noted(self: Painter, transcript: Transcript, **options: Any) -> Paint:
        seen.append(threading.get_ident())
        return paint(self, transcript, **options)

    monkeypatch.setattr(Painter, "paint", noted)
    return seen


async def test_a_long_text_is_painted_in_another_thread(threads: list[int]) -> None:
    canvas = Canvas()
    paint = await canvas._paint(Transcript((human("hi"), answer(Text(LONG)))))
    assert len(paint.rows) > 300
    assert threads != [threading.get_ident()]


async def test_what_is_new_in_a_long_text_is_painted_at_once(threads: list[int]) -> None:
    canvas = Canvas()
    await canvas._paint(running(human("hi"), answer(Text(LONG))))
    threads.clear()
    for words in ("and", "and more"):
        paint = await canvas._paint(running(human("hi"), answer(Text(LONG + words))))
        assert paint.tail.text == words
    assert set(threads) == {threading.get_ident()}


async def test_the_loop_goes_on_while_a_megabyte_is_painted() -> None:
    longest, ended = 0.0, False

    async def tick() -> None:
        nonlocal longest
        while not ended:
            before = time.thread_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.thread_time() - before)

    ticking = asyncio.create_task(tick())
    await Canvas()._paint(Transcript((answer(Text("a word or two\n\n" * 70_000)),)))
    ended = True
    await ticking
    assert longest < 0.02  # seconds of this thread's processor: waiting for others is not counted


def test_little_text_is_no_reason_for_a_thread() -> None:
    painter = Painter(Canvas().painter._clock)
    transcript = running(human("hi"), answer(Text("word " * 100)))
    assert painter.unread(transcript) < MOST_AT_ONCE
    painter.paint(transcript)
    assert painter.unread(transcript) == 0
