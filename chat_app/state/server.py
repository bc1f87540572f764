"""The one LangGraph server behind this app, and whether it answers yet.

`chat_app.chat_app` connects it when the app starts; handlers wait for it with `ready()`.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chat_app import text, thread_notices
from chat_app.auth.forwarding import client_of, rights_at_server
from chat_app.auth.gate import Gate
from chat_app.auth.inspecting import OFF, inspectors
from chat_app.client import LangGraphClient, get_client
from chat_app.client.errors import without_secrets
from chat_app.config import settings
from chat_app.processes import TOLD_EVERY, processes
from chat_app.runs import langsmith, own_queue, tasks
from chat_app.runs.assistants import default_assistant
from chat_app.runs.availability import Availability
from chat_app.runs.backend import Backend
from chat_app.runs.inbox import Inboxes
from chat_app.runs.inspector.inspection import ThreadInspection
from chat_app.runs.search.files import IndexFiles
from chat_app.runs.search.index import Limits
from chat_app.runs.search.indexer import Indexers
from chat_app.runs.temporary import PersonalSweeps, keep_swept
from chat_app.runs.threads.deletions import Deletions
from chat_app.runs.threads.thread_list import ThreadLists
from chat_app.transcript.error_text import AppError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine

    from chat_app.auth.person import Person
    from chat_app.runs.search.indexer import Indexer
    from chat_app.runs.search.listing import Whose


_SEARCH_FOLDER = "search"


class NotStartedError(AppError):
    """The embedded agent never came up; `detail` is what its log says."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(text.DEMO_FAILED, detail)


class _Server:
    """Made when the app starts, in the worker's own event loop."""

    connecting: asyncio.Task[LangGraphClient] | None
    gate: Gate | None
    address: str
    availability: Availability
    lists: ThreadLists
    inboxes: Inboxes
    indexers: Indexers | None
    deletions: Deletions
    sweeps: PersonalSweeps

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Be as before the start of the app."""
        self.connecting = self.gate = self.indexers = None
        self.address = ""
        self.availability = Availability(ready)
        self.inboxes = Inboxes(self.availability)
        self.deletions = Deletions(self._deleted)
        self.sweeps = PersonalSweeps(self.is_open)
        self.lists = ThreadLists(
            ready,
            self.availability,
            has_session=self._has_session,
            left=self.deletions.finish,
        )

    def _has_session(self, thread_id: str, rights: str) -> bool:
        return self.gate is not None and self.gate.has_session(thread_id, rights)

    async def is_open(self, thread_id: str) -> bool:
        is_here = self.gate is not None and self.gate.is_open(thread_id)
        return is_here or await _is_open_elsewhere(thread_id)

    def _deleted(self, thread_id: str) -> None:
        if self.gate:
            self.gate.reload(thread_id)
        if self.indexers:
            tasks.spawn(self.indexers.forget([thread_id]), name="forget a deleted thread")


@asynccontextmanager
async def connected(
    address: Coroutine[None, None, str], *, key: str = ""
) -> AsyncGenerator[None, None]:
    """Talk to the server at `address` for as long as the app runs.

    `key` is that of the embedded agent; other servers get what the settings say.

    `address` returns once the server can be asked, or raises when it never will: the page is
    served meanwhile.
    """
    _server.connecting = tasks.spawn(_connect(address, key), name="connect")
    _server.gate = Gate(_backend(), ready_for)
    _server.indexers = Indexers(_index_files())
    try:
        yield
    finally:
        await _server.inboxes.aclose()
        await _server.indexers.aclose()
        await _server.lists.aclose()
        await _server.deletions.aclose()
        await _server.availability.aclose()
        await _server.gate.aclose()
        if _is_up(_server.connecting):
            await _server.connecting.result().aclose()
        else:
            await tasks.end(_server.connecting)
        _server.forget()


def gate() -> Gate:
    """The gate to all threads.

    Raises:
        NotStartedError: the app has not started, or ends.
    """
    if _server.gate is None:
        raise NotStartedError
    return _server.gate


def thread_lists() -> ThreadLists:
    """The lists of threads of all people whose tabs this process has."""
    return _server.lists


def inboxes() -> Inboxes:
    """What waits for all people whose tabs this process has."""
    return _server.inboxes


def indexer(person: Person, whose: Whose) -> Indexer:
    """The index of a person's threads.

    Raises:
        NotStartedError: the app has not started, or ends.
    """
    if _server.indexers is None:
        raise NotStartedError
    return _server.indexers.get(whose, replace(_backend(), connect=partial(ready_for, person)))


def _index_files() -> IndexFiles:
    folder = Path(settings().data_dir) / _SEARCH_FOLDER
    return IndexFiles(folder, Limits(bytes=settings().search_mb * 1_000_000))


def is_settled() -> bool:
    """Whether nothing is under way that ends with this process, or that it would end too soon."""
    return gate().is_settled() and _server.deletions.are_over


def deletions() -> Deletions:
    """The deletions of threads that can be undone yet."""
    return _server.deletions


async def keep_temporary_threads_swept() -> None:
    """Delete the temporary threads that were left, now and again, with the app's own rights.

    Where the server knows people and not the app, each one's are deleted while they are there.
    """
    if settings().forward_identity == "off":
        await keep_swept(ready, _server.is_open, lambda *duty: processes().claim(*duty))


async def keep_open_threads_told() -> None:
    """Tell other processes which temporary threads are open here, for ever: they leave them."""
    told: list[str] = []
    while True:
        now = _server.gate.temporary_threads() if _server.gate else []
        if now or told:
            await processes().tell_open(now)
        told = now
        await asyncio.sleep(TOLD_EVERY)


async def _is_open_elsewhere(thread_id: str) -> bool:
    """Also where that is not known: what is left now is deleted later, and nothing comes back."""
    found = await processes().are_open_elsewhere()
    return found is None or thread_id in found


def sweep_temporary_threads_of(person: Person) -> None:
    """The same with the rights of one person, where that is not done with the app's own."""
    if rights := rights_at_server(person):
        _server.sweeps.begin(rights, partial(ready_for, person))


