"""The inbox: the list of what waits, and what stands above the selected question."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.inbox import JS
from chat_app.components.inbox.schedules import tabs
from chat_app.components.shared.folded import folded
from chat_app.state.assistants import AssistantOption, AssistantsState
from chat_app.state.inbox import InboxState, Over, WaitingRow
from chat_app.state.run import RunState
from chat_app.state.view import ViewState

INBOX_WORDS = {
    "list": text.INBOX_LIST,
    "keys": text.INBOX_KEYS,
    "keysMean": text.INBOX_KEYS_MEAN,
    "empty": text.INBOX_EMPTY,
    "emptyMeans": text.INBOX_EMPTY_MEANS,
    "reading": text.INBOX_READING,
    "more": text.INBOX_MORE,
    "back": text.INBOX_BACK,
    "next": text.NEXT,
    "previous": text.INBOX_PREVIOUS,
    "place": text.INBOX_PLACE,
    "several": text.INBOX_SEVERAL,
    "open": text.OPEN_CHAT,
    "notWaiting": text.NOT_WAITING,
    "waits": text.WAITS,
    "now": text.WAITS_NOW,
    "minutes": text.WAITS_MINUTES,
    "hours": text.WAITS_HOURS,
    "days": text.WAITS_DAYS,
}


class Inbox(rx.Component):
    """The list, with the keys of the inbox; it also turns to the next one.

    `rows` are those that wait, `count` is how many there are, `over` says what became of the
    selected one that waits no more. The agent is named `agent`, or as one of the `options`.
    """

    library = JS["inbox.jsx"]
    tag = "Inbox"

    rows: rx.Var[list[WaitingRow]]
    count: rx.Var[int]
    selected: rx.Var[str]
    loaded: rx.Var[bool]
    more: rx.Var[bool]
    over: rx.Var[Over]
    agent: rx.Var[str]
    options: rx.Var[list[AssistantOption]]
    words: rx.Var[dict[str, Any]]
    on_more: rx.EventHandler[rx.event.no_args_event_spec]


class InboxHead(rx.Component):
    """What stands above the selected question: whose it is, how long it waits, the way on."""

    library = JS["inbox.jsx"]
    tag = "InboxHead"

    rows: rx.Var[list[WaitingRow]]
    count: rx.Var[int]
    selected: rx.Var[str]
    title: rx.Var[str]
    loaded: rx.Var[bool]
    agent: rx.Var[str]
    options: rx.Var[list[AssistantOption]]
    words: rx.Var[dict[str, Any]]


def inbox() -> rx.Component:
    """Return the list, and above the conversation the head of the selected one."""
    agent = rx.cond(ViewState.is_demo, text.DEMO_AGENT, "")
    return rx.fragment(
        rx.el.section(
            tabs(),
            rx.cond(InboxState.trouble != "", _trouble()),
            Inbox.create(
                rows=InboxState.rows,
                count=InboxState.count,
                selected=RunState.thread_id,
                loaded=InboxState.loaded,
                more=InboxState.has_more,
                over=InboxState.over,
                agent=agent,
                options=AssistantsState.options,
                words=INBOX_WORDS,
                on_more=InboxState.show_more,
            ),
            class_name="inbox",
            aria_label=text.INBOX,
            data_testid="inbox",
        ),
        InboxHead.create(
            rows=InboxState.rows,
            count=InboxState.count,
            selected=RunState.thread_id,
            title=RunState.title,
            loaded=InboxState.loaded,
            agent=agent,
            options=AssistantsState.options,
            words=INBOX_WORDS,
        ),
    )


def _trouble() -> rx.Component:
    return rx.el.div(
        rx.el.p(InboxState.trouble),
        folded(text.DETAILS, InboxState.trouble_detail),
        rx.el.button(text.RETRY, type="button", class_name="button", on_click=InboxState.retry),
        class_name="inbox-trouble",
        role="status",
        data_testid="inbox-trouble",
    )
