"""The inspector's addresses: whom they are good for, and what may be asked of them."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from starlette.requests import Request

from chat_app.auth.person import Person
from chat_app.auth.rights import rights_of
from chat_app.config import settings
from chat_app.routes.inspect import events as event_routes
from chat_app.routes.inspect.access import Asked
from chat_app.routes.inspect.table import INSPECT
from chat_app.runs import thread_metadata
from chat_app.runs.inspector import recording
from chat_app.state import server
from chat_app.state.addresses import PREFIX as MEDIA
from chat_app.state.addresses import seal
from chat_app.state.inspector.addresses import PREFIX, address_of
from chat_app.state.inspector.panel import InspectorState
from chat_app.state.run import RunState
from tests.helpers.waiting import until
from tests.security.people import people_at
from tests.security.test_foreign_threads import at_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab
    from tests.security.people import HeardPage

CANARY = "every 0.00141421356237"
"""Part of the owner's question, which the assistant `slow` understands."""
HOURS = 3600.0
_ADDRESS = re.compile(r"/_inspect/[\w.-]+")


def paths(address: str, **values: str) -> list[str]:
    """The path of every route of the inspector, with 1 for what is not among the `values`."""
    filled = []
    for route in INSPECT:
        rest = route.path.removeprefix(f"{PREFIX}{{sealed}}")
        names = re.findall(r"\{(\w+)(?::\w+)?\}", rest)
        for name in names:
            rest = re.sub(rf"\{{{name}(:\w+)?\}}", values.get(name, "1"), rest)
        filled.append(address + rest)
    assert len(filled) >= 5
    return filled


async def statuses(web: httpx.AsyncClient, address: str) -> set[int]:
    return {(await web.get(path)).status_code for path in paths(address)}


async def inspected(page: HeardPage, question: str) -> str:
    """Open a page's inspector and ask something; returns the address of the inspector's routes."""
    await page.load()
    await page.do(InspectorState.show, is_open=True, tab="streams")
    await page.submit(question)
    await until(lambda: page.thread_id and not page.running and len(page.rows) > 1)
    await until(lambda: page.var(InspectorState, "thread") == page.thread_id)
    return page.var(InspectorState, "address")


async def person_at(client: LangGraphClient, thread_id: str) -> Person:
    """The owner of a thread."""
    metadata = (await client.threads.get(thread_id))["metadata"]
    return Person(thread_metadata.owner_in(metadata))


@pytest.mark.parametrize("mode", ["none", "password"])
async def test_an_address_is_good_for_its_person_alone_and_for_as_long_as_its_login(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    langgraph_server: str,
    client: LangGraphClient,
    mode: str,
) -> None:
    settings_of_app = {"CHAT_INSPECTOR": "everyone"}
    async with people_at(
        mode, monkeypatch, tmp_path, langgraph_server, **settings_of_app
    ) as people:
        annas, bens = await people.come("anna"), await people.come("ben")
        anna, ben = annas.page(), bens.page()
        address, own = await inspected(anna, f"3 {CANARY}"), await inspected(ben, "2")
        rows = (await annas.web.get(f"{address}/events")).json()
        assert CANARY in json.dumps(rows)
        assert CANARY in (await annas.web.get(f"{address}/events.jsonl")).text
        before = await at_server(client, anna.thread_id)

        # Anna's address, and one of Ben's own for her thread, which no page would be given.
        forged = address_of(anna.thread_id, await person_at(client, ben.thread_id))
        missing = address_of(str(uuid4()), await person_at(client, ben.thread_id))
        for one in (address, forged, missing):
            assert await statuses(bens.web, one) == {404}
        for path, other in zip(paths(forged), paths(missing), strict=True):
            assert (await bens.web.get(path)).text == (await bens.web.get(other)).text
        # Her run in his thread.
        for path in paths(own):
            run = rows["run"]
            answer = await bens.web.get(f"{path}?run={run}")
            assert answer.status_code in {200, 400, 404}
            assert CANARY not in answer.text
        listed = f"{own}/events?run={rows['run']}"
        await until(lambda: is_over(bens.web, listed))
        assert (await bens.web.get(listed)).json()["rows"] == []

        assert await statuses(people.stranger(), address) == {401}
        assert 200 in await statuses(annas.web, address)
        assert await at_server(client, anna.thread_id) == before
        if mode == "password":
            await annas.web.post("/sign-out")
            assert await statuses(annas.web, address) <= {401, 404}
        for page in (anna, ben):
            await page.close()
        assert CANARY not in "".join(ben.heard)


async def is_over(web: httpx.AsyncClient, path: str) -> bool:
    return (await web.get(path)).json()["over"]


async def test_no_address_can_be_made_up_changed_or_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, langgraph_server: str, client: LangGraphClient
) -> None:
    async with people_at("none", monkeypatch, tmp_path, langgraph_server) as people:
        annas = await people.come("anna")
        page = annas.page()
        address = await inspected(page, "2")
        thread_id, anna = page.thread_id, await person_at(client, page.thread_id)
        said, _, signature = address.removeprefix(PREFIX).partition(".")
        other = address_of(str(uuid4()), anna).removeprefix(PREFIX).partition(".")[0]
        for sealed in (
            thread_id,
            "",
            ".",
            said,
            f"{said}.",
            f"{other}.{signature}",
            f"{said}.{signature[:-2]}",
            f"{said}.{signature}x",
            seal([thread_id], rights_of(anna), purpose=MEDIA),
            seal([thread_id], "", purpose=PREFIX),
            seal([thread_id], rights_of(Person(anna.id, is_admin=True)), purpose=PREFIX),
            seal([thread_id], rights_of(anna), purpose=PREFIX, now=time.time() - 14 * HOURS),
            "%00",
            "ä" * 50,
            "x" * 5000,
        ):
            assert await statuses(annas.web, PREFIX + sealed) <= {404}, sealed
        assert 200 in await statuses(annas.web, address)
        await page.close()