def availability() -> Availability:
    """Whether the server can be reached."""
    return _server.availability


def shown_address() -> str:
    """Where the server is, without user, query and fragment; empty until that is known."""
    return _server.address


def _backend() -> Backend:
    configured = settings()
    return Backend(
        connect=ready,
        default_assistant=lambda client: default_assistant(client, configured.assistant),
        hide=configured.hide_nodes,
        messages_key=configured.messages_key,
        is_app_queue=configured.queue == "app",
        title_assistant=configured.title_assistant,
        is_open_elsewhere=_is_open_elsewhere,
        tell_others=_tell_others,
        inspect=None if inspectors() == OFF else ThreadInspection,
    )


def _tell_others(thread_id: str) -> None:
    tasks.spawn(thread_notices.tell(thread_id), name=f"tell of {thread_id}")


def changed_elsewhere(thread_id: str) -> None:
    """Another process has changed the queue of a thread."""
    if _server.gate:
        _server.gate.changed_elsewhere(thread_id)


def is_starting() -> bool:
    """True while the embedded agent does not answer yet."""
    return _server.connecting is not None and not _server.connecting.done()


async def ready() -> LangGraphClient:
    """The client, as soon as its server can be asked.

    Raises:
        NotStartedError: there is no server, and there will be none.
    """
    connecting = _server.connecting
    if connecting is None:
        raise NotStartedError
    # `wait` and not `await`: one tab that gives up waiting must not end the start for all.
    await asyncio.wait({connecting})
    if failure := connecting.exception():
        raise NotStartedError(str(failure))
    return connecting.result()


async def ready_for(person: Person) -> LangGraphClient:
    """The client for the requests of one person: see `chat_app.auth.forwarding`.

    Raises:
        NotStartedError: there is no server, and there will be none.
    """
    return client_of(await ready(), person)


async def _connect(address: Coroutine[None, None, str], key: str) -> LangGraphClient:
    configured = settings()
    url = await address
    _server.address = without_secrets(url)
    client = get_client(
        url=url,
        api_key=key,
        headers=None if configured.embedded else configured.headers(),
        # No proxy of the environment has to see what goes to a process of the app's own.
        trust_env=not configured.embedded,
        token_mode=configured.stream_mode,
    )
    if configured.feedback in {"auto", "langsmith"}:
        langsmith.want(client, is_certain=configured.feedback == "langsmith")
    if not configured.embedded:
        tasks.spawn(own_queue.look_at_info(client), name="info")
    return client


def _is_up(connecting: asyncio.Task[LangGraphClient]) -> bool:
    return connecting.done() and not connecting.cancelled() and not connecting.exception()


_server = _Server()
