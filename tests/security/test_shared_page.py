"""The page of a share link: for everyone who has it, and nothing else of the app."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from chat_app import text
from chat_app.auth import share_links
from chat_app.auth.gate import Gate
from chat_app.auth.share_links import Kind
from chat_app.middleware.rates import Rate
from chat_app.routes import shared
from chat_app.runs import thread_metadata
from tests.helpers.ports import free_port
from tests.helpers.shared import answer, human, path_to, thread_of
from tests.helpers.signing_in import PASSWORD
from tests.helpers.work import backend_of
from tests.security.people import MODES
from tests.security.sharing import ADA, NO_LINK, Elements, afresh, app_at, told, web

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from chat_app.client import LangGraphClient

__all__ = ["afresh", "web"]

UNKNOWN_STATUS = 404


@pytest.mark.parametrize("mode", MODES)
async def test_a_shared_chat_is_read_without_signing_in_in_every_mode(
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    langgraph_server: str,
    client: LangGraphClient,
) -> None:
    thread_id = await thread_of(client, ADA, human("What is 6 x 7?"), answer("It is **42**."))
    async with app_at(monkeypatch, tmp_path, langgraph_server, mode) as people:
        if mode == "password":
            people.accounts.add("ada@example.com", PASSWORD)
        path = await path_to(client, ADA, thread_id)
        shown = await people.stranger().get(path)
        assert shown.status_code == 200
        assert "set-cookie" not in shown.headers
        assert "What is 6 x 7?" in shown.text
        assert "<strong>42</strong>" in shown.text
        assert (await people.stranger().get(NO_LINK)).status_code == UNKNOWN_STATUS
        # The rest of the app stays closed.
        rest = await people.stranger().get(f"/t/{thread_id}")
        assert mode == "none" or rest.status_code in {303, 401}


async def test_the_links_of_an_account_end_while_it_is_locked_and_when_it_is_removed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, langgraph_server: str, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
    async with app_at(monkeypatch, tmp_path, langgraph_server, "password") as people:
        path, web, accounts = (
            await path_to(client, ADA, thread_id),
            people.stranger(),
            people.accounts,
        )
        seen = [(await web.get(path)).status_code]
        accounts.add("ada@example.com", PASSWORD)
        seen.append((await web.get(path)).status_code)
        accounts.lock("ada@example.com")
        seen.append((await web.get(path)).status_code)
        accounts.lock("ada@example.com", is_locked=False)
        seen.append((await web.get(path)).status_code)
        accounts.remove("ada@example.com")
        assert told(await web.get(path)) == told(await web.get(NO_LINK))
    assert seen == [404, 200, 404, 200]


async def test_the_page_shows_nothing_else_of_the_app(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
    page = (await web.get(await path_to(client, ADA, thread_id))).text
    for hidden in (thread_id, ADA.id, ADA.name, "example.com", "chat_owner", "/t/", "Agent chat"):
        assert hidden not in page, hidden
    assert text.SHARED_CHAT in page
    elements = Elements(page).found
    assert not {"script", "iframe", "object", "embed", "form", "base", "link"} & {
        name for name, _ in elements
    }
    handlers = [key for _, given in elements for key in given if key.startswith("on")]
    assert handlers == []


async def test_the_headers_of_the_page_are_strict(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
    path = await path_to(client, ADA, thread_id)
    for where in (path, NO_LINK):
        for ask in (web.get, web.head):
            headers = (await ask(where)).headers
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"
            assert "noindex" in headers["x-robots-tag"]
            assert headers["x-content-type-options"] == "nosniff"
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "form-action 'none'" in policy
            assert "script-src" not in policy
            assert "unsafe" not in policy
            assert "http:" not in policy
            assert "set-cookie" not in headers
    page = (await web.get(path)).text
    assert '<meta name="robots" content="noindex' in page
    assert '<meta name="referrer" content="no-referrer"' in page


async def test_a_cookie_and_a_login_change_nothing(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
    path = await path_to(client, ADA, thread_id, Kind.SNAPSHOT)
    plain = await web.get(path)
    await web.get("/_login")
    assert web.cookies
    again = await web.get(path)
    assert again.text == plain.text
    assert "set-cookie" not in again.headers


async def test_what_leads_nowhere_is_answered_alike(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    gate = Gate(backend_of(client))
    unknown = told(await web.get(NO_LINK))
    assert unknown[0] == UNKNOWN_STATUS

    async def made() -> tuple[str, str]:
        thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
        return thread_id, await path_to(client, ADA, thread_id)

    thread_id, revoked = await made()
    await share_links.revoke(gate, ADA, thread_id)
    deleted_thread, deleted = await made()
    await client.threads.delete(deleted_thread)
    moved_thread, moved = await made()
    await client.threads.update(moved_thread, metadata={thread_metadata.OWNER: "password:bob"})
    temporary_thread, temporary = await made()
    await client.threads.update(temporary_thread, metadata={thread_metadata.TEMPORARY: True})
    copied_thread, copied = await made()
    metadata = (await client.threads.get(copied_thread))["metadata"]
    await client.threads.create(metadata=metadata)
    await client.threads.delete(copied_thread)
    _, valid = await made()
    for path in (
        *(revoked, deleted, moved, temporary, copied),
        *("/s/", "/s/x", f"/s/{thread_id}", valid[:-1], f"{valid}x", f"{valid}/", f"{valid}/x"),
        *(valid.lower(), f"{valid}%00", f"{valid}%0a", "/s/" + "%C3%A9" * 43, "/s/..%2F..%2Fping"),
        f"/s/{share_links.hash_of(valid.removeprefix('/s/'))}",
    ):
        assert told(await web.get(path)) == unknown, path
    assert (await web.get(valid)).status_code == 200


async def test_an_unknown_link_takes_as_long_as_a_revoked_one(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA, human("A question"))
    revoked = await path_to(client, ADA, thread_id)
    await share_links.revoke(Gate(backend_of(client)), ADA, thread_id)
    took: dict[str, list[float]] = {revoked: [], NO_LINK: []}
    for _ in range(15):
        for path, times in took.items():
            begun = time.perf_counter()
            await web.get(path)
            times.append(time.perf_counter() - begun)
    one, two = (sorted(times)[len(times) // 2] for times in took.values())
    assert max(one, two) < 3 * min(one, two) + 0.01


async def test_an_address_that_asks_too_often_has_to_wait(
    web: httpx.AsyncClient, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_RATE", Rate(0.5, 5))
    shared.forget()
    thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
    path = await path_to(client, ADA, thread_id)
    answers = [await web.get(one) for one in (path, NO_LINK, "/s/x", path, NO_LINK, path, NO_LINK)]
    assert [one.status_code for one in answers] == [200, 404, 404, 200, 404, 429, 429]
    limited = answers[-1]
    assert int(limited.headers["retry-after"]) >= 1
    assert text.SHARED_TOO_OFTEN in limited.text
    assert limited.text == answers[-2].text


async def test_only_reading_is_possible(web: httpx.AsyncClient, client: LangGraphClient) -> None:
    thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
    path = await path_to(client, ADA, thread_id)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        response = await web.request(method, path)
        assert response.status_code == 405, method
        assert "set-cookie" not in response.headers


async def test_a_link_followed_from_another_site_works_and_embedding_does_not(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
    path = await path_to(client, ADA, thread_id)
    del web.headers["origin"]
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    page = await web.get(path, headers={**followed, "sec-fetch-dest": "document"})
    assert page.status_code == 200
    framed = await web.get(path, headers={**followed, "sec-fetch-dest": "iframe"})
    assert framed.status_code == 403 or "frame-ancestors 'none'" in str(framed.headers)
    fetched = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
    assert (await web.get(path, headers=fetched)).status_code == 403


async def test_sharing_that_is_switched_off_ends_all_links(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, langgraph_server: str, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
    async with app_at(monkeypatch, tmp_path, langgraph_server) as people:
        path = await path_to(client, ADA, thread_id)
        assert (await people.stranger().get(path)).status_code == 200
    off = app_at(monkeypatch, tmp_path, langgraph_server, CHAT_SHARE_LINKS="false")
    async with off as people:
        assert told(await people.stranger().get(path)) == told(await people.stranger().get(NO_LINK))


async def test_a_server_that_does_not_answer_is_said_alike_for_any_link(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with app_at(monkeypatch, tmp_path, f"http://127.0.0.1:{free_port()}") as people:
        answers = [await people.stranger().get(path) for path in (NO_LINK, "/s/" + "b" * 43)]
    assert [one.status_code for one in answers] == [503, 503]
    assert text.SHARED_UNAVAILABLE in answers[0].text
    assert answers[0].text == answers[1].text


async def test_many_readers_of_one_link_make_its_page_once(
    web: httpx.AsyncClient, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
    path = await path_to(client, ADA, thread_id, Kind.SNAPSHOT)
    made = []
    read = shared.read_snapshot

    async def counted(*args: object, **named: object) -> object:
        made.append(args)
        return await read(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(shared, "read_snapshot", counted)
    answers = await asyncio.gather(*(web.get(path) for _ in range(20)))
    assert {one.status_code for one in answers} == {200}
    assert len(made) == 1
    await share_links.revoke(Gate(backend_of(client)), ADA, thread_id)
    assert (await web.get(path)).status_code == UNKNOWN_STATUS  # whatever is kept
