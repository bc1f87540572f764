"""The Memory tab: the server's long-term store, by namespace."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.inspector import JS
from chat_app.components.inspector.trouble import trouble
from chat_app.state.inspector.memory import ItemRow, MemoryState, OpenItem, SpaceRow
from chat_app.state.run import RunState

MEMORY_WORDS: dict[str, Any] = {
    "language": text.LANGUAGE,
    "copy": text.COPY,
    "loading": text.INSPECTOR_LOADING,
    "spaces": text.NAMESPACES,
    "moreSpaces": text.MORE_NAMESPACES,
    "noSpaces": text.NO_NAMESPACES,
    "all": text.ALL_ITEMS,
    "below": text.NAMES_BELOW,
    "query": text.SEARCH_ITEMS,
    "filter": text.FILTER_ITEMS,
    "search": text.SEARCH_NOW,
    "refresh": text.REFRESH_ITEMS,
    "create": text.NEW_ITEM,
    "searched": {"meaning": text.SEARCHED_BY_MEANING, "text": text.SEARCHED_BY_TEXT},
    "nothing": text.NO_ITEM_FOUND,
    "noItems": text.NO_ITEMS,
    "items": text.ITEMS,
    "score": text.ITEM_SCORE,
    "more": text.SHOW_MORE_ITEMS,
    "back": text.BACK_TO_ITEMS,
    "updated": text.ITEM_UPDATED,
    "created": text.ITEM_MADE,
    "changed": text.ITEM_CHANGED,
    "gone": text.ITEM_DELETED_MEANWHILE,
    "theirs": text.ITEM_NOW,
    "takeTheirs": text.TAKE_ITEM_NOW,
    "overwrite": text.OVERWRITE_ITEM,
    "close": text.CLOSE,
    "value": text.ITEM_VALUE,
    "wrong": text.VALUE_NOT_OBJECT,
    "long": text.VALUE_TOO_LONG,
    "readOnly": text.ITEM_READ_ONLY,
    "sure": text.ITEM_DELETE_SURE,
    "remove": text.DELETE,
    "keep": text.KEEP_SCHEDULE,
    "unsaved": text.ITEM_UNSAVED,
    "discard": text.DISCARD_CHANGES,
    "stay": text.KEEP_EDITING,
    "save": text.SAVE_ITEM,
    "cancel": text.CANCEL,
    "space": text.ITEM_NAMESPACE,
    "spaceHint": text.NAMESPACE_HINT,
    "key": text.ITEM_KEY,
}


def _of_names(names: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    return (names,)


def _of_item(names: rx.Var[list[str]], key: rx.Var[str]) -> tuple[rx.Var[list[str]], rx.Var[str]]:
    return names, key


def _of_search(query: rx.Var[str], fields: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return query, fields


def _of_value(value: rx.Var[str], is_sure: rx.Var[bool]) -> tuple[rx.Var[str], rx.Var[bool]]:
    return value, is_sure


def _of_new(
    names: rx.Var[list[str]], key: rx.Var[str], value: rx.Var[str]
) -> tuple[rx.Var[list[str]], rx.Var[str], rx.Var[str]]:
    return names, key, value


def _if_sure(is_sure: rx.Var[bool]) -> tuple[rx.Var[bool]]:
    return (is_sure,)


class MemoryTab(rx.Component):
    """The tree of namespaces, and the items of the one that is `chosen`, or the open `item`.

    `can_all`: the person may list all items, and not only those of single namespaces. `can_write`:
    also make new ones. `theirs` is the open item as it is by now, where that is a `conflict`.
    """

    library = JS["tabs.js"]
    tag = "MemoryTab"

    running: rx.Var[bool]
    loaded: rx.Var[bool]
    missing: rx.Var[str]
    spaces: rx.Var[list[SpaceRow]]
    more_spaces: rx.Var[bool]
    can_all: rx.Var[bool]
    can_write: rx.Var[bool]
    chosen: rx.Var[list[str]]
    items: rx.Var[list[ItemRow]]
    has_more: rx.Var[bool]
    searched: rx.Var[str]
    item: rx.Var[OpenItem]
    conflict: rx.Var[bool]
    theirs: rx.Var[str]
    said: rx.Var[str]
    settled: rx.Var[int]
    words: rx.Var[dict[str, Any]]
    on_load: rx.EventHandler[rx.event.no_args_event_spec]
    on_choose: rx.EventHandler[_of_names]
    on_search: rx.EventHandler[_of_search]
    on_more: rx.EventHandler[rx.event.no_args_event_spec]
    on_open: rx.EventHandler[_of_item]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]
    on_save: rx.EventHandler[_of_value]
    on_create: rx.EventHandler[_of_new]
    on_remove: rx.EventHandler[_if_sure]
    on_theirs: rx.EventHandler[rx.event.no_args_event_spec]


def memory() -> rx.Component:
    """Return the content of the tab."""
    return rx.el.div(
        rx.cond(
            MemoryState.conflict,
            None,
            trouble(MemoryState.problem, MemoryState.problem_detail),
        ),
        MemoryTab.create(
            running=RunState.running,
            loaded=MemoryState.loaded,
            missing=MemoryState.missing,
            spaces=MemoryState.spaces,
            more_spaces=MemoryState.more_spaces,
            can_all=MemoryState.can_all,
            can_write=MemoryState.can_write,
            chosen=MemoryState.chosen,
            items=MemoryState.items,
            has_more=MemoryState.has_more,
            searched=MemoryState.searched,
            item=MemoryState.item,
            conflict=MemoryState.conflict,
            theirs=MemoryState.theirs,
            said=MemoryState.said,
            settled=MemoryState.settled,
            words=MEMORY_WORDS,
            on_load=MemoryState.load,
            on_choose=MemoryState.choose,
            on_search=MemoryState.search,
            on_more=MemoryState.show_more,
            on_open=MemoryState.open,
            on_close=MemoryState.close,
            on_save=MemoryState.save,
            on_create=MemoryState.create,
            on_remove=MemoryState.delete,
            on_theirs=MemoryState.take_theirs,
        ),
        class_name="inspector-scroll",
    )
