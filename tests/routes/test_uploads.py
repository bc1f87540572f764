"""Files come in by HTTP, for one tab, whichever process has it."""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

import pytest
from starlette.requests import Request

from chat_app import text
from chat_app.origin import SERVED_ORIGIN, Origin
from chat_app.routes.uploads import PATH, is_own_page
from chat_app.spool import SpoolFullError
from chat_app.state import tab_session
from chat_app.state.pending_attachments import PendingAttachments, are_uploading, read_content
from chat_app.transcript.media import words_of
from chat_app.transcript.message import Media
from tests.helpers.files import PAGE, PDF, png, wav
from tests.routes.conftest import TAB

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from chat_app.state.tab_session import TabSession

OWN_PAGE = {"sec-fetch-site": "same-origin", "x-chat-tab": TAB}


async def put(web: httpx.AsyncClient, name: str, data: Any, **headers: str) -> dict[str, str]:
    """Upload a file as the page does; returns the answer."""
    named = {"x-file-name": quote(name), **headers}
    response = await web.post(PATH, content=data, headers=OWN_PAGE | named)
    assert response.status_code == 200
    return response.json()


async def held(tab: TabSession) -> list[Media]:
    """What the tab would send, as another process reads it; it stays there."""
    shown = [each.id for each in tab.attachments.shown]
    found = [await read_content(tab.attachments.owner, name) for name in shown]
    return [media for media in found if media]


@pytest.mark.parametrize(
    ("name", "data", "kind", "mime_type"),
    [
        ("a.png", png(), "image", "image/png"),
        ("camera.jpg", png(), "image", "image/png"),
        ("a.pdf", PDF, "file", "application/pdf"),
        ("a.wav", wav(), "audio", "audio/wav"),
        ("pasted", png(), "image", "image/png"),
    ],
)
async def test_a_file_is_kept_for_the_tab_that_sent_it(
    web: httpx.AsyncClient, tab: TabSession, name: str, data: bytes, kind: str, mime_type: str
) -> None:
    answer = await put(web, name, data)
    assert [each.id for each in tab.attachments.shown] == [answer["id"]]
    (media,) = await held(tab)
    assert (media.kind, media.mime_type, media.name) == (kind, mime_type, name)
    assert b64decode(media.data) == data


@pytest.mark.parametrize("name", ["notes.md", "page.html", "drawing.svg", "Makefile"])
async def test_whatever_is_text_is_attached_as_text(
    web: httpx.AsyncClient, tab: TabSession, name: str
) -> None:
    await put(web, name, PAGE)
    (media,) = await held(tab)
    assert (media.mime_type, words_of(media)) == ("text/plain", PAGE.decode())


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("page.png", PAGE, text.FILE_NAMED_WRONG.format(named="PNG")),
        ("page.PDF", PAGE, text.FILE_NAMED_WRONG.format(named="PDF")),
        ("song.mp3", png(), text.FILE_NAMED_WRONG.format(named="MPEG")),
        ("nothing.txt", b"", text.FILE_EMPTY),
        ("huge.txt", b"a" * 1_000_001, text.FILE_TOO_LARGE.format(size="1.0 MB", most="1.0 MB")),
    ],
)
async def test_what_cannot_be_attached_is_refused_in_a_sentence(
    web: httpx.AsyncClient, tab: TabSession, name: str, data: bytes, problem: str
) -> None:
    assert await put(web, name, data) == {"problem": problem}
    assert await held(tab) == []


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04\x00", b"\x00\x00\x00\x18ftypheic\x00", b"\x1aE\xdf\xa3\x00"]
)
async def test_kinds_that_the_settings_do_not_name_are_refused(
    web: httpx.AsyncClient, tab: TabSession, data: bytes
) -> None:
    kinds = "images, sounds, PDF, text"
    assert await put(web, "a", data) == {"problem": text.FILE_UNKNOWN.format(kinds=kinds)}
    assert await held(tab) == []


