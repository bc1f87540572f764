"""The Streams tab: every event of a run as it arrived, by stream mode."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.inspector import JS
from chat_app.state.inspector.modes import ModesState
from chat_app.state.inspector.panel import InspectorState
from chat_app.state.run import RunState

STREAMS_WORDS: dict[str, Any] = {
    "language": text.LANGUAGE,
    "tabs": text.STREAMS_TABS,
    "search": text.STREAMS_SEARCH,
    "node": text.STREAMS_NODE,
    "allNodes": text.STREAMS_ALL_NODES,
    "run": text.STREAMS_RUN,
    "newest": text.TIMELINE_NEWEST,
    "pause": text.PAUSE_SCHEDULE,
    "goOn": text.GO_ON,
    "paused": text.STREAMS_PAUSED,
    "follow": text.STREAMS_FOLLOW,
    "download": text.STREAMS_DOWNLOAD,
    "events": text.STREAMS_EVENTS,
    "empty": text.STREAMS_EMPTY,
    "none": text.STREAMS_NONE,
    "noneFound": text.STREAMS_NONE_FOUND,
    "notAsked": text.STREAMS_NOT_ASKED,
    "gone": text.STREAMS_GONE,
    "stored": text.STREAMS_STORED,
    "cut": text.STREAMS_CUT,
    "failed": text.STREAMS_FAILED,
    "earlier": text.STREAMS_EARLIER,
    "again": text.STREAMS_AGAIN,
    "notAgain": text.STREAMS_NOT_AGAIN,
    "eventFailed": text.STREAMS_EVENT_FAILED,
    "large": text.STREAMS_LARGE,
    "reading": text.STREAMS_READING,
    "closeEvent": text.STREAMS_CLOSE_EVENT,
    "copy": text.STREAMS_COPY,
    "noData": text.STREAMS_NO_DATA,
    "modes": text.MODES,
    "asNeeded": text.MODES_AS_NEEDED,
    "alone": text.MODES_ALONE,
    "hint": text.MODES_HINT,
    "notKept": text.MODES_NOT_KEPT,
}


def _modes(modes: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    return (modes,)


class StreamsTab(rx.Component):
    """Asks the routes at `address` for rows; `chosen` are the thread's modes, empty by default."""

    library = JS["tabs.js"]
    tag = "StreamsTab"

    address: rx.Var[str]
    running: rx.Var[bool]
    chosen: rx.Var[list[str]]
    trouble: rx.Var[str]
    words: rx.Var[dict[str, Any]]
    on_choose: rx.EventHandler[_modes]


def streams() -> rx.Component:
    """Return the content of the tab."""
    return StreamsTab.create(
        address=InspectorState.address,
        running=RunState.running,
        chosen=ModesState.chosen,
        trouble=ModesState.trouble,
        words=STREAMS_WORDS,
        on_choose=ModesState.choose,
    )
