"""Which thread the address names; and waiting until that is the one that is open."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from chat_app.state.run import RunState
from chat_app.state.tab_session import tab_session
from chat_app.state.threads import thread_uuid

if TYPE_CHECKING:
    import reflex as rx

_TURNS_WITHIN = 3.0
"""Seconds that an address takes to become the open thread."""


class Place(NamedTuple):
    """`thread_id` is empty in a new chat, and where the address names nothing, which `is_odd`."""

    thread_id: str
    is_odd: bool


def named(path: str) -> Place:
    """What ``/`` or ``/t/<thread id>`` names."""
    place, _, name = path.strip("/").partition("/")
    thread_id = (thread_uuid(name) or "") if place == "t" else ""
    return Place(thread_id, bool(place) and not thread_id)


async def turned(tab: rx.State) -> None:
    """Wait until the address is what is open: who just came here may be faster than the page.

    What they send then is for the thread they see, not for the one they left. Who waits goes on in
    the order in which they came.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(_TURNS_WITHIN), tab_session(tab).turning:
            # As long as one event takes.
            while not await _is_turned(tab):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def _is_turned(tab: rx.State) -> bool:
    async with tab:
        run = await tab.get_state(RunState)
        thread_id = named(tab.router.url.path).thread_id
        return run.thread_id in {thread_id, tab_session(run).made or thread_id}
