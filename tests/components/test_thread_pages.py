"""Whatever happens between two requests, the page lists each thread once, in order."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections import deque
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.runs.threads import pages as thread_pages
from chat_app.runs.threads.listed import Listed, Scope, Whose, instant
from chat_app.runs.threads.pages import Cursor, ThreadPages
from chat_app.state.threads import OlderThreads, _link, _newest
from tests.helpers.examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from chat_app.client import LangGraphClient

PAGES = Path(__file__).resolve().parents[2] / "chat_app/components/navigation/thread_pages.js"
RUN = """
    import { createInterface } from "node:readline";
    const { EMPTY, rowsOf, withChanges, withNewest, withOlder } = await import(process.argv[1]);
    const acts = { newest: withNewest, older: withOlder, changes: withChanges };
    let known = EMPTY;
    for await (const line of createInterface({ input: process.stdin })) {
        const [name, ...given] = JSON.parse(line);
        known = name === "begin" ? EMPTY : acts[name](known, ...given);
        const { cursor, shownTo } = known.main;
        const rows = rowsOf(known).map(({ id, at, is_pinned }) => ({ id, at, is_pinned }));
        process.stdout.write(JSON.stringify({ rows, cursor, shownTo }) + "\\n");
    }
"""
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
OWNER = "ada"


@dataclass
class Thread:
    id: str
    state: int
    updated: int
    metadata: dict[str, Any] = field(default_factory=lambda: {"chat_owner": OWNER})

    def row(self) -> dict[str, Any]:
        times = {"updated_at": moment(self.updated), "state_updated_at": moment(self.state)}
        return {"thread_id": self.id, "metadata": dict(self.metadata), "status": "idle", **times}


def moment(seconds: int) -> str:
    return (BEGIN + timedelta(seconds=seconds)).isoformat()


class Server:
    """Threads as a server lists them, in which something may happen before each request."""

    def __init__(self) -> None:
        self.threads: list[Thread] = []
        self.before: deque[Callable[[], None]] = deque()
        self.clock = self.made = 0
        self.gone: list[str] = []

    async def search(
        self, *, metadata: Any = None, limit: int, offset: int = 0, **_: Any
    ) -> list[dict[str, Any]]:
        if self.before:
            self.before.popleft()()
        wanted = (metadata or {}).items()
        found = [one for one in self.threads if wanted <= one.metadata.items()]
        found.sort(key=lambda one: -one.updated)
        return [one.row() for one in found[offset : offset + limit]]

    def now(self) -> int:
        self.clock += 1
        return self.clock

    def make(self) -> None:
        self.made += 1
        now = self.now()
        self.threads.append(Thread(f"t{self.made}", now, now))

    def happens(self, at: int) -> None:
        if self.threads:
            one = self.threads[at % len(self.threads)]
            one.state = one.updated = self.now()

    def changes(self, at: int, **metadata: bool) -> None:
        if self.threads:
            one = self.threads[at % len(self.threads)]
            one.metadata |= metadata
            one.updated = self.now()

    def delete(self, at: int) -> None:
        if self.threads:
            self.gone.append(self.threads.pop(at % len(self.threads)).id)

    def listed(self) -> list[tuple[str, int]]:
        """Id and time of what the page has to show: the pinned ones, then the others."""
        shown = [one for one in self.threads if not one.metadata.get("chat_archived")]
        shown.sort(key=lambda one: (not one.metadata.get("chat_pinned"), -one.state))
        return [(one.id, instant(moment(one.state))) for one in shown]


class Page:
    """What a browser knows of the list: the script of the page itself."""

    def __init__(self, node: subprocess.Popen[str]) -> None:
        self._node = node
        self.rows: list[dict[str, Any]] = []
        self.cursor = ""
        self.shown_to = 0
        self.tell("begin")

    def tell(self, *event: Any) -> None:
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps(event) + "\n")
        self._node.stdin.flush()
        said = json.loads(self._node.stdout.readline())
        self.rows, self.cursor, self.shown_to = said["rows"], said["cursor"], said["shownTo"]

    @property
    def listed(self) -> list[tuple[str, int]]:
        return [(row["id"], row["at"]) for row in self.rows]


class Reader:
    """An app that polls the newest threads for a page, and reads older ones when it asks."""

    def __init__(self, server: Server, page: Page, scope: Scope = Scope.OWN) -> None:
        client = type("Client", (), {"threads": server})()
        self._client = cast("LangGraphClient", client)
        self._server = server
        self._page = page
        self._pages = ThreadPages(Whose(OWNER, scope))
        self._known_to = 0

    async def poll(self) -> None:
        newest = await self._pages.newest(self._client, known_to=self._known_to)
        self._known_to = max((row.touched for row in newest.rows), default=self._known_to)
        pinned = await self._pages.pinned(self._client)
        shown = {row.id: row for row in (*pinned, *newest.rows) if not row.is_archived}
        self._page.tell(
            "newest", [asdict(_link(row)) for row in shown.values()], asdict(_newest(newest))
        )
        gone = [{"id": one, "row": None, "patch": {}, "is_gone": True} for one in self._server.gone]
        self._page.tell("changes", gone)

    async def older(self) -> None:
        if not (after := self._page.cursor):
            return
        cursor = Cursor.parsed(after)
        assert cursor
        page = await self._pages.older(self._client, cursor)
        rows, ends = [_link(row) for row in page.rows], str(page.cursor) if page.cursor else ""
        answer = OlderThreads(1, after, False, rows, page.shown_to, ends)
        self._page.tell("older", asdict(answer))


@contextmanager
def script() -> Generator[subprocess.Popen[str]]:
    node = which("node")
    assert node, "Reflex needs Node, too"
    command = [node, "--input-type=module", "-e", RUN, str(PAGES)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as running:
        yield running
        assert running.stdin
        running.stdin.close()


@pytest.fixture(scope="module")
def node() -> Generator[subprocess.Popen[str]]:
    with script() as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def short_pages() -> Generator[None]:
    """Pages of a few threads, so that few threads are many pages."""
    with pytest.MonkeyPatch.context() as patch:
        for name, size in {"NEWEST": 5, "_PAGE": 6, "_ENOUGH": 3, "_LOOKED_AT": 8}.items():
            patch.setattr(thread_pages, name, size)
        yield


AT = st.integers(0, 60)
CHANGES = ("make", "happens", "renamed", "pinned", "archived", "deleted")
CHANGE = st.tuples(st.sampled_from(CHANGES), AT, st.booleans())
STEP = st.tuples(st.sampled_from((*CHANGES, *["deleted", "poll", "older"] * 3)), AT, st.booleans())


def change_all(server: Server, changes: list[Any]) -> None:
    for one in changes:
        change(server, *one)


def change(server: Server, name: str, at: int = 0, is_on: bool = True) -> None:
    match name:
        case "make":
            server.make()
        case "happens":
            server.happens(at)
        case "renamed":
            server.changes(at)
        case "pinned":
            server.changes(at, chat_pinned=is_on)
        case "archived":
            server.changes(at, chat_archived=is_on)
        case "deleted":
            server.delete(at)


@examples(150)
@given(
    st.integers(0, 60),
    st.lists(STEP, max_size=40).map(lambda steps: [("poll", 0, True), *steps]),
    st.lists(st.lists(CHANGE, max_size=9), max_size=12),
)
def test_each_thread_is_listed_once_in_order_whatever_happens_between_two_requests(
    node: subprocess.Popen[str], before: int, steps: list[Any], meanwhile: list[list[Any]]
) -> None:
    server = Server()
    for _ in range(before):
        server.make()
    page = Page(node)
    reader = Reader(server, page)
    for some in meanwhile:
        server.before.append(partial(change_all, server, some))

    async def go() -> None:
        for name, *rest in steps:
            if name == "poll":
                await reader.poll()
            elif name == "older":
                await reader.older()
            else:
                change(server, name, *rest)
            ids = [row["id"] for row in page.rows]
            assert len(ids) == len(set(ids))
            loose = [row["at"] for row in page.rows if not row["is_pinned"]]
            assert loose == sorted(loose, reverse=True)
        server.before.clear()
        await reader.poll()
        pinned = [row["id"] for row in page.rows if row["is_pinned"]]
        truth = server.listed()
        assert page.listed == [
            (one, at) for one, at in truth if at >= page.shown_to or one in pinned
        ]
        for _ in range(100):
            if not page.cursor:
                break
            await reader.older()
        await reader.poll()
        assert page.listed == truth

    asyncio.run(go())


def test_a_page_that_was_not_asked_for_is_ignored(node: subprocess.Popen[str]) -> None:
    page = Page(node)
    page.tell("newest", [], asdict(_newest(thread_pages.Newest((), 5, 5, Cursor(5, 5, "a")))))
    odd = Listed("b", "", "idle", at=4, touched=4)
    for after in ("", "9.9.z", "5.5.b"):
        page.tell("older", asdict(OlderThreads(1, after, False, [_link(odd)], 0, "")))
        assert page.rows == []
        assert page.cursor == "5.5.a"


@pytest.mark.parametrize("scope", [Scope.WITH_UNOWNED, Scope.ALL])
async def test_the_threads_of_others_are_paged_through(
    node: subprocess.Popen[str], scope: Scope
) -> None:
    server, page = Server(), Page(node)
    for number in range(40):
        server.make()
        owner = (OWNER, "ben", None)[number % 3]
        server.threads[-1].metadata = {"chat_owner": owner} if owner else {}
    reader = Reader(server, page, scope)
    await reader.poll()
    for _ in range(40):
        await reader.older()
    owners = {one.id: one.metadata.get("chat_owner") for one in server.threads}
    wanted = {OWNER, None} if scope is Scope.WITH_UNOWNED else {OWNER, None, "ben"}
    assert [one for one, _ in page.listed] == [
        one for one, _ in server.listed() if owners[one] in wanted
    ]


@pytest.mark.parametrize("ignores", ["sort", "filter", "both"])
async def test_a_server_that_does_not_order_or_filter_is_read_to_its_end(
    node: subprocess.Popen[str], ignores: str
) -> None:
    class Poor(Server):
        async def search(self, *, metadata: Any = None, **asked: Any) -> list[dict[str, Any]]:
            if ignores == "sort":
                rows = [one.row() for one in self.threads]
                wanted = (metadata or {}).items()
                rows = [row for row in rows if wanted <= row["metadata"].items()]
                return rows[asked.get("offset", 0) :][: asked["limit"]]
            if ignores == "filter":
                return await super().search(**asked)
            return [one.row() for one in self.threads][asked.get("offset", 0) :][: asked["limit"]]

    server, page = Poor(), Page(node)
    for number in range(30):
        server.make()
        server.happens(number * 7)
        if number % 4 == 0:
            server.threads[-1].metadata = {"chat_owner": "ben"}
        if number % 5 == 0:
            server.threads[-1].metadata |= {"chat_archived": True}
    reader = Reader(server, page)
    await reader.poll()
    for _ in range(40):
        await reader.older()
        await reader.poll()
    owners = {one.id: one.metadata.get("chat_owner") for one in server.threads}
    assert page.listed == [row for row in server.listed() if owners[row[0]] == OWNER]


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1.2",
        "a.b.c",
        "1.2.3.4",
        "-1.2.x",
        "1.-2.x",
        "\u0661.\u0662.x",
        "9" * 18 + ".1.x",
        5,
        None,
    ],
)
def test_what_is_no_cursor_is_none(text: object) -> None:
    assert Cursor.parsed(text) is None


def test_a_cursor_is_read_as_it_was_written() -> None:
    for cursor in (Cursor(5, 7, "a"), Cursor(0, 7)):
        assert Cursor.parsed(str(cursor)) == cursor
    assert Cursor.parsed("") == Cursor()
