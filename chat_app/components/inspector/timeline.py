"""The Timeline tab: the nodes and tasks of a run, each as a bar in time."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.inspector import JS
from chat_app.state.inspector.panel import InspectorState
from chat_app.state.run import RunState

TIMELINE_WORDS: dict[str, Any] = {
    "empty": text.INSPECTOR_EMPTY,
}


class TimelineTab(rx.Component):
    """Asks the routes at `address` for its rows, often while the thread is `running`."""

    library = JS["tabs.js"]
    tag = "TimelineTab"

    address: rx.Var[str]
    running: rx.Var[bool]
    trace: rx.Var[str]
    words: rx.Var[dict[str, Any]]


def timeline() -> rx.Component:
    """Return the content of the tab."""
    return TimelineTab.create(
        address=InspectorState.address,
        running=RunState.running,
        trace=InspectorState.trace_url,
        words=TIMELINE_WORDS,
    )
