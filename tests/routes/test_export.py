"""Files of a conversation over HTTP: only for those who may use the thread."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from chat_app import text
from chat_app.auth.anonymous import Anonymous
from chat_app.client import get_client
from chat_app.config import settings
from chat_app.export.read_file import read_file
from chat_app.routes import export, imports
from chat_app.runs import feedback, tasks
from chat_app.runs.feedback import Feedback
from chat_app.runs.thread_metadata import made_for
from chat_app.state import server
from chat_app.state.replay import player_of
from chat_app.state.tab_session import TabSession
from tests.helpers.logins import cookie_of
from tests.routes.conftest import LOGIN, TAB

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

MESSAGES = [
    {"type": "human", "id": "h", "content": "How is the weather?"},
    {
        "type": "ai",
        "id": "a",
        "content": "",
        "tool_calls": [{"name": "look", "args": {"at": "sky"}, "id": "c", "type": "tool_call"}],
    },
    {"type": "tool", "id": "t", "tool_call_id": "c", "content": "blue"},
    {"type": "ai", "id": "b", "content": "It is **fine**."},
]
OWN = {"sec-fetch-site": "same-origin", "x-chat-tab": TAB}


@pytest_asyncio.fixture
async def agent(monkeypatch: pytest.MonkeyPatch, langgraph_server: str) -> AsyncIterator[None]:
    """The app is connected to a server."""
    monkeypatch.setenv("LANGGRAPH_API_URL", langgraph_server)
    settings.cache_clear()

    async def address() -> str:
        return langgraph_server

    async with server.connected(address()):
        yield
    await tasks.shutdown()


async def thread_of(url: str, owner: str, title: str = "Weather / today") -> str:
    async with get_client(url=url) as client:
        thread = await client.threads.create(metadata=made_for(owner, title), graph_id="agent")
        thread_id = thread["thread_id"]
        await client.threads.update_state(thread_id, {"messages": MESSAGES})
        await client.threads.update_state(thread_id, None, as_node="__end__")
        return thread_id


@pytest.fixture
def url(langgraph_server: str) -> str:
    return langgraph_server


@pytest.mark.usefixtures("agent")
async def test_a_json_file_has_the_persons_ratings_and_no_one_elses(
    web: httpx.AsyncClient, url: str
) -> None:
    thread_id = await thread_of(url, LOGIN.person.id)
    async with get_client(url=url) as client:
        for person, score in ((LOGIN.person.id, 1), ("another", 0)):
            await feedback.write(client, Feedback(person, thread_id, "a", score, f"by {score}"))
    file = (await web.get(f"/export/{thread_id}.json")).text
    [rated] = json.loads(file)["feedback"]
    assert (rated["message_id"], rated["score"], rated["note"]) == ("a", 1, "by 1")
    assert LOGIN.person.id not in file
    assert len(read_file(file).feedback) == 1


@pytest.mark.usefixtures("agent")
async def test_each_kind_of_file_is_a_download_that_is_not_cached(
    web: httpx.AsyncClient, url: str
) -> None:
    thread_id = await thread_of(url, LOGIN.person.id)
    for ending, kind in (
        ("md", "text/markdown"),
        ("json", "application/json"),
        ("html", "text/html"),
    ):
        response = await web.get(f"/export/{thread_id}.{ending}")
        assert response.status_code == 200
        headers = response.headers
        assert headers["content-type"] == f"{kind}; charset=utf-8"
        assert (
            headers["content-disposition"]
            == f"attachment; filename*=UTF-8''Weather%20today.{ending}"
        )
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "fine" in response.text
    assert json.loads((await web.get(f"/export/{thread_id}.json")).text)["title"] == (
        "Weather / today"
    )
    page = (await web.get(f"/export/{thread_id}.html")).text
    assert [m.id for m in read_file(page).record.transcript().messages] == ["h", "a", "b"]


@pytest.mark.usefixtures("agent")
async def test_the_page_can_be_viewed_in_the_app_alone(web: httpx.AsyncClient, url: str) -> None:
    thread_id = await thread_of(url, LOGIN.person.id)
    headers = (await web.get(f"/export/{thread_id}.html?view")).headers
    assert headers["content-disposition"].startswith("inline")
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "style-src 'sha256-" in headers["content-security-policy"]
    headers = (await web.get(f"/export/{thread_id}.json?view")).headers
    assert headers["content-disposition"].startswith("attachment")


@pytest.mark.usefixtures("agent")
async def test_a_foreign_thread_is_as_one_that_does_not_exist(
    web: httpx.AsyncClient, url: str
) -> None:
    foreign = await thread_of(url, Anonymous().made().person.id)
    missing = "6f1f9a43-3c1f-4c0e-9a39-0d4f2b1c6e55"
    answers = [await web.get(f"/export/{one}.json") for one in (foreign, missing)]
    assert [(one.status_code, one.text) for one in answers] == [(404, text.THREAD_GONE)] * 2
    known = set(answers[0].headers.items()) ^ set(answers[1].headers.items())
    assert known == set()


@pytest.mark.usefixtures("agent")
@pytest.mark.parametrize(
    "name",
    ["x.json", "..%2f..%2fthreads.json", "{id}.pdf", "{id}", "{id}.json.exe", ".json", "{id}.JSON"],
)
async def test_other_names_are_nothing(web: httpx.AsyncClient, url: str, name: str) -> None:
    thread_id = await thread_of(url, LOGIN.person.id)
    response = await web.get(f"/export/{name.replace('{id}', thread_id)}")
    assert response.status_code == 404


@pytest.mark.usefixtures("agent")
async def test_without_a_login_there_is_nothing(web: httpx.AsyncClient, url: str) -> None:
    thread_id = await thread_of(url, LOGIN.person.id)
    web.headers["cookie"] = "x=y"
    assert (await web.get(f"/export/{thread_id}.json")).status_code == 401
    web.headers["cookie"] = cookie_of(Anonymous().made())
    assert (await web.get(f"/export/{thread_id}.json")).status_code == 404


@pytest.mark.usefixtures("agent")
async def test_where_steps_are_never_shown_no_file_has_them(
    web: httpx.AsyncClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_STEPS", "never")
    settings.cache_clear()
    thread_id = await thread_of(url, LOGIN.person.id)
    for ending in ("md", "json", "html"):
        content = (await web.get(f"/export/{thread_id}.{ending}")).text
        assert "fine" in content
        assert "sky" not in content
        assert "blue" not in content


async def sent(web: httpx.AsyncClient, content: bytes, **headers: str) -> httpx.Response:
    return await web.post(imports.PATH, content=content, headers={**OWN, **headers})


FILE = json.dumps({"messages": MESSAGES}).encode()


async def test_a_file_is_kept_with_its_tab(web: httpx.AsyncClient, tab: TabSession) -> None:
    response = await sent(web, FILE)
    assert (response.status_code, response.json()) == (200, {})
    assert tab.file
    assert len(tab.file.record.transcript().messages) == 3
    assert (await sent(web, b"nothing")).json() == {"problem": text.IMPORT_INVALID}
    assert tab.file, "a bad file does not replace a good one"


async def test_the_files_of_all_tabs_together_are_bounded(
    web: httpx.AsyncClient, tab: TabSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_KEPT", 2 * len(FILE))
    others = [TabSession() for _ in range(5)]
    for other in others:
        imports._keep(other, read_file(FILE.decode()), len(FILE))
    await sent(web, FILE)
    assert tab.file
    assert [bool(other.file) for other in others] == [False] * 4 + [True]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"\x89PNG\r\n", b"[" * 100_000, b'{"messages": [[]]}']
)
async def test_what_is_no_chat_is_told_in_a_sentence(
    web: httpx.AsyncClient, tab: TabSession, content: bytes
) -> None:
    assert (await sent(web, content)).json()["problem"]
    assert tab.file is None


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    web: httpx.AsyncClient, tab: TabSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LONGEST", 1000)
    said = (await sent(web, b" " * 1001)).json()
    assert said == {"problem": text.IMPORT_TOO_LARGE}

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 400

    response = await web.post(imports.PATH, content=pieces(), headers=OWN)
    assert response.json() == {"problem": text.IMPORT_TOO_LARGE}
    assert tab.file is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"x-chat-tab": "another"}, 401),
        ({"x-chat-tab": ""}, 401),
    ],
)
async def test_no_other_page_puts_a_file_into_a_tab(
    web: httpx.AsyncClient, tab: TabSession, headers: dict[str, Any], status: int
) -> None:
    assert (await sent(web, FILE, **headers)).status_code == status
    assert tab.file is None


@pytest.mark.usefixtures("agent")
async def test_a_file_has_the_persons_own_ratings(web: httpx.AsyncClient, url: str) -> None:
    thread_id = await thread_of(url, LOGIN.person.id)
    async with get_client(url=url) as client:
        for person, rated in ((LOGIN.person.id, "b"), ("somebody else", "a")):
            await feedback.write(
                client,
                feedback.Feedback(person, thread_id, rated, 1, "Well said"),
            )
    written = json.loads((await web.get(f"/export/{thread_id}.json")).text)["feedback"]
    assert [(one["message_id"], one["note"]) for one in written] == [("b", "Well said")]
    assert LOGIN.person.id not in json.dumps(written)


@pytest.mark.usefixtures("agent")
async def test_a_file_that_arrives_slowly_keeps_no_other_person_from_importing(
    web: httpx.AsyncClient, tab: TabSession
) -> None:
    going_on, is_first = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        is_first.set()
        await going_on.wait()
        yield b"}"

    sending = asyncio.ensure_future(web.post("/_import", content=slow(), headers=OWN))
    await is_first.wait()
    async with asyncio.timeout(40):
        answer = await web.post("/_import", content=json.dumps({"messages": MESSAGES}), headers=OWN)
    assert answer.json() == {}
    assert tab.file
    going_on.set()
    assert "problem" in (await sending).json()


async def test_a_tab_whose_file_makes_room_for_others_does_not_go_on_replaying_it(
    web: httpx.AsyncClient, tab: TabSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_KEPT", len(FILE))
    other = TabSession()
    saved = read_file(FILE.decode())
    imports._keep(other, saved, len(FILE))
    other.play(await player_of(saved))
    await sent(web, FILE)
    assert tab.file
    assert (other.file, other.replay) == (None, None)


@pytest.mark.usefixtures("agent")
async def test_one_person_cannot_have_many_files_made_at_once(
    web: httpx.AsyncClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_reading", asyncio.Lock())
    thread_id = await thread_of(url, LOGIN.person.id)
    async with export._reading:
        asked = [
            asyncio.ensure_future(web.get(f"/export/{thread_id}.html"))
            for _ in range(export.MOST_WAITING + 5)
        ]
        refused = [(await one).status_code for one in asked[export.MOST_WAITING :]]
    assert refused == [429] * 5
    made = await asyncio.gather(*asked[: export.MOST_WAITING])
    assert [one.status_code for one in made] == [200] * export.MOST_WAITING
    assert (await web.get(f"/export/{thread_id}.html")).status_code == 200


@pytest.mark.usefixtures("agent")
async def test_an_export_does_not_wait_for_ever(
    web: httpx.AsyncClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread_id = await thread_of(url, LOGIN.person.id)
    monkeypatch.setattr(export, "_reading", asyncio.Lock())
    monkeypatch.setattr(export, "_WITHIN", 0.1)
    async with export._reading:
        assert (await web.get(f"/export/{thread_id}.html")).status_code == 503
