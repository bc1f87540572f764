"""The sidebar: the newest threads, a new chat, and settings of the page."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.commands.action import palette_button
from chat_app.components.navigation import JS
from chat_app.components.navigation.import_chat import import_button
from chat_app.components.navigation.inbox_link import inbox_link
from chat_app.components.navigation.link import link
from chat_app.components.navigation.look import Facts, HideSidebar
from chat_app.components.navigation.search import search
from chat_app.components.navigation.thread_list import (
    archive_button,
    thread_list,
    thread_problem,
    undo_toast,
)
from chat_app.components.navigation.thread_watch import notify_button, thread_watch
from chat_app.components.shared.icon import icon, icon_button
from chat_app.components.sharing.share import shared_links_button
from chat_app.shortcuts import does, hint
from chat_app.state.run import RunState
from chat_app.state.view import NEVER, SHOWN, ViewState, steps

_SIDEBAR = "sidebar"

_CLOSE_WITH_LINK = rx.Var(
    "({ target, currentTarget: sheet }) => target.closest('a')"
    " && !target.closest('[data-selecting]') && sheet.togglePopover(false)"
)
"""A press on a link that selects its chat goes nowhere."""

_CLOSE_WITH_FOCUS = rx.Var(
    "({ currentTarget: sheet, relatedTarget: next }) =>"
    " next && !sheet.contains(next) && sheet.matches(':popover-open') && sheet.hidePopover()"
)
"""The page behind the sheet is covered by it."""


ACCOUNT_WORDS = {
    "account": text.ACCOUNT,
    "admin": text.ADMIN,
    "signOut": text.SIGN_OUT,
    "everywhere": text.SIGN_OUT_EVERYWHERE,
    "means": text.EVERYWHERE_MEANS,
}


class Account(rx.Component):
    """Who is signed in, and the button "Sign out"; nothing without sign-in."""

    library = JS["account.jsx"]
    tag = "Account"

    words: rx.Var[dict[str, str]]


def sidebar() -> rx.Component:
    """A column on wide screens, a sheet over the page on narrow ones.

    The sheet is a native popover: it opens without a round trip, gets the focus, and closes on
    Escape or a tap outside of it.
    """
    return rx.el.nav(
        rx.el.div(
            rx.el.span("◆", class_name="mark", aria_hidden="true"),
            rx.el.span(ViewState.title, class_name="brand"),
            palette_button(),
            HideSidebar.create(),
            class_name="side-head",
        ),
        link(
            icon("plus"),
            text.NEW_CHAT,
            to="/",
            class_name="new-chat",
            data_testid="new-chat",
            **hint("new-chat"),
        ),
        inbox_link(),
        search(thread_list(), open_thread=RunState.thread_id),
        thread_problem(),
        Account.create(words=ACCOUNT_WORDS),
        rx.el.div(
            archive_button(),
            notify_button(),
            import_button(),
            shared_links_button(),
            Facts.create(),
            _steps_toggle(),
            theme_toggle(),
            class_name="side-foot",
        ),
        thread_watch(),
        undo_toast(),
        id=_SIDEBAR,
        class_name="sidebar",
        aria_label=text.CHATS,
        custom_attrs={
            "popover": "auto",
            "onClick": _CLOSE_WITH_LINK,
            "onBlur": _CLOSE_WITH_FOCUS,
        },
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
    label = rx.color_mode_cond(text.DARK, text.LIGHT)
    return rx.el.button(  # one button in both themes: the focus stays on it
        rx.color_mode_cond(icon("moon"), icon("sun")),
        type="button",
        class_name="icon-button",
        aria_label=label,
        title=label,
        on_click=rx.toggle_color_mode,
        data_testid="theme-toggle",
    )


def _steps_toggle() -> rx.Component:
    """The switch that shows or hides steps; nothing if the settings never show them."""
    return rx.cond(
        ViewState.usual_steps != NEVER,
        icon_button(
            "wrench",
            text.STEPS,
            **does("steps"),
            aria_pressed=steps() == SHOWN,
            on_click=ViewState.toggle_steps,
            data_testid="steps-toggle",
        ),
    )
