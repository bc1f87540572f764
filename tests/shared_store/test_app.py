"""The app on a host that shares a Redis with others: what they revoke, and outages."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.auth.identify import authenticator
from chat_app.auth.logins import Logins
from chat_app.shared_store.logins import SharedLogins
from chat_app.shared_store.redis import SharedStore
from tests.helpers.redis_server import running_redis, shared_redis
from tests.helpers.signing_in import sign_in
from tests.helpers.waiting import until
from tests.security.people import people_at

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.helpers.redis_server import RedisServer
    from tests.security.people import HeardPage

__all__ = ["running_redis", "shared_redis"]

NO_SERVER = "http://127.0.0.1:9"


def outages(page: HeardPage) -> list[bool]:
    """What a page was told of outages."""
    heard = map(json.loads, page.heard)
    return [is_down for name, is_down in heard if name == "outage"]


async def test_a_login_that_another_host_revokes_ends_here_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shared_redis: RedisServer
) -> None:
    url = shared_redis.url
    async with people_at("password", monkeypatch, tmp_path, NO_SERVER, REDIS_URL=url) as people:
        anna, ben = await people.come("anna"), await people.come("ben")
        tab, other = anna.page(), ben.page()
        for page in (tab, other):
            await page.load()
        elsewhere = Logins(SharedLogins(SharedStore(url)), secret=b"s" * 32, lasts=9e6, idle=9e6)
        await asyncio.to_thread(elsewhere.revoke_all, f"password:{anna.name}")
        await until(lambda: tab.is_closed)
        assert (await anna.web.get("/_login")).json()["sign_in"]
        assert not other.is_closed
        assert (await ben.web.get("/_login")).json()["name"] == ben.name


async def test_during_an_outage_open_pages_are_told_and_go_on_and_sign_ins_wait(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shared_redis: RedisServer
) -> None:
    url = shared_redis.url
    async with people_at("password", monkeypatch, tmp_path, NO_SERVER, REDIS_URL=url) as people:
        anna = await people.come("anna")
        tab = anna.page()
        await tab.load()
        assert outages(tab) == [False]
        shared_redis.stop()
        await until(lambda: outages(tab) == [False, True])
        assert not tab.is_closed
        later = anna.page()
        await later.load()
        assert outages(later) == [True]
        refused = await sign_in(people.stranger(), anna.name)
        assert (refused.status_code, refused.text) == (503, text.STORE_DOWN)
        assert refused.headers["retry-after"] == "2"
        authenticator().store._kept._read.clear()  # type: ignore[attr-defined]  # another host
        unknown = await anna.web.get("/_login")
        assert (unknown.status_code, unknown.text) == (503, text.STORE_DOWN)
        shared_redis.start()
        await until(lambda: outages(tab) == [False, True, False])
        assert (await anna.web.get("/_login")).json()["name"] == anna.name
        assert (await sign_in(people.stranger(), anna.name)).status_code == 303
        for page in (tab, later):
            await page.close()
