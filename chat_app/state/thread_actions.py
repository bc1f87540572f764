"""What a person does with listed threads: rename, pin, archive, delete, one or several at once.

All of it is shown in every tab before the server has done it, and taken back where it does not.
Each id is checked by the gate: a foreign thread is one that does not exist.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app import text as words
from chat_app.auth.rights import rights_of
from chat_app.client import LangGraphError
from chat_app.runs import thread_metadata
from chat_app.runs.permission import NotThereError
from chat_app.runs.threads.edits import change_metadata, title_given
from chat_app.state import server
from chat_app.state.person import person_of
from chat_app.state.tab_session import tab_session
from chat_app.state.threads import show_list, thread_list, thread_uuid
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from chat_app.auth.person import Person
    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.runs.threads.listed import Listed
    from chat_app.runs.threads.thread_list import ThreadList

MOST = 100
"""Threads that one event can name."""


class ThreadActionsState(rx.State):
    """Changes of listed threads; what cannot be done is said by `ThreadsState.problem`."""

    @rx.event(background=True)
    async def rename(self, thread_id: str, title: str):
        """Give a thread another title; an empty one is none."""
        if (ids := _ids([thread_id])) and (given := title_given(title)):
            metadata = {thread_metadata.TITLE: given, thread_metadata.TITLE_FROM: "person"}
            await _change(self, ids, metadata, words.NOT_RENAMED, title=given)

    @rx.event(background=True)
    async def pin(self, thread_ids: list[str], is_pinned: bool):  # noqa: FBT001 - of an event
        """Show threads at the top of the list, or not any more."""
        if (ids := _ids(thread_ids)) and isinstance(is_pinned, bool):
            failed = words.NOT_PINNED if is_pinned else words.NOT_UNPINNED
            metadata = {thread_metadata.PINNED: is_pinned}
            await _change(self, ids, metadata, failed, is_pinned=is_pinned)

    @rx.event(background=True)
    async def archive(self, thread_ids: list[str], is_archived: bool):  # noqa: FBT001 - of an event
        """Move threads from the list to the archive, or back."""
        if (ids := _ids(thread_ids)) and isinstance(is_archived, bool):
            failed = words.NOT_ARCHIVED if is_archived else words.NOT_RESTORED
            metadata = {thread_metadata.ARCHIVED: is_archived}
            await _change(self, ids, metadata, failed, is_archived=is_archived)

    @rx.event(background=True)
    async def delete(self, thread_ids: list[str]):
        """Delete threads: at once in all lists, at the server when it can be undone no more."""
        if not (ids := _ids(thread_ids)):
            return
        deletions, metadata = server.deletions(), {thread_metadata.DELETED: time.time()}
        with ExitStack() as telling:
            async with self:
                person, threads = person_of(self), thread_list(self)
                rights = rights_of(person)
                announced = telling.enter_context(deletions.announce(ids, rights))
                threads.changes.remove(ids)
                await show_list(self, tab_session(self))
            done, failure, client = await _at_server(person, ids, metadata)
            if failure:
                _take_back(threads, [one for one in ids if one not in done], failure)
            if client:
                for thread_id in done.keys() - announced.undone:
                    failed = partial(_not_deleted, threads, thread_id)
                    deletions.begin(thread_id, rights, client, failed)
        await _read_again(self, threads)

    @rx.event(background=True)
    async def undo(self, thread_ids: list[str]):
        """Do not delete threads after all."""
        if not (ids := _ids(thread_ids)):
            return
        async with self:
            person, threads = person_of(self), thread_list(self)
        rights, deletions = rights_of(person), server.deletions()
        elsewhere = [one for one in ids if not deletions.knows(one)]
        undone = [one for one in ids if await deletions.undo(one, rights)]
        undone += await _undone_elsewhere(person, [one for one in elsewhere if one not in undone])
        if late := len(ids) - len(undone):
            threads.complain(_said(words.NOT_UNDONE, late))
        async with self:
            if undone:
                threads.changes.restore(undone)
            await show_list(self, tab_session(self))
        if not undone:
            return
        await _change(self, undone, {thread_metadata.DELETED: None}, words.UNDO_FAILED)


async def _change(
    tab: ThreadActionsState,
    ids: list[str],
    metadata: Json,
    failed: tuple[str, str],
    **fields: Any,
) -> None:
    """Show `fields` of these threads and write `metadata`; where that fails say so."""
    async with tab:
        person, threads = person_of(tab), thread_list(tab)
        change = threads.changes.begin(ids, **fields)
        await show_list(tab, tab_session(tab))
    done: dict[str, Listed] = {}
    try:
        done, failure, _ = await _at_server(person, ids, metadata)
        if failure:
            _say(threads, failed, len(ids) - len(done), failure)
    finally:
        threads.changes.end(change, done)
    await _read_again(tab, threads)


async def _at_server(
    person: Person, ids: list[str], metadata: Json
) -> tuple[dict[str, Listed], LangGraphError | None, LangGraphClient | None]:
    """Write the metadata of those threads that the person may use.

    Returns the changed ones, why others are not, and the client that was used.
    """
    try:
        client, allowed = await server.gate().client_for_all(person, ids)
    except LangGraphError as failure:
        return {}, failure, None
    done, failure = await change_metadata(client, allowed, metadata)
    if failure is None and len(allowed) < len(ids):
        failure = NotThereError()
    return done, failure, client


async def _undone_elsewhere(person: Person, ids: list[str]) -> list[str]:
    """Which threads are not deleted after all, by the process that was to delete them.

    That process, where the page was before, looks at the metadata of a thread last of all.
    """
    if not ids:
        return []
    done, _, _ = await _at_server(person, ids, {thread_metadata.DELETED: None})
    return list(done)


async def _read_again(tab: ThreadActionsState, threads: ThreadList) -> None:
    try:
        await threads.refresh()
    except LangGraphError:
        return  # the next poll tells
    async with tab:
        await show_list(tab, tab_session(tab))


def _take_back(threads: ThreadList, ids: list[str], failure: LangGraphError) -> None:
    threads.changes.restore(ids)
    _say(threads, words.NOT_DELETED, len(ids), failure)


async def _not_deleted(threads: ThreadList, thread_id: str, failure: LangGraphError) -> None:
    """The server refuses to delete a thread that is in no list any more: it is, again."""
    _take_back(threads, [thread_id], failure)
    change = threads.changes.begin([thread_id])
    client = await threads.client()
    done, _ = await change_metadata(client, [thread_id], {thread_metadata.DELETED: None})
    threads.changes.end(change, done)


def _say(threads: ThreadList, failed: tuple[str, str], count: int, failure: LangGraphError) -> None:
    sentence, detail = describe(failure)
    threads.complain(_said(failed, count), f"{sentence}\n\n{detail}".strip())


def _said(forms: tuple[str, str], count: int) -> str:
    return forms[0] if count == 1 else forms[1].format(count=count)


def _ids(given: object) -> list[str]:
    """The ids of threads in an argument, each once; none where it is anything else."""
    if not isinstance(given, list) or not 0 < len(given) <= MOST:
        return []
    ids = [thread_uuid(one) for one in given]
    return list(dict.fromkeys(one for one in ids if one)) if all(ids) else []
