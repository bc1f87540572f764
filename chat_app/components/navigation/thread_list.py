"""The list of chats in the sidebar, and the title of the open one, which renames it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.navigation import JS
from chat_app.components.navigation.thread_watch import STATUS_WORDS
from chat_app.components.shared.folded import folded
from chat_app.components.shared.icon import icon_button
from chat_app.state.inbox import InboxState
from chat_app.state.run import RunState
from chat_app.state.thread_actions import ThreadActionsState
from chat_app.state.threads import (
    NewestThreads,
    OlderThreads,
    ThreadChange,
    ThreadLink,
    ThreadsState,
)

LIST_WORDS: dict[str, Any] = {
    "language": text.LANGUAGE,
    "status": STATUS_WORDS,
    "draft": text.DRAFT,
    "more": text.MORE,
    "rename": text.RENAME,
    "name": text.NAME_OF_CHAT,
    "pin": text.PIN,
    "unpin": text.UNPIN,
    "archive": text.ARCHIVE,
    "restore": text.RESTORE,
    "delete": text.DELETE,
    "select": text.SELECT,
    "pinned": text.PINNED,
    "openNow": text.OPEN_NOW,
    "today": text.TODAY,
    "yesterday": text.YESTERDAY,
    "lastWeek": text.LAST_WEEK,
    "lastMonth": text.LAST_MONTH,
    "noDate": text.NO_DATE,
    "archived": text.ARCHIVED,
    "back": text.BACK_TO_CHATS,
    "none": text.NO_CHATS,
    "noneArchived": text.NONE_ARCHIVED,
    "loading": text.LOADING_CHATS,
    "notLoaded": text.CHATS_NOT_LOADED,
    "tryAgain": text.RETRY,
    "loadMore": text.LOAD_MORE,
    "selected": text.SELECTED,
    "selectChat": text.SELECT_CHAT,
    "done": text.DONE_SELECTING,
    "selecting": text.SELECTING_MEANS,
}

UNDO_WORDS = {"language": text.LANGUAGE, "deleted": text.CHAT_DELETED, "undo": text.UNDO}
TITLE_WORDS = {"rename": text.RENAME_TITLE, "name": text.NAME_OF_CHAT}


def _page(after: rx.Var[str], is_archived: rx.Var[bool]) -> tuple[rx.Var[str], rx.Var[bool]]:
    return (after, is_archived)


def _thread(thread_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (thread_id,)


def _title(thread_id: rx.Var[str], title: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (thread_id, title)


def _switch(
    thread_ids: rx.Var[list[str]], is_on: rx.Var[bool]
) -> tuple[rx.Var[list[str]], rx.Var[bool]]:
    return (thread_ids, is_on)


def _threads(thread_ids: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    return (thread_ids,)


class ThreadList(rx.Component):
    """The list, one stop of the Tab key; `keys` describes how to move within it.

    `open` is the id of the open thread.
    """

    library = JS["thread_list.jsx"]
    tag = "ThreadList"

    links: rx.Var[list[ThreadLink]]
    newest: rx.Var[NewestThreads]
    older: rx.Var[OlderThreads]
    found: rx.Var[list[ThreadLink]]
    changes: rx.Var[list[ThreadChange]]
    loaded: rx.Var[bool]
    open: rx.Var[str]
    label: rx.Var[str]
    keys: rx.Var[str]
    words: rx.Var[dict[str, Any]]
    on_older: rx.EventHandler[_page]
    on_find: rx.EventHandler[_thread]
    on_rename: rx.EventHandler[_title]
    on_pin: rx.EventHandler[_switch]
    on_archive: rx.EventHandler[_switch]
    on_delete: rx.EventHandler[_threads]
    on_undo: rx.EventHandler[_threads]


class ArchiveButton(rx.Component):
    """Switches the list between all chats and those of the archive."""

    library = JS["thread_list.jsx"]
    tag = "ArchiveButton"

    label: rx.Var[str]


class UndoToast(rx.Component):
    """Says for some seconds that a chat was deleted, with a button that undoes it."""

    library = JS["undo_toast.jsx"]
    tag = "UndoToast"

    words: rx.Var[dict[str, Any]]


class HeaderTitle(rx.Component):
    """The title of the open `thread`; pressing it renames the thread."""

    library = JS["header_title.jsx"]
    tag = "HeaderTitle"

    title: rx.Var[str]
    thread: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_rename: rx.EventHandler[_title]


def thread_list() -> rx.Component:
    """Return the list."""
    return ThreadList.create(
        links=ThreadsState.links,
        newest=ThreadsState.newest,
        older=ThreadsState.older,
        found=ThreadsState.found,
        changes=ThreadsState.changes,
        loaded=ThreadsState.loaded,
        open=rx.cond(InboxState.place == "", RunState.thread_id, ""),
        label=text.THREADS,
        keys=text.THREAD_KEYS,
        words=LIST_WORDS,
        on_older=ThreadsState.read_older,
        on_find=ThreadsState.find,
        on_rename=ThreadActionsState.rename,
        on_pin=ThreadActionsState.pin,
        on_archive=ThreadActionsState.archive,
        on_delete=ThreadActionsState.delete,
        on_undo=ThreadActionsState.undo,
    )


def thread_problem() -> rx.Component:
    """Return what could not be done with a thread; nothing where all was."""
    return rx.cond(
        ThreadsState.problem,
        rx.el.div(
            rx.el.p(ThreadsState.problem, role="alert"),
            icon_button("x", text.DISMISS, on_click=ThreadsState.dismiss),
            folded(text.DETAILS, ThreadsState.problem_detail),
            class_name="thread-problem",
            data_testid="thread-problem",
        ),
    )


def undo_toast() -> rx.Component:
    """Return what offers to undo a deletion."""
    return UndoToast.create(words=UNDO_WORDS)


def archive_button() -> rx.Component:
    """Return the switch to the archive."""
    return ArchiveButton.create(label=text.SHOW_ARCHIVED)


def header_title(title: rx.Var[str], thread: rx.Var[str]) -> rx.Component:
    """Return the title in the header: that of a thread, or of the page where there is none."""
    return HeaderTitle.create(
        title=title,
        thread=thread,
        words=TITLE_WORDS,
        on_rename=ThreadActionsState.rename,
    )
