"""The Graph tab: the assistant's graph, drawn from the server's description, with what runs lit."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.inspector import JS
from chat_app.state.inspector.panel import InspectorState
from chat_app.state.run import RunState

GRAPH_WORDS: dict[str, Any] = {
    "language": text.LANGUAGE,
    "empty": text.GRAPH_EMPTY,
    "reading": text.GRAPH_READING,
    "problems": {
        "none": text.GRAPH_NONE,
        "refused": text.GRAPH_REFUSED,
        "failed": text.GRAPH_FAILED,
    },
    "retry": text.RETRY,
    "drawing": text.GRAPH_DRAWING,
    "picture": text.GRAPH_PICTURE,
    "keys": text.GRAPH_KEYS,
    "view": text.GRAPH_VIEW,
    "zoomIn": text.ZOOM_IN,
    "zoomOut": text.ZOOM_OUT,
    "fit": text.ZOOM_TO_ALL,
    "openAll": text.OPEN_SUBGRAPHS,
    "closeAll": text.CLOSE_SUBGRAPHS,
    "inside": text.INSIDE_SUBGRAPH,
    "nodes": text.GRAPH_NODES,
    "find": text.FIND_NODE,
    "none": text.NO_NODE,
    "start": text.NODE_START,
    "end": text.NODE_END,
    "ran": text.NODE_RAN,
    "states": text.TIMELINE_STATES,
    "tools": text.NODE_TOOLS,
    "to": text.LEADS_TO,
    "from": text.COMES_FROM,
    "conditional": text.CONDITIONAL,
    "before": text.PAUSES_BEFORE,
    "after": text.PAUSES_AFTER,
    "unlisted": text.NODE_NOT_LISTED,
    "showStep": text.STEPS_IN_TIMELINE,
    "steps": text.STEPS_OF_NODE,
    "at": text.STEP_AT,
    "tokens": text.TIMELINE_TOKENS_IN_WORDS,
    "seconds": text.SECONDS,
    "nodeCount": text.NODE_COUNT,
    "edgeCount": text.EDGE_COUNT,
    "leftOut": text.GRAPH_LEFT_OUT,
    "flat": text.GRAPH_FLAT,
    "between": text.GRAPH_BETWEEN,
}


class GraphTab(rx.Component):
    """Asks the routes at `address` for the graph, and for the steps of the run while it goes."""

    library = JS["tabs.js"]
    tag = "GraphTab"
    lib_dependencies: list[str] = ["@dagrejs/dagre@3.1.3"]  # noqa: RUF012 - a field of Reflex's

    address: rx.Var[str]
    running: rx.Var[bool]
    words: rx.Var[dict[str, Any]]


def graph() -> rx.Component:
    """Return the content of the tab."""
    return GraphTab.create(
        address=InspectorState.address, running=RunState.running, words=GRAPH_WORDS
    )
