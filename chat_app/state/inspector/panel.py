"""The inspector beside the chat: who may see it, whether it is open, where its routes are.

What it shows does not go through vars: a tab asks the routes of `InspectorState.address` while it
is visible (see `chat_app.routes.inspect`).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app.auth import inspecting
from chat_app.auth.rights import rights_of
from chat_app.config import settings
from chat_app.state.inspector.addresses import address_of
from chat_app.state.inspector.modes import chosen_modes, show_modes
from chat_app.state.person import person_of
from chat_app.state.route import INSPECT, named
from chat_app.state.run import RunState
from chat_app.state.tab_session import tab_session

if TYPE_CHECKING:
    from chat_app.auth.person import Person
    from chat_app.state.tab_session import TabSession

TABS = ("timeline", "streams", "state", "graph", "runs", "memory", "request")
"""The names of the tabs, in their order."""

_RENEWED_AFTER = 6 * 3600.0
"""Seconds after which an address is made anew, long before it ends."""


class InspectorState(rx.State):
    """The inspector of the open thread. `open` and `tab` are what the browser remembers."""

    allowed: rx.Field[bool] = rx.field(False)
    """Whether the person at the page may inspect."""
    open: rx.Field[bool] = rx.field(False)
    """Whether it is on the page, as a panel or as the whole of it."""
    tab: rx.Field[str] = rx.field(TABS[0])
    """One of `TABS`."""
    full: rx.Field[bool] = rx.field(False)
    """It is the whole page: `/t/<thread id>/inspect`."""
    thread: rx.Field[str] = rx.field("")
    """The thread that `address` is of; empty for who may not inspect, and as long as the server is
    not known to have it: in a new chat, and for a thread that is gone or another person's."""
    address: rx.Field[str] = rx.field("")
    """What the paths of its routes begin with, such as `/_inspect/…`; empty without a thread."""
    gone: rx.Field[bool] = rx.field(False)
    """The server has no such thread, which the inspector says."""
    trace_url: rx.Field[str] = rx.field("")
    """The template of a trace's address, with `{run_id}` and `{thread_id}`; empty for none."""

    _made: tuple[str, float] = ("", 0.0)
    """The rights for which `address` was made, and when: seconds of `time.monotonic`."""

    @rx.event
    def show(self, is_open: bool, tab: str):  # noqa: FBT001 - as the browser sends it
        """Remember what the browser shows of it."""
        if not may_inspect(self):
            return
        self.open = is_open is True
        tab_session(self).inspect(is_open=self.open)
        if tab in TABS:
            self.tab = tab


def may_inspect(tab: rx.State) -> bool:
    """Whether the person at a tab may inspect the threads that this person may use."""
    return inspecting.may_inspect(person_of(tab))


def _is_there(mine: TabSession) -> bool:
    return mine.session is not None and mine.session.snapshot.conversation.exists


async def show_inspector(tab: rx.State, mine: TabSession, person: Person) -> None:
    """Turn the inspector to the open thread, where that has changed. Needs the tab's lock.

    Whatever changes of the page itself, its address or its thread, shows all of a tab again.
    """
    wanted = _wanted(mine, person)
    if wanted == mine.inspector_shown:
        return
    state, run = await tab.get_state(InspectorState), await tab.get_state(RunState)
    allowed = inspecting.may_inspect(person)
    is_gone = allowed and mine.session is not None and mine.session.snapshot.view.is_gone
    thread_id = run.thread_id if allowed and _is_there(mine) else ""
    changes: dict[str, Any] = {
        "allowed": allowed,
        "gone": is_gone,
        "trace_url": settings().trace_url if allowed else "",
        "full": allowed and named(tab.router.url.path).view == INSPECT,
    }
    rights, since = state._made  # noqa: SLF001 - this module's own
    is_old = time.monotonic() - since > _RENEWED_AFTER
    if thread_id != state.thread or (thread_id and (is_old or rights != rights_of(person))):
        changes |= {
            "thread": thread_id,
            "address": address_of(thread_id, person) if thread_id else "",
            "_made": (rights_of(person), time.monotonic()),
        }
    for name, value in changes.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
    if mine.is_inspecting != (allowed and state.open):  # the tab was away for a while
        mine.inspect(is_open=allowed and state.open)
    await show_modes(tab, chosen_modes(mine) if allowed else ())
    mine.inspector_shown = _wanted(mine, person)


def _wanted(mine: TabSession, person: Person) -> tuple[object, ...]:
    """What decides what the inspector of a tab shows; it is also looked at once an hour."""
    hour = time.monotonic() // 3600
    of_thread = (_is_there(mine), bool(mine.session and mine.session.snapshot.view.is_gone))
    return person, mine.session, *of_thread, mine.is_inspecting, chosen_modes(mine), hour
