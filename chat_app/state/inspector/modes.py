"""The stream modes that runs of the open thread ask for, as the Streams tab lets them be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from chat_app.auth.inspecting import may_inspect
from chat_app.client import LangGraphError
from chat_app.runs.inspector.inspection import of
from chat_app.runs.inspector.modes import known
from chat_app.state.person import person_of
from chat_app.state.tab_session import tab_session
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from chat_app.state.tab_session import TabSession


class ModesState(rx.State):
    """Of the open thread, or of the new chat. A choice counts from the next run on."""

    chosen: rx.Field[list[str]] = rx.field(default_factory=list)
    """Empty: what the chat needs."""
    trouble: rx.Field[str] = rx.field("")
    """Why the last choice is not kept for other browsers, in a sentence."""

    @rx.event(background=True)
    async def choose(self, modes: list[str]):
        """Have the runs ask for these and no other; for what the chat needs where there are none.

        A new chat takes them along when it becomes a thread.
        """
        async with self:
            if not isinstance(modes, list) or not may_inspect(person_of(self)):
                return
            mine, wanted = tab_session(self), known(modes)
            session = mine.session
            inspection = of(session.inspection) if session else None
            if inspection:
                inspection.modes.chosen = wanted
            elif session is None:
                mine.modes = wanted
            self.chosen, self.trouble = list(wanted), ""
        if session and inspection and session.snapshot.conversation.exists:
            try:
                await inspection.keep(await session.client())
            except LangGraphError as failure:
                async with self:
                    if tab_session(self).session is session:
                        self.trouble = describe(failure)[0]


async def show_modes(tab: rx.State, modes: tuple[str, ...]) -> None:
    """Show that these are chosen. Needs the tab's lock."""
    state, chosen = await tab.get_state(ModesState), list(modes)
    if chosen != state.chosen:
        state.chosen, state.trouble = chosen, ""


def chosen_modes(mine: TabSession) -> tuple[str, ...]:
    """Those of the tab's open thread, or of its new chat."""
    inspection = of(mine.session.inspection) if mine.session else None
    return inspection.modes.chosen if inspection else mine.modes
