"""The graphs inside the graph, as the page shows them: see `chat_app.state.agent_panels`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app import text
from chat_app.client import LangGraphError, NotFoundError
from chat_app.runs.subgraph_state import read_inside
from chat_app.state.agent_panels import About
from chat_app.state.rows import Row, Tail
from chat_app.state.tab_session import tab_session
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from chat_app.state.agent_panels import Panels, Vars


class AgentsState(rx.State):
    """By namespace: the last line of each graph at work, and the rows of those looked into."""

    lines: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    old: rx.Field[dict[str, list[Row]]] = rx.field(default_factory=dict)
    middle: rx.Field[dict[str, list[Row]]] = rx.field(default_factory=dict)
    new: rx.Field[dict[str, list[Row]]] = rx.field(default_factory=dict)
    tails: rx.Field[dict[str, Tail]] = rx.field(default_factory=dict)
    about: rx.Field[dict[str, About]] = rx.field(default_factory=dict)

    _panels: Any = None
    """The `Panels` of the open thread, which its canvas has too."""

    @rx.event(background=True)
    async def open(self, namespace: str):
        """Show what a graph of the open thread said; ask the server where it was not watched."""
        async with self:
            panels: Panels | None = self._panels
            agent = panels.find(namespace) if panels and isinstance(namespace, str) else None
            if panels is None or agent is None:
                return
            session, handed = tab_session(self).session, panels.handed(namespace)
            _set(self, panels.open(agent))
        if agent.transcript or session is None:
            return
        read, problem, detail = None, "", ""
        try:
            client = await session.client()
            read = await read_inside(client, session.thread_id, namespace, handed=handed)
        except NotFoundError:
            problem = text.AGENT_NOT_KEPT
        except LangGraphError as failure:
            problem, detail = describe(failure)
        async with self:
            if self._panels is not panels:
                return
            if read:
                _set(self, panels.read(namespace, read))
            else:
                _set(self, panels.failed(namespace, problem, detail))

    @rx.event
    def close(self, namespace: str):
        """Drop the rows of a graph that is not shown any more."""
        if self._panels and isinstance(namespace, str):
            _set(self, self._panels.close(namespace))

    @rx.event
    def show_earlier(self, namespace: str):
        """Put a page of earlier rows before those of an open panel."""
        if self._panels and isinstance(namespace, str):
            _set(self, self._panels.earlier(namespace))


async def show_agents(tab: rx.State, news: Vars) -> None:
    """Show what is new of the graphs. Needs the tab's lock."""
    _set(await tab.get_state(AgentsState), news)


def _set(tab: AgentsState, news: Vars) -> None:
    for name, value in news.items():
        setattr(tab, name, value)
