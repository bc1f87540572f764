"""Media of messages over HTTP: only at valid addresses, and never as active content."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.auth.anonymous import Anonymous
from chat_app.auth.rights import rights_of
from chat_app.client import get_client
from chat_app.config import settings
from chat_app.runs import tasks
from chat_app.state import media_cache, server
from chat_app.state.addresses import PREFIX, MediaRef, address_of
from chat_app.transcript.media import block_of
from chat_app.transcript.message import Media
from tests.helpers.files import PAGE, PDF, png, wav
from tests.helpers.logins import cookie_of
from tests.routes.conftest import LOGIN, VIEWER

if TYPE_CHECKING:
    import httpx

WHERE = MediaRef("", "m1", 0)


def cached(data: bytes, mime_type: str = "image/png", name: str = "a.png") -> str:
    """The address of something that was shown."""
    media_cache.put(WHERE, Media("image", mime_type, name, data=b64encode(data).decode()), VIEWER)
    return address_of(WHERE, VIEWER)


@pytest.mark.parametrize(
    ("data", "served", "how"),
    [
        (png(), "image/png", "inline"),
        (wav(), "audio/wav", "inline"),
        (PDF, "application/pdf", "inline"),
        (b"words", "text/plain; charset=utf-8", "inline"),
        (PAGE, "text/plain; charset=utf-8", "inline"),
        (b"<svg onload='alert(1)'/>", "text/plain; charset=utf-8", "inline"),
        (b"\x00\x00\x00\x18ftypheic\x00", "application/octet-stream", "attachment"),
        (b"MZ\x90\x00", "application/octet-stream", "attachment"),
    ],
)
async def test_it_is_served_as_what_it_is_and_not_as_what_it_is_called(
    web: httpx.AsyncClient, data: bytes, served: str, how: str
) -> None:
    response = await web.get(cached(data))
    assert response.content == data
    assert response.headers["content-type"] == served
    assert response.headers["content-disposition"] == f"{how}; filename*=UTF-8''a.png"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert response.headers["cache-control"].startswith("private")
    policy = response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert policy.endswith("sandbox") == (data != PDF)


async def test_a_name_cannot_add_a_header(web: httpx.AsyncClient) -> None:
    response = await web.get(cached(png(), name='é"\r\nx-evil: 1') + "?download")
    named = "attachment; filename*=UTF-8''%C3%A9%22%0D%0Ax-evil%3A%201"
    assert response.headers["content-disposition"] == named
    assert "x-evil" not in response.headers


@pytest.mark.parametrize(
    ("wanted", "part", "said"),
    [
        ("bytes=0-3", b"%PDF", "bytes 0-3/"),
        ("bytes=5-", PDF[5:], "bytes 5-"),
        ("bytes=-5", b"%%EOF", f"bytes {len(PDF) - 5}-"),
        ("bytes=0-99999", PDF, "bytes 0-"),
    ],
)
async def test_a_player_gets_the_part_that_it_wants(
    web: httpx.AsyncClient, wanted: str, part: bytes, said: str
) -> None:
    response = await web.get(cached(PDF), headers={"range": wanted})
    assert (response.status_code, response.content) == (206, part)
    assert response.headers["content-range"].startswith(said)


async def test_a_part_beyond_the_end_is_refused(web: httpx.AsyncClient) -> None:
    response = await web.get(cached(PDF), headers={"range": "bytes=99999-"})
    assert (response.status_code, response.content) == (416, b"")
    assert response.headers["content-range"] == f"bytes */{len(PDF)}"


MANY = 4400
"""Digits; Python refuses to read as many."""


@pytest.mark.parametrize(
    "wanted",
    [
        f"bytes={'9' * MANY}-",
        f"bytes=-{'9' * MANY}",
        f"bytes=0-{'9' * MANY}",
        f"bytes={'9' * MANY}-{'9' * MANY}",
        f"bytes={'0' * MANY}-5",
        f"bytes={'9' * 19}-",
        "bytes=-0",
        "bytes=5-2",
        f"bytes={len(PDF)}-",
    ],
    ids=lambda wanted: wanted[:12],
)
async def test_a_range_that_no_file_has_is_refused(web: httpx.AsyncClient, wanted: str) -> None:
    response = await web.get(cached(PDF), headers={"range": wanted})
    assert (response.status_code, response.content) == (416, b"")
    assert response.headers["content-range"] == f"bytes */{len(PDF)}"


@pytest.mark.parametrize(
    "wanted",
    [
        "bytes=-",
        "bytes=0-1,3-4",
        f"bytes=0-1,{'9' * MANY}-",
        "bytes=\u0660-\u0663".encode(),
        "bytes=\xb9-".encode("latin-1"),
        "bytes=+1-2",
        "bytes=1_0-2_0",
        "bytes=0x1-0x2",
        "bytes=1-2-3",
        "bytes= 0 - 3",
        "bytes=--5",
        "bytes",
        "lines=0-3",
        "=" * MANY,
    ],
    ids=lambda wanted: str(wanted)[:12],
)
async def test_what_is_no_single_range_gets_the_whole_file(
    web: httpx.AsyncClient, wanted: str | bytes
) -> None:
    headers = {b"range": wanted if isinstance(wanted, bytes) else wanted.encode()}
    response = await web.get(cached(PDF), headers=headers)
    assert (response.status_code, response.content) == (200, PDF)


async def test_what_is_no_base64_is_nowhere(web: httpx.AsyncClient) -> None:
    media_cache.put(WHERE, Media("image", "image/png", data="!!!!"), VIEWER)
    assert (await web.get(address_of(WHERE, VIEWER))).status_code == 404


@pytest.mark.parametrize(
    "path",
    [f"{PREFIX}x", f"{PREFIX}a.b", address_of(WHERE, VIEWER), PREFIX],
    ids=["short", "unsigned", "gone", "empty"],
)
async def test_nothing_is_to_be_had_at_other_addresses(web: httpx.AsyncClient, path: str) -> None:
    assert (await web.get(path)).status_code == 404


async def test_what_was_not_painted_lately_is_read_from_its_thread(
    web: httpx.AsyncClient, langgraph_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = Media("image", "image/png", "a.png", data=b64encode(png()).decode())
    content = [{"type": "text", "text": "3"}, block_of(picture)]
    asked = {"type": "human", "id": "m1", "content": content}
    monkeypatch.setenv("LANGGRAPH_API_URL", langgraph_server)
    settings.cache_clear()
    async with get_client(url=langgraph_server) as client, server.connected(at(langgraph_server)):
        thread_id = (await client.threads.create(graph_id="slow"))["thread_id"]
        await client.threads.update_state(
            thread_id, values={"messages": [asked]}, as_node="__start__"
        )
        other = (await client.threads.create())["thread_id"]

        response = await web.get(address_of(MediaRef(thread_id, "m1", 1), VIEWER))
        assert (response.status_code, response.content) == (200, png())
        assert media_cache.get(MediaRef(thread_id, "m1", 1), VIEWER) == picture
        for place in (
            MediaRef(thread_id, "m1", 0),
            MediaRef(thread_id, "m2", 1),
            MediaRef(other, "m1", 1),
        ):
            assert (await web.get(address_of(place, VIEWER))).status_code == 404
        gone = MediaRef("00000000-0000-4000-8000-000000000000", "m1", 1)
        assert (await web.get(address_of(gone, VIEWER))).status_code == 404
    await tasks.shutdown()


async def test_what_only_another_version_has_is_read_from_that_version(
    web: httpx.AsyncClient, langgraph_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", langgraph_server)
    settings.cache_clear()
    pictures = png(), png(30)
    async with get_client(url=langgraph_server) as client, server.connected(at(langgraph_server)):
        thread_id = (await client.threads.create(graph_id="slow"))["thread_id"]
        begun: Any = await client.threads.update_state(
            thread_id, values={"messages": []}, as_node="__start__"
        )
        leaves = []
        # Programs differ in whether an edited message gets another id.
        for name, data in (("m1", pictures[0]), ("m1", pictures[1]), ("m2", pictures[1])):
            media = Media("image", "image/png", "a.png", data=b64encode(data).decode())
            made: Any = await client.threads.update_state(
                thread_id,
                values={"messages": [{"type": "human", "id": name, "content": [block_of(media)]}]},
                as_node="__start__",
                checkpoint_id=begun["checkpoint"]["checkpoint_id"],
            )
            leaves.append(made["checkpoint"]["checkpoint_id"])
        for _ in range(2):  # from the server, then from the cache
            for place, picture in (
                (MediaRef(thread_id, "m1", 0, leaves[0]), pictures[0]),
                (MediaRef(thread_id, "m1", 0, leaves[1]), pictures[1]),
                (MediaRef(thread_id, "m2", 0), pictures[1]),
            ):
                response = await web.get(address_of(place, VIEWER))
                assert (response.status_code, response.content) == (200, picture)
        for place in (MediaRef(thread_id, "m2", 0, leaves[0]), MediaRef(thread_id, "m1", 0)):
            assert (await web.get(address_of(place, VIEWER))).status_code == 404
    await tasks.shutdown()


async def test_what_the_memory_of_an_agent_has_no_more_is_read_from_an_older_state(
    web: httpx.AsyncClient, langgraph_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", langgraph_server)
    settings.cache_clear()
    media = Media("image", "image/png", "a.png", data=b64encode(png()).decode())
    async with get_client(url=langgraph_server) as client, server.connected(at(langgraph_server)):
        thread_id = (await client.threads.create(graph_id="slow"))["thread_id"]
        for messages in (
            [{"type": "human", "id": "m1", "content": [block_of(media)]}],
            [
                {"type": "human", "id": "m2", "content": "and?"},
                {"type": "remove", "id": "m1", "content": ""},
            ],
        ):
            await client.threads.update_state(
                thread_id, values={"messages": messages}, as_node="__start__"
            )
        response = await web.get(address_of(MediaRef(thread_id, "m1", 0), VIEWER))
        assert (response.status_code, response.content) == (200, png())
    await tasks.shutdown()


async def at(url: str) -> str:
    return url


@pytest.mark.parametrize("is_signed_in", [True, False])
async def test_an_address_is_good_for_the_person_whose_page_has_it_and_for_no_one_else(
    web: httpx.AsyncClient, *, is_signed_in: bool
) -> None:
    address = cached(png())
    assert (await web.get(address)).status_code == 200
    login = Anonymous().made()
    web.headers["cookie"] = cookie_of(login) if is_signed_in else ""
    answer = await web.get(address)
    assert answer.status_code == (404 if is_signed_in else 401)
    if is_signed_in:
        assert answer.text == (await web.get(f"{PREFIX}x")).text


async def test_an_address_ends_with_the_rights_that_it_was_made_with(
    web: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "admins", [LOGIN.person.id])
    viewer = rights_of(LOGIN.person)
    media_cache.put(WHERE, Media("image", "image/png", data=b64encode(png()).decode()), viewer)
    address = address_of(WHERE, viewer)
    assert (await web.get(address)).status_code == 200
    monkeypatch.setattr(settings(), "admins", [])
    assert (await web.get(address)).status_code == 404