async def test_kinds_can_be_chosen(
    web: httpx.AsyncClient, tab: TabSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_FILE_TYPES", '["video/*", "image/png"]')
    assert "id" in await put(web, "a.webm", b"\x1aE\xdf\xa3\x00")
    assert "id" in await put(web, "a.png", png())
    assert "problem" in await put(web, "a.gif", b"GIF89a")


async def test_one_kind_of_text_is_known_by_the_end_of_the_name(
    web: httpx.AsyncClient, tab: TabSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_FILE_TYPES", '["text/csv", "application/json"]')
    assert "id" in await put(web, "a.CSV", b"a,b\n1,2\n")
    assert "id" in await put(web, "a.json", b"{}")
    kinds = "text/csv, application/json"
    for name, data in (("a.md", b"# a"), ("csv", b"a,b"), ("a.csv", png())):
        problem = text.FILE_UNKNOWN.format(kinds=kinds)
        assert await put(web, name, data) == {"problem": problem}


async def test_a_name_without_an_ending_says_nothing(
    web: httpx.AsyncClient, tab: TabSession
) -> None:
    assert "id" in await put(web, "about-pdf", b"words")


async def test_a_file_that_does_not_say_its_size_is_cut_off_at_the_limit(
    web: httpx.AsyncClient, tab: TabSession
) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 100_000
            yield bytes(100_000)

    async with asyncio.timeout(40):
        assert "problem" in await put(web, "endless", endless())
    assert read == 1_100_000


async def test_a_message_carries_no_more_than_so_many(
    web: httpx.AsyncClient, tab: TabSession
) -> None:
    answers = await asyncio.gather(*(put(web, f"{n}.png", png()) for n in range(5)))
    problems = [answer["problem"] for answer in answers if "problem" in answer]
    assert problems == [text.FILES_TOO_MANY.format(most=3)] * 2
    await tab.attachments.drop(tab.attachments.shown[0].id)
    assert "id" in await put(web, "4.png", png())


async def test_each_thread_has_room_for_a_message_and_the_tab_for_a_few(
    web: httpx.AsyncClient, tab: TabSession
) -> None:
    threads = ["", *(str(UUID(int=n)) for n in range(1, 6))]
    for thread in threads[:5]:
        for n in range(3):
            assert "id" in await put(web, f"{n}.png", png(), **{"x-chat-thread": thread})
    too_many = {"problem": text.FILES_TOO_MANY.format(most=3)}
    assert await put(web, "4.png", png(), **{"x-chat-thread": threads[1]}) == too_many
    assert await put(web, "4.png", png(), **{"x-chat-thread": "no thread: a new chat"}) == too_many
    elsewhere = {"problem": text.FILES_IN_OTHER_CHATS}
    assert await put(web, "4.png", png(), **{"x-chat-thread": threads[5]}) == elsewhere
    assert [each.thread_id for each in tab.attachments.shown] == [
        t for t in threads[:5] for _ in range(3)
    ]


async def test_what_is_under_way_arrives_in_the_thread_that_its_chat_became(
    web: httpx.AsyncClient, tab: TabSession
) -> None:
    first, made, other = (str(UUID(int=n)) for n in (1, 2, 3))

    async def slow() -> AsyncIterator[bytes]:
        yield png()[:10]
        await both.wait()
        assert are_uploading()  # a process that drains waits for it
        await tab.attachments.move(made)
        await tab.attachments.move(other)
        yield png()[10:]

    both = asyncio.Barrier(2)
    threads = ({}, {"x-chat-thread": first})
    await asyncio.gather(*(put(web, "a.png", slow(), **each) for each in threads))
    assert {each.thread_id for each in tab.attachments.shown} == {made, first}
    assert [tab.attachments.count(each) for each in (first, made, other, "")] == [1, 1, 0, 0]
    assert not are_uploading()


async def test_all_tabs_together_hold_no_more_than_so_much(
    web: httpx.AsyncClient, tab: TabSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat_app.spool._OF_ALL", len(png()))
    monkeypatch.setattr("chat_app.spool._LEAST", 0)
    assert "id" in await put(web, "a.png", png())
    assert await put(web, "b.png", png()) == {"problem": text.FILES_NOWHERE}


async def test_tabs_of_one_person_hold_no_more_than_so_much(
    tab: TabSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = Media("image", "image/png", "a.png", data=b64encode(png()).decode())
    other, stranger = PendingAttachments("b"), PendingAttachments("c")
    tab.attachments.quota_keys = other.quota_keys = (("address", "a"), ("person", "b"))
    stranger.quota_keys = (("address", "a"), ("person", "c"))
    size = (await tab.attachments.put(image, "")).size
    monkeypatch.setattr("chat_app.spool._PER", {"person": 2 * size, "address": 3 * size})
    monkeypatch.setattr("chat_app.spool._LEAST", 0)
    await other.put(image, "")
    with pytest.raises(SpoolFullError):
        await other.put(image, "")
    await stranger.put(image, "")
    with pytest.raises(SpoolFullError):
        await stranger.put(image, "")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x-chat-tab": TAB, "sec-fetch-site": "cross-site"}, 403),
        ({"x-chat-tab": TAB, "sec-fetch-site": "none"}, 403),
        ({"x-chat-tab": TAB, "origin": "http://evil.test"}, 403),
        ({"x-chat-tab": TAB}, 403),
        ({"x-chat-tab": TAB, "origin": "http://chat.test"}, 200),
        ({"x-chat-tab": "another", "sec-fetch-site": "same-origin"}, 401),
        ({"sec-fetch-site": "same-origin"}, 401),
    ],
)
async def test_only_the_page_of_a_tab_that_is_there_may_attach(
    web: httpx.AsyncClient, tab: TabSession, headers: dict[str, str], status: int
) -> None:
    response = await web.post(PATH, content=png(), headers=headers)
    assert response.status_code == status
    assert len(await held(tab)) == (status == 200)


async def test_a_process_that_has_not_the_tab_takes_its_files_for_the_one_that_has(
    web: httpx.AsyncClient, tab: TabSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as another:
        another.setattr(tab_session, "_tabs", {})
        answers = [await put(web, f"{n}.png", png()) for n in range(4)]
    assert answers[3] == {"problem": text.FILES_TOO_MANY.format(most=3)}
    assert tab.attachments.shown == []
    await tab.attachments.refresh()
    assert [each.id for each in tab.attachments.shown] == [each["id"] for each in answers[:3]]
    carried = await tab.attachments.take([answers[1]["id"]])
    assert carried == (Media("image", "image/png", "1.png", data=b64encode(png()).decode()),)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        (r"C:\pictures\a.png", "a.png"),
        ('<a "b">\r\n.png', "a b.png"),
        ("é🎈.png", "é🎈.png"),
        ("x" * 500 + ".png", "x" * 115 + "….png"),
        ("", ""),
    ],
)
async def test_of_a_name_only_the_name_is_kept(
    web: httpx.AsyncClient, tab: TabSession, given: str, kept: str
) -> None:
    await put(web, given, png())
    assert (await held(tab))[0].name == kept


async def test_other_addresses_are_the_pages_own(web: httpx.AsyncClient) -> None:
    assert (await web.get("/t/1")).text == "the page"
    assert (await web.get(PATH)).status_code == 405


def test_behind_a_proxy_without_https_a_page_is_known_by_its_origin() -> None:
    """A browser sends no `Sec-Fetch-Site` there, and `Host` is the proxy's word."""
    served = Origin("http", "chat.internal", 80)

    def request(origin: str) -> Request:
        lines = [(b"host", b"127.0.0.1:3000"), (b"origin", origin.encode())]
        scope = {"type": "http", "headers": lines, SERVED_ORIGIN: served}
        return Request(scope)

    assert is_own_page(request("http://chat.internal"))
    assert not is_own_page(request("http://127.0.0.1:3000"))
    assert not is_own_page(request("https://chat.internal"))
