"""A login that has ended, in whatever way, gets nothing and changes nothing from then on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from reflex.state import State
from reflex_base.utils.format import format_event_handler
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chat_app.auth.identify import authenticator
from chat_app.auth.logins import FILE, Logins
from chat_app.auth.secret import signing_secret
from chat_app.spool import spool
from chat_app.state import media_cache, pending_attachments
from chat_app.state.queue import QueueState
from scripts import accounts
from tests.benchmarks.wire import Wire
from tests.helpers.files import png
from tests.helpers.network import STATE
from tests.helpers.waiting import until
from tests.security.attempts import attempts, said_by_routes
from tests.security.people import people_at
from tests.security.raw import hydrate
from tests.security.test_foreign_threads import at_server
from tests.security.test_two_people import media_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from chat_app.client import LangGraphClient
    from tests.helpers.clock import Clock
    from tests.helpers.network import Network
    from tests.security.people import Browser, HeardPage, People

CANARY = "every 0.0069314718055"
HOUR = 3600.0
LASTS, IDLE = 12 * HOUR, 2 * HOUR
WAYS = ("idle", "lasted its time", "signed out", "signed out elsewhere", "locked", "removed")


@pytest_asyncio.fixture
async def people(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server_url: str, clock: Clock
) -> AsyncIterator[People]:
    """Mode ``password``, whose logins get older as the test says."""
    async with people_at("password", monkeypatch, tmp_path, server_url) as people:
        store = Logins(tmp_path / FILE, secret=signing_secret(), lasts=LASTS, idle=IDLE, now=clock)
        monkeypatch.setattr(authenticator(), "store", store)
        yield people
    store.close()


async def end(way: str, people: People, browser: Browser, clock: Clock) -> None:
    """Nothing that takes time comes after the end, so that what is sent next comes right then."""
    if way == "idle":
        clock.now += IDLE
    elif way == "lasted its time":
        for _ in range(int(LASTS / HOUR)):
            assert (await browser.web.get("/_login")).status_code == 200
            clock.now += HOUR / 2
            await browser.web.post("/_login")  # the person is there
            await until(lambda: "note the use" not in str(asyncio.all_tasks()))
            clock.now += HOUR / 2
    elif way == "signed out":
        cookies = dict(browser.web.cookies)
        assert (await browser.web.post("/sign-out")).status_code == 303
        browser.web.cookies.update(cookies)
    elif way == "signed out elsewhere":
        other = await people.come("anna")
        assert (await other.web.post("/sign-out", data={"everywhere": "1"})).status_code == 303
    else:  # as another process does
        accounts.main(["lock" if way == "locked" else "remove", browser.name])


@pytest.mark.parametrize("way", WAYS)
async def test_a_login_that_has_ended_gets_and_changes_nothing(
    people: People, client: LangGraphClient, clock: Clock, way: str
) -> None:
    anna = await people.come("anna")
    page = anna.page()
    await page.load()
    await page.submit(f"3 {CANARY}")
    await until(lambda: page.thread_id and not page.running and len(page.rows) > 1)
    assert (await anna.attach(page, png(), page.thread_id)).json()["id"]
    thread_id = page.thread_id
    before = await at_server(client, thread_id)
    await until(lambda: CANARY in "".join(page.heard))
    await page.quiet()
    profile, media = anna.profile, media_in(page)

    await end(way, people, anna, clock)
    page.heard.clear()
    await everything_once(page, thread_id)
    await until(lambda: page.is_closed)
    assert page.heard == []
    with pytest.raises(InvalidStatus, match="401"):
        await Wire.open(people.url, profile.login, page.token, hydrate())
    said = await said_by_routes(
        anna.web, [thread_id, page.token, *media], with_odd=way in ("idle", "locked")
    )
    assert CANARY.encode() not in said
    assert b"PNG" not in said
    for address in media:
        assert (await anna.web.get(address)).status_code == 401
    assert (await anna.attach(page, png(), thread_id)).status_code == 401
    assert await at_server(client, thread_id) == before


async def everything_once(page: HeardPage, thread_id: str) -> None:
    """Send an event of each handler, the one that brings the whole page first."""
    named = [
        (name, given)
        for name, given in attempts(thread_id)
        if all(value == thread_id for value in given.values())
    ]
    whole = format_event_handler(State.event_handlers["hydrate"])
    try:
        for name, payload in ({whole: {}} | dict(named)).items():
            await page.send(name, payload)
    except ConnectionClosed:
        return


async def test_an_upload_that_outlasts_its_login_is_not_kept(people: People, clock: Clock) -> None:
    anna = await people.come("anna")
    page = anna.page()
    await page.load()
    held = await spool().used()

    async def body() -> AsyncIterator[bytes]:
        yield png()[:10]
        await until(lambda: bool(pending_attachments._uploads))
        clock.now += IDLE
        yield png()[10:]

    assert (await anna.attach(page, body())).status_code == 401
    assert await spool().used() == held
    await page.close()


async def test_media_that_are_read_for_longer_than_their_login_lasts_are_not_given(
    people: People, clock: Clock, network: Network
) -> None:
    anna = await people.come("anna")
    page = anna.page()
    await page.load()
    file = (await anna.attach(page, png())).json()["id"]
    await page.do(QueueState.submit, message="3", attached=[file])
    await until(lambda: page.thread_id and not page.running and len(page.rows) > 1)
    await page.close()
    await network.quiet()
    media_cache.clear()
    reading = network.hold(*STATE)
    asking = [asyncio.ensure_future(anna.web.get(address)) for address in media_in(page)]
    await reading.arrived.wait()
    clock.now += IDLE
    reading.release()
    assert 200 not in {answer.status_code for answer in await asyncio.gather(*asking)}
