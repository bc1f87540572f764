"""The tabs of the inspector: a row for each, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import reflex as rx

from chat_app import text
from chat_app.components.inspector.graph import graph
from chat_app.components.inspector.memory import memory
from chat_app.components.inspector.request import request
from chat_app.components.inspector.runs import runs
from chat_app.components.inspector.streams import streams
from chat_app.components.inspector.timeline import timeline
from chat_app.components.inspector.values import values

if TYPE_CHECKING:
    from collections.abc import Callable


class Tab(NamedTuple):
    """One tab; `draw` returns its content, which is on the page while the tab is selected.

    Its component is a React component of a file of its own, which `tabs.js` loads on demand.
    """

    name: str
    label: str
    draw: Callable[[], rx.Component]


TABS = (
    Tab("timeline", text.TAB_TIMELINE, timeline),
    Tab("streams", text.TAB_STREAMS, streams),
    Tab("state", text.TAB_STATE, values),
    Tab("graph", text.TAB_GRAPH, graph),
    Tab("runs", text.TAB_RUNS, runs),
    Tab("memory", text.TAB_MEMORY, memory),
    Tab("request", text.TAB_REQUEST, request),
)
"""In the order of `chat_app.state.inspector.panel.TABS`."""
