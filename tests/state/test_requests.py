"""How many requests the app makes of its server; streams that stay open are not counted."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from chat_app.state.run import RunState
from tests.helpers.network import BULK_CANCEL, START
from tests.helpers.queueing import submitted, waiting
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network, Seen
    from tests.helpers.tab import Tab

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MOST = 4
STOPPING = 7
"""The cancel, the note on what is paused, how the run ended, the state before and after the answer
is saved, and the list of threads."""
OPENING = 9
"""Of a thread in a page that is there: what is read of the thread, how the person rated its
answers, and the lists around it."""


async def quiet(network: Network, seconds: float = 2.5) -> int:
    """Wait until the app has asked nothing for a while; returns how often it has asked by then."""

    async def is_quiet() -> bool:
        before = len(network.requests)
        await asyncio.sleep(seconds)
        return len(network.requests) == before

    await until(is_quiet, patience=60)
    return len(network.requests)


def counted(network: Network, since: int) -> list[str]:
    """Each request by its method and path, in which ``*`` stands for an id."""
    seen = (one for one in network.requests[since:] if not one.is_stream)
    return [f"{one.method} {_ID.sub('*', one.path)}" for one in seen]


def runs_read(network: Network, since: int) -> list[Seen]:
    """The streams of runs that were opened, by the message or beside it."""
    seen = network.requests[since:]
    return [one for one in seen if one.is_stream and "/runs/" in one.path]


async def test_a_message_in_an_open_thread(network: Network, tab: Tab) -> None:
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    before = await quiet(network)
    await tab.send("2")
    await quiet(network)
    assert len(counted(network, before)) <= MOST, "; ".join(counted(network, before))
    assert len(runs_read(network, before)) == 1


async def test_the_first_message_of_a_new_chat(network: Network, tab: Tab) -> None:
    before = await quiet(network)
    sending = await tab.enqueue(RunState.send, message="1")
    await tab.until(lambda: tab.redirects)
    await tab.go(tab.redirects[0])
    await over(sending)
    await quiet(network)
    assert len(counted(network, before)) <= MOST, "; ".join(counted(network, before))
    assert len(runs_read(network, before)) == 1


async def test_a_second_tab_on_a_thread_that_streams(
    network: Network, busy: Tab, new_tab: Callable[[], Tab], long_answer: LongAnswer
) -> None:
    before = await quiet(network)
    two = new_tab()
    loading = await two.begin_load(f"/t/{busy.thread_id}")
    await two.until(lambda: two.page and two.running and two.texts("text") == busy.texts("text"))
    after = await quiet(network)
    assert not [one for one in network.requests[before:] if busy.thread_id in one.path]
    seen = len("".join(two.texts("text")))
    await two.until(lambda: len("".join(two.texts("text"))) > seen + 100)
    assert network.requests[after:] == []
    assert runs_read(network, before) == []
    long_answer.end()
    await over(loading)


async def test_a_stop_with_many_messages_waiting(network: Network, busy: Tab) -> None:
    texts = [str(n) for n in range(100, 120)]
    await submitted(busy, *texts)
    before = await quiet(network)
    await busy.do(RunState.stop)
    await quiet(network)
    asked = counted(network, before)
    assert asked[0] == " ".join(BULK_CANCEL)
    assert waiting(busy) == texts
    assert len(asked) <= STOPPING, "; ".join(asked)
    assert not network.asked(*START, since=before)


async def test_opening_a_thread(network: Network, tab: Tab) -> None:
    await tab.send("1")
    thread_id = tab.thread_id
    await tab.go("/")
    before = await quiet(network)
    # Another server process, or one whose session of the thread is closed, has to read all.
    await tab.go(f"/t/{thread_id}")
    await quiet(network)
    assert len(counted(network, before)) <= OPENING, "; ".join(counted(network, before))
