"""The sidebar: the newest threads, a new chat, and settings of the page."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.navigation.link import link
from chat_app.components.navigation.look import Facts, HideSidebar
from chat_app.components.navigation.thread_watch import (
    STATUS_WORDS,
    ThreadStatus,
    notify_button,
    thread_watch,
)
from chat_app.components.shared.icon import icon, icon_button
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadLink, ThreadsState
from chat_app.state.view import NEVER, SHOWN, ViewState, steps

_SIDEBAR = "sidebar"

_CLOSE_WITH_LINK = rx.Var(
    "(event) => event.target.closest('a') && event.currentTarget.togglePopover(false)"
)


def sidebar() -> rx.Component:
    """A column on wide screens, a sheet over the page on narrow ones.

    The sheet is a native popover: it opens without a round trip, gets the focus, and closes on
    Escape or a tap outside of it.
    """
    return rx.el.nav(
        rx.el.div(
            rx.el.span("◆", class_name="mark", aria_hidden="true"),
            rx.el.span(ViewState.title, class_name="brand"),
            HideSidebar.create(),
            class_name="side-head",
        ),
        link(icon("plus"), text.NEW_CHAT, to="/", class_name="new-chat", data_testid="new-chat"),
        rx.el.div(
            rx.foreach(ThreadsState.links, _thread),
            rx.cond(
                ThreadsState.loaded & (ThreadsState.links.length() == 0),
                rx.el.p(text.NO_CHATS, class_name="none"),
            ),
            class_name="threads",
        ),
        rx.el.div(
            notify_button(),
            Facts.create(),
            _steps_toggle(),
            theme_toggle(),
            class_name="side-foot",
        ),
        thread_watch(),
        id=_SIDEBAR,
        class_name="sidebar",
        aria_label=text.CHATS,
        custom_attrs={"popover": "auto", "onClick": _CLOSE_WITH_LINK},
    )


def sidebar_button() -> rx.Component:
    """Opens the sheet on narrow screens."""
    return icon_button(
        "menu",
        text.CHATS,
        class_name="icon-button only-narrow",
        custom_attrs={"popoverTarget": _SIDEBAR},
        data_testid="sidebar-button",
    )


def theme_toggle() -> rx.Component:
    """Return the switch between light and dark, which the browser stores."""
    toggles = {"on_click": rx.toggle_color_mode, "data_testid": "theme-toggle"}
    return rx.el.div(
        rx.color_mode_cond(
            icon_button("moon", text.DARK, **toggles), icon_button("sun", text.LIGHT, **toggles)
        )
    )


def _steps_toggle() -> rx.Component:
    """The switch that shows or hides steps; nothing if the settings never show them."""
    return rx.cond(
        ViewState.usual_steps != NEVER,
        icon_button(
            "wrench",
            text.STEPS,
            aria_pressed=steps() == SHOWN,
            on_click=ViewState.toggle_steps,
            data_testid="steps-toggle",
        ),
    )


def _thread(thread: ObjectVar[ThreadLink]) -> rx.Component:
    return link(
        rx.el.span(thread.title, class_name="title", dir="auto"),
        ThreadStatus.create(thread=thread.id, status=thread.status, words=STATUS_WORDS),
        to=f"/t/{thread.id}",
        title=thread.title,
        class_name="thread",
        aria_current=rx.cond(thread.id == RunState.thread_id, "page", "false"),
        data_testid="thread-link",
        key=thread.id,
    )
