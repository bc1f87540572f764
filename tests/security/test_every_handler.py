"""No event handler, called with anything, gives or changes a thing of a foreign thread.

The handlers are those that Reflex has registered: a new one is tried too.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.auth.person import Person
from tests.security.attempts import attempts
from tests.security.test_foreign_threads import CANARY, at_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

pytestmark = pytest.mark.slow


async def walked(tab: Tab, thread_id: str) -> int:
    """Try everything, a few at a time; returns how much that was."""
    tried = attempts(thread_id)
    for first in range(0, len(tried), 50):
        events = [await tab.enqueue(name, **payload) for name, payload in tried[first:][:50]]
        if under_way := [event for event in events if not event.done()]:
            await asyncio.wait(under_way, timeout=1)  # what attends to the page never ends
    return len(tried)


@pytest.mark.parametrize("is_at_thread", [True, False])
async def test_no_handler_gives_or_changes_anything_of_a_foreign_thread(
    tab: Tab, new_tab: Callable[[], Tab], client: LangGraphClient, *, is_at_thread: bool
) -> None:
    await tab.send(f"3 {CANARY}")
    before = await at_server(client, tab.thread_id)
    stranger = new_tab()
    stranger.person = Person(str(uuid4()))
    await stranger.load(f"/t/{tab.thread_id}" if is_at_thread else "/")
    tried = await walked(stranger, tab.thread_id)
    assert tried > 1000
    received = "".join(stranger.sent)
    assert CANARY not in received
    assert CANARY not in await stranger.state()
    if not is_at_thread:
        assert stranger.thread_id != tab.thread_id
    assert await at_server(client, tab.thread_id) == before
