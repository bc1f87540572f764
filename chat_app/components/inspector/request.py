"""The Request tab: what started the last run, or would start the next one, as code to paste."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.inspector import JS
from chat_app.components.inspector.trouble import trouble
from chat_app.state.inspector.request import RequestState, Snippet
from chat_app.state.run import RunState

REQUEST_WORDS: dict[str, Any] = {
    "copyCode": text.COPY_CODE,
    "which": text.REQUEST_OF,
    "runs": {"last": text.LAST_RUN, "next": text.NEXT_RUN_OF_CHAT},
    "form": text.REQUEST_FORM,
    "forms": {
        "sdk": text.REQUEST_SDK,
        "client": text.REQUEST_CLIENT,
        "curl": text.REQUEST_CURL,
    },
    "run": text.REQUEST_RUN,
    "method": "POST",
    "none": {"last": text.NO_LAST_REQUEST, "next": text.NO_NEXT_REQUEST},
}


def _of_which(which: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (which,)


class RequestTab(rx.Component):
    """The request in the chosen form. `of` is the thread it is of, `thread` the open one."""

    library = JS["tabs.js"]
    tag = "RequestTab"

    thread: rx.Var[str]
    of: rx.Var[str]
    which: rx.Var[str]
    running: rx.Var[bool]
    loaded: rx.Var[bool]
    address: rx.Var[str]
    run: rx.Var[str]
    snippets: rx.Var[list[Snippet]]
    notes: rx.Var[list[str]]
    words: rx.Var[dict[str, Any]]
    on_load: rx.EventHandler[_of_which]


def request() -> rx.Component:
    """Return the content of the tab."""
    return rx.el.div(
        trouble(RequestState.problem, RequestState.problem_detail),
        RequestTab.create(
            thread=RunState.thread_id,
            of=RequestState.thread,
            which=RequestState.which,
            running=RunState.running,
            loaded=RequestState.loaded,
            address=RequestState.address,
            run=RequestState.run,
            snippets=RequestState.snippets,
            notes=RequestState.notes,
            words=REQUEST_WORDS,
            on_load=RequestState.load,
        ),
        class_name="inspector-scroll",
    )