ODD_NUMBERS = ("-1", "1e3", "٣", "0x1", "1.5", " 1", "1_0", "9" * 10, "9" * 5000, "NaN")
A_RUN = "7b0d9c1e-5a44-4f0b-9d52-3f6f3c1c2a10"
ODD_RUNS = ("x", "..", "../runs", A_RUN[:-1], "x" * 5000, f"{A_RUN}/cancel")
ODD_WORDS = ("\x00", "x" * 200, "(" * 200, "{}", "\u202e", "x" * 201, "x" * 20_000)
ODD_PARTS = ("../../etc/passwd", "%2e%2e/x", "x" * 5000, "%00", "a|b:c", "-1", "1e3", "٣", "9" * 9)
WORDS = ("mode", "node", "search", "of", "again", "unknown")
QUERIES: list[tuple[str, str, str, set[int]]] = [
    *(("events", name, number, {400}) for name in ("after", "most") for number in ODD_NUMBERS),
    *(
        (path, "run", run, {400})
        for path in ("events", "spans", "events.jsonl", "events/1", "spans/1")
        for run in ODD_RUNS
    ),
    *(("events", name, value, {200, 400}) for name in WORDS for value in ODD_WORDS),
    *((f"{path}/{part}", "", "", {400, 404}) for path in ("events", "spans") for part in ODD_PARTS),
    ("events", "a" * 30_000, "b" * 30_000, {200, 400, 414, 431}),
]
"""A path below the address, a name and a value in the query, and what may be answered."""


async def test_what_is_asked_for_may_be_anything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, langgraph_server: str, client: LangGraphClient
) -> None:
    async with people_at("none", monkeypatch, tmp_path, langgraph_server) as people:
        annas = await people.come("anna")
        page = annas.page()
        address = await inspected(page, "2")
        before = await at_server(client, page.thread_id)
        for path, name, value, allowed in QUERIES:
            answer = await annas.web.get(f"{address}/{path}", params={name: value} if name else {})
            assert answer.status_code in allowed, (path, name, value[:50])
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for path in paths(address):
                answer = await annas.web.request(method, path, content=b"{}")
                assert answer.status_code in {403, 404, 405, 413}, (method, path)
        rows = (await annas.web.get(f"{address}/events?most=999999999")).json()["rows"]
        assert 0 < len(rows) <= event_routes.MOST_ROWS
        assert await at_server(client, page.thread_id) == before
        await page.close()


async def test_only_admins_inspect_where_the_settings_say_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, langgraph_server: str, client: LangGraphClient
) -> None:
    async with people_at("password", monkeypatch, tmp_path, langgraph_server) as people:
        admins, bens = await people.come("admin"), await people.come("ben")
        monkeypatch.setattr(settings(), "admins", [admins.name])
        admin, ben = admins.page(), bens.page()
        address = await inspected(admin, "2")
        assert 200 in await statuses(admins.web, address)
        assert await statuses(bens.web, address) == {404}

        await ben.load()
        await ben.do(InspectorState.show, is_open=True, tab="streams")
        await ben.submit("2")
        await until(lambda: ben.thread_id and not ben.running and len(ben.rows) > 1)
        forged = address_of(ben.thread_id, await person_at(client, ben.thread_id))
        assert await statuses(bens.web, forged) == {404}
        assert ben.var(InspectorState, "allowed") is False
        assert not _ADDRESS.search("".join(ben.heard))

        # What was an admin's address is none where the role is lost.
        monkeypatch.setattr(settings(), "admins", [])
        assert await statuses(admins.web, address) == {404}
        for page in (admin, ben):
            await page.close()


async def test_who_does_not_take_a_download_keeps_nobody_else_from_older_events(
    new_tab: Callable[[], Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "MOST_BYTES", 4_000)  # the rest is read from the server again
    monkeypatch.setattr(event_routes, "_LINES", 1)
    asked = []
    for name in ("anna", "ben"):
        tab = new_tab()
        tab.person = Person(f"password:{name}-{uuid4()}")
        await tab.load("/")
        await tab.do(InspectorState.show, is_open=True, tab="streams")
        await tab.do(RunState.send, message="30")
        session = server.gate().find(tab.person, tab.thread_id)
        query = b"again=yes&most=5"
        request = Request({"type": "http", "query_string": query, "headers": [], "path_params": {}})
        own = await server.gate().client(tab.person, tab.thread_id)
        assert session
        asked.append(Asked(request, tab.person, tab.thread_id, own, session))
    annas, bens = asked
    taken = (await event_routes.download(annas)).body_iterator  # type: ignore[attr-defined]
    await anext(taken)
    async with asyncio.timeout(40):
        listed = await event_routes.listed(bens)
    assert len(listed["rows"]) == 5
    await taken.aclose()


async def test_steps_that_never_reach_the_browser_are_not_inspected_unless_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, langgraph_server: str
) -> None:
    for inspector, allowed in (("", False), ("everyone", True)):
        given = {"CHAT_STEPS": "never", "CHAT_INSPECTOR": inspector}
        async with people_at("none", monkeypatch, tmp_path, langgraph_server, **given) as people:
            page = (await people.come("anna")).page()
            await page.load()
            await page.quiet()
            assert page.var(InspectorState, "allowed") is allowed
            await page.close()
