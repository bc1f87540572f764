"""The dialogs of share links, and what opens them."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.shared.icon import icon_button
from chat_app.components.shared.menu import MenuItem, lucide
from chat_app.components.sharing import JS
from chat_app.shortcuts import does
from chat_app.state.sharing import SharedLink, SharedLinksState, ShareState

_LINK_WORDS = {
    "snapshot": text.SNAPSHOT,
    "live": text.LIVE_LINK,
    "copy": text.COPY_LINK,
    "copied": text.LINK_COPIED,
    "notCopied": text.NOT_COPIED,
    "address": text.LINK_ADDRESS,
    "open": text.OPEN_LINK,
    "revoke": text.REVOKE,
    "revoked": text.REVOKED_LINK,
    "notShown": text.LINK_NOT_SHOWN,
    "details": text.DETAILS,
}
SHARE_WORDS = _LINK_WORDS | {
    "title": text.SHARE_CHAT,
    "means": text.SHARE_MEANS,
    "shows": text.LINK_SHOWS,
    "snapshotMeans": text.SNAPSHOT_MEANS,
    "liveMeans": text.LIVE_MEANS,
    "make": text.MAKE_LINK,
    "links": text.LINKS_TO_CHAT,
    "none": text.NO_LINKS_TO_CHAT,
}
SHARED_LINKS_WORDS = _LINK_WORDS | {
    "title": text.SHARED_LINKS,
    "none": text.NO_SHARED_LINKS,
    "more": text.MORE_LINKS,
    "revokeAll": text.REVOKE_ALL,
    "reallyAll": text.REVOKE_ALL_ASKED,
}


def _one(value: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (value,)


def _two(first: rx.Var[str], second: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (first, second)


class ShareDialog(rx.Component):
    """The links to the open chat: `made` is the id of the newest, which is copied at once."""

    library = JS["share.jsx"]
    tag = "ShareDialog"

    open: rx.Var[bool]
    busy: rx.Var[bool]
    links: rx.Var[list[SharedLink]]
    made: rx.Var[str]
    problem: rx.Var[str]
    detail: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_create: rx.EventHandler[_one]
    on_revoke: rx.EventHandler[_one]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class SharedLinksDialog(rx.Component):
    """All links of the person; `more` of them can be shown."""

    library = JS["share.jsx"]
    tag = "SharedLinksDialog"

    open: rx.Var[bool]
    busy: rx.Var[bool]
    links: rx.Var[list[SharedLink]]
    more: rx.Var[bool]
    problem: rx.Var[str]
    detail: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_more: rx.EventHandler[rx.event.no_args_event_spec]
    on_revoke: rx.EventHandler[_two]
    on_revoke_all: rx.EventHandler[rx.event.no_args_event_spec]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def share_dialogs() -> rx.Component:
    """Return both dialogs; closed, they render nothing."""
    return rx.fragment(_share(), _shared_links())


def share_item() -> rx.Component:
    """Return the item "Share" of the header's menu."""
    return MenuItem.create(text.SHARE, icon=lucide("share-2"), on_click=ShareState.open)


def shared_links_button() -> rx.Component:
    """Return the button that opens the list of all links."""
    return icon_button(
        "link-2",
        text.SHARED_LINKS,
        **does("shared-links"),
        on_click=SharedLinksState.open,
        data_testid="shared-links-button",
    )


@rx.memo
def _share() -> rx.Component:
    return ShareDialog.create(
        open=ShareState.is_open,
        busy=ShareState.is_busy,
        links=ShareState.links,
        made=ShareState.made,
        problem=ShareState.problem,
        detail=ShareState.detail,
        words=SHARE_WORDS,
        on_create=ShareState.create,
        on_revoke=ShareState.revoke,
        on_close=ShareState.close,
    )


@rx.memo
def _shared_links() -> rx.Component:
    return SharedLinksDialog.create(
        open=SharedLinksState.is_open,
        busy=SharedLinksState.is_busy,
        links=SharedLinksState.links,
        more=SharedLinksState.has_more,
        problem=SharedLinksState.problem,
        detail=SharedLinksState.detail,
        words=SHARED_LINKS_WORDS,
        on_more=SharedLinksState.show_more,
        on_revoke=SharedLinksState.revoke,
        on_revoke_all=SharedLinksState.revoke_all,
        on_close=SharedLinksState.close,
    )
