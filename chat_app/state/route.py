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


INBOX, SCHEDULES = "inbox", "schedules"
"""The places beside the chats; in the inbox a thread may be selected."""
INSPECT = "inspect"
"""After the id of a thread: its inspector fills the page."""


class Place(NamedTuple):
    """`thread_id` is empty in a new chat, and where the address names nothing, which `is_odd`."""

    thread_id: str
    is_odd: bool
    name: str = ""
    """`INBOX` or `SCHEDULES`; empty for a chat."""
    view: str = ""
    """`INSPECT` for the page of the inspector; empty for the chat itself."""


def named(path: str) -> Place:
    """What an address names.

    There are ``/``, ``/t/<thread id>``, ``/t/<thread id>/inspect``, ``/inbox``,
    ``/inbox/<thread id>`` and ``/schedules``.
    """
    place, _, name = path.strip("/").partition("/")
    view = INSPECT if place == "t" and name.endswith(f"/{INSPECT}") else ""
    name = name.removesuffix(f"/{view}") if view else name
    if place == SCHEDULES and not name:
        return Place("", is_odd=False, name=SCHEDULES)
    thread_id = (thread_uuid(name) or "") if place in ("t", INBOX) else ""
    if place == INBOX:
        return Place(thread_id, is_odd=bool(name) and not thread_id, name=INBOX)
    is_odd = bool(place) and not thread_id
    return Place(thread_id, is_odd=is_odd, view="" if is_odd else view)


def is_chat(path: str) -> bool:
    """Whether an address would be that of a chat, if there were one."""
    return path.strip("/").partition("/")[0] in ("t", INBOX)


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
