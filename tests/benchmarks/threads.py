"""Chats by the thousand on a real server: the list, a long chat with versions, the search.

``scripts/bench threads [--quick]``
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chat_app.client import get_client
from chat_app.client.recover import MESSAGE_KEY, REQUEST_KEY
from chat_app.runs.backend import Backend
from chat_app.runs.search.files import IndexFiles
from chat_app.runs.search.indexer import Indexer
from chat_app.runs.search.listing import Whose as Searcher
from chat_app.runs.search.query import terms_of
from chat_app.runs.sessions import Sessions
from chat_app.runs.thread_metadata import BRANCH, made_for
from chat_app.runs.threads.listed import Scope, Whose
from chat_app.runs.threads.pages import ThreadPages
from chat_app.transcript.branch_runs import EDITS, REGENERATES
from tests.benchmarks import report
from tests.benchmarks.report import Line
from tests.helpers.branching_chat import Chat
from tests.helpers.server import serve
from tests.helpers.waiting import until
from tests.helpers.work import backend_of
from tests.runs.test_many_threads import OWNER, counting, seed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from chat_app.client import LangGraphClient

LAST = Path(__file__).with_name("threads.json")
_GRAPH = "counted"
_TIMES = 5
_SAID = "The tide comes in twice a day, and the {word} of the harbour waits for it at the quay."
_WORDS = ("master", "pilot", "lighthouse", "ferry", "crane", "zygomorphic", "Überfahrt", "灯台")
_QUERIES = ("tide", "zygomorphic", "har", "überfahrt", "灯台", '"at the quay"', "nothing", "e")
_ALL_THAT_TIME = 1800.0


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    turns: int = 500
    versions: int = 100
    """Messages that are edited, and as many answers that are regenerated."""
    threads: int = 1000
    messages: int = 20
    """Of each of these."""


QUICK = Size(turns=20, versions=4, threads=50)


@dataclass
class Spent:
    """What something took: seconds, and requests with their bytes."""

    seconds: float = 0
    sizes: list[int] = field(default_factory=list)

    def lines(self, case: str, what: str, *, ms: float | None = None) -> list[Line]:
        return [
            Line(case, what, "ms", 1000 * self.seconds, wanted=ms),
            Line(case, f"{what}: requests", "", len(self.sizes)),
            Line(case, f"{what}: from the server", "KB", sum(self.sizes) / 1000),
        ]


def main() -> None:
    """Start servers, fill them, measure, stop them."""
    parser = argparse.ArgumentParser(prog="scripts/bench threads", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument("--json", type=Path, default=LAST, help="where the numbers go")
    chosen = parser.parse_args()
    size = QUICK if chosen.quick else Size()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        seed(path)
        with serve(path, remembers=True) as server:
            lines += asyncio.run(_listing(server.url))
    for case in (_versions, _search):
        with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as server:
            lines += asyncio.run(case(server.url, size, Path(folder)))
    sys.stdout.write(report.table(lines) + "\n")
    report.save(chosen.json, lines, browser="none", quick=chosen.quick)


@asynccontextmanager
async def _measured(spent: Spent, sizes: list[int]) -> AsyncGenerator[None]:
    sizes.clear()
    begun = time.perf_counter()
    yield
    spent.seconds, spent.sizes = time.perf_counter() - begun, list(sizes)


async def _again(do: Callable[[], Awaitable[Any]], sizes: list[int]) -> Spent:
    """The median of a few times."""
    all_spent = []
    for _ in range(_TIMES):
        spent = Spent()
        async with _measured(spent, sizes):
            await do()
        all_spent.append(spent)
    return Spent(median(one.seconds for one in all_spent), all_spent[-1].sizes)


async def _listing(url: str) -> list[Line]:
    """10,000 threads of a person: the first page of the list, and a page further down."""
    async with get_client(url=url) as client:
        pages, sizes = ThreadPages(Whose(OWNER, Scope.OWN)), counting(client)

        async def first() -> None:
            await pages.newest(client)
            await pages.pinned(client)

        spent = await _again(first, sizes)
    return spent.lines("10,000 threads", "first page", ms=300)


async def _versions(url: str, size: Size, _: Path) -> list[Line]:
    """A long thread whose messages have versions: open it, switch a version and back."""
    async with get_client(url=url) as client:
        begun = time.perf_counter()
        thread_id = await _with_versions(client, size)
        filling = time.perf_counter() - begun
        sizes = counting(client)
        assistants: Any = await client.assistants.search(limit=100)
        assistant = next(a["assistant_id"] for a in assistants if a["graph_id"] == _GRAPH)
        opened: list[Chat] = []

        async def open_it() -> None:
            chat = Chat(Sessions(backend_of(client)), assistant, thread_id)
            await chat.opened()
            await until(lambda: len(chat.versions) == 2 * size.versions)
            opened.append(chat)

        opening = await _again(open_it, sizes)
        chat = opened[-1]
        place = sorted(chat.versions)[-2]
        there, back = Spent(), Spent()
        async with _measured(there, sizes):
            await chat.show(place, 2)
        async with _measured(back, sizes):
            await chat.show(place, 1)
        for one in opened:
            await one.session.aclose()
    case = f"{2 * size.turns:,} messages, {2 * size.versions} forks"
    return [
        *opening.lines(case, "open"),
        *there.lines(case, "show another version"),
        *back.lines(case, "and back"),
        Line(case, "making it", "s", filling),
    ]


async def _with_versions(client: LangGraphClient, size: Size) -> str:
    """Make that thread as this app makes it; the branch with all messages is shown."""
    thread_id = (await client.threads.create(metadata=made_for(OWNER, "Long")))["thread_id"]
    asked = size.turns - size.versions
    said = [
        {"type": kind, "id": str(uuid4()), "content": _SAID.format(word=number)}
        for number in range(asked)
        for kind in ("human", "ai")
    ]
    await client.threads.update(thread_id, metadata={"graph_id": _GRAPH})
    await client.threads.update_state(thread_id, values={"messages": said}, as_node="__start__")
    await client.threads.update_state(thread_id, values=None, as_node="__end__")

    async def run(given: str, checkpoint_id: str | None = None, **about: str) -> None:
        message = {"type": "human", "id": given, "content": _SAID.format(word="ship")}
        await client.runs.wait(
            thread_id,
            _GRAPH,
            input={"messages": [message]} if given else None,
            checkpoint_id=checkpoint_id,
            metadata={REQUEST_KEY: str(uuid4()), **about},
        )

    questions = [str(uuid4()) for _ in range(size.versions)]
    for question in questions:
        await run(question, **{MESSAGE_KEY: question})
    leaf: Any = await client.threads.get_state(thread_id)
    for question in questions:
        inputs: Any = await client.threads.get_history(
            thread_id, limit=1, metadata={MESSAGE_KEY: question, "source": "input"}
        )
        before = inputs[0]
        taken: Any = await client.threads.get_history(
            thread_id, limit=3, metadata={"run_id": before["metadata"]["run_id"]}
        )
        edited = str(uuid4())
        before_id, taken_id = (one["checkpoint"]["checkpoint_id"] for one in (before, taken[1]))
        await run(edited, before_id, **{MESSAGE_KEY: edited, EDITS: question})
        await run("", taken_id, **{REGENERATES: question})
    newest: Any = await client.threads.get_state(thread_id)
    branch = {
        "checkpoint_id": leaf["checkpoint"]["checkpoint_id"],
        "head": newest["checkpoint"]["checkpoint_id"],
        "run_id": leaf["metadata"]["run_id"],
    }
    await client.threads.update(thread_id, metadata={BRANCH: branch})
    return thread_id


async def _search(url: str, size: Size, folder: Path) -> list[Line]:
    """Index threads with their messages, and find something."""
    async with get_client(url=url) as client:
        await _with_text(client, size)
        sizes = counting(client)

        async def connect() -> LangGraphClient:
            return client

        async def default(_: LangGraphClient) -> str:
            return _GRAPH

        files = IndexFiles(folder / "search")
        indexer = Indexer(Searcher(OWNER, OWNER), Backend(connect, default), files)
        indexer.hold()
        indexing, took = Spent(), {}

        async def is_done() -> bool:
            found = await indexer.search(terms_of("tide"), most=1)
            return not found.is_indexing and found.read >= size.threads

        async with _measured(indexing, sizes):
            await until(is_done, patience=_ALL_THAT_TIME)
        for query in _QUERIES:
            terms = terms_of(query)
            took[query] = (await _again(lambda t=terms: indexer.search(t, most=20), [])).seconds
        used = sum(path.stat().st_size for path in (folder / "search").rglob("*") if path.is_file())
        indexer.release()
        await indexer.aclose()
    case = f"search {size.threads * size.messages:,} messages"
    return [
        Line(case, "index all", "s", indexing.seconds),
        Line(case, "index all: requests", "", len(indexing.sizes)),
        Line(case, "index file", "MB", used / 1e6),
        Line(case, "query, median", "ms", 1000 * median(took.values())),
        Line(case, "query, slowest", "ms", 1000 * max(took.values()), wanted=500),
    ]


async def _with_text(client: LangGraphClient, size: Size) -> None:
    left = iter(range(size.threads))

    async def make() -> None:
        for number in left:
            metadata = {**made_for(OWNER, f"Chat {number}"), "graph_id": _GRAPH}
            made = await client.threads.create(metadata=metadata)
            said = [
                {
                    "type": "human" if place % 2 == 0 else "ai",
                    "id": str(uuid4()),
                    "content": _SAID.format(word=_WORDS[(number + place) % len(_WORDS)]),
                }
                for place in range(size.messages)
            ]
            await client.threads.update_state(made["thread_id"], values={"messages": said})

    await asyncio.gather(*(make() for _ in range(8)))


if __name__ == "__main__":
    main()
