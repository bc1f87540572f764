"""Ratings at LangSmith: a real agent server signs an address for each run, and we send to it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx
import pytest
import pytest_asyncio

from chat_app.runs import feedback, langsmith
from chat_app.state import tab_session
from chat_app.state.feedback import FeedbackState
from tests.helpers.langsmith import LangSmith
from tests.helpers.langsmith import langsmith as listening
from tests.helpers.server import serve
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]

HOSTS = ["api.smith.langchain.com", "smith.example.com:8443"]
ADDRESS = "https://api.smith.langchain.com/feedback/tokens/a"


@pytest.fixture(scope="module")
def smith(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LangSmith, str]]:
    """LangSmith, and an agent server that has a key for it."""
    with ExitStack() as stack:
        smith = stack.enter_context(listening())
        folder = tmp_path_factory.mktemp("agent")
        serving = serve(  # it traces nothing, and tells no one else of itself
            folder,
            LANGSMITH_API_KEY="lsv2_pt_of_the_agent_server",
            LANGSMITH_CONTROL_PLANE_API_KEY="",
            LANGSMITH_ENDPOINT=smith.url,
        )
        server = stack.enter_context(serving)
        yield smith, server.url


@pytest_asyncio.fixture
async def tab(smith: tuple[LangSmith, str], start: Start) -> AsyncIterator[Tab]:
    it, url = smith
    it.given.clear()
    it.signs = True
    hosts = f'["{it.host}"]'
    new_tab = await start(url, CHAT_FEEDBACK="langsmith", CHAT_LANGSMITH_HOSTS=hosts)
    tab = new_tab()
    await tab.load("/")
    yield tab


async def kept(tab: Tab) -> None:
    """Wait until the address of the last run is kept."""
    mine = tab_session.find(tab.token)
    assert mine
    assert mine.session
    session = mine.session

    async def is_kept() -> bool:
        client = await session.client()
        ids = [one.id for one in session.snapshot.view.transcript.messages[-1:]]
        return bool((await langsmith.find(client, tab.thread_id, ids))[1])

    await until(is_kept)


def answers(tab: Tab) -> list[str]:
    return [row["id"] for row in tab.rows if row["kind"] == "end"]


@pytest.mark.slow
async def test_a_rating_its_note_and_its_removal_reach_the_run_at_langsmith(
    tab: Tab, smith: tuple[LangSmith, str]
) -> None:
    it, _ = smith
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    await kept(tab)
    await tab.send("2")
    await kept(tab)
    first, second = answers(tab)
    await tab.do(FeedbackState.rate, message_id=first, score="good")
    await tab.do(FeedbackState.note, message_id=first, note="Clear")
    await tab.do(FeedbackState.rate, message_id=second, score="bad")
    await tab.do(FeedbackState.rate, message_id=first, score="")
    said = [(one["score"], one["comment"], one["value"]) for _, one in it.given]
    assert said == [(1, None, None), (1, "Clear", None), (0, None, None), (None, None, "removed")]
    runs = [run for run, _ in it.given]
    assert runs[0] == runs[1] == runs[3] != runs[2]
    assert len({one["metadata"]["id"] for _, one in it.given}) == 2
    mine = tab_session.find(tab.token)
    assert mine
    assert mine.session
    client: LangGraphClient = await mine.session.client()
    stored = await feedback.read(client, tab.person.id, tab.thread_id)
    assert {one.run_id for one in stored.values()} == {runs[2]}
    assert {run["run_id"] for run in await client.runs.list(tab.thread_id)} == set(runs)


@pytest.mark.slow
async def test_the_address_and_the_keys_stay_here(tab: Tab, smith: tuple[LangSmith, str]) -> None:
    it, _ = smith
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    await kept(tab)
    [rated] = answers(tab)
    await tab.do(FeedbackState.rate, message_id=rated, score="good")
    sent = "".join(tab.sent)
    assert "/feedback/tokens" not in sent
    assert it.host not in sent
    headers = str(it.headers[-1]).lower()
    for secret in ("x-api-key", "a-key-no-browser-may-see", "cookie", "authorization"):
        assert secret not in headers
    assert tab.person.id not in str(it.given)
    assert tab.thread_id not in str(it.given)


@pytest.mark.slow
async def test_a_rating_is_kept_where_langsmith_does_not_take_it(
    tab: Tab, smith: tuple[LangSmith, str]
) -> None:
    it, _ = smith
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    await kept(tab)
    it.runs.clear()
    [rated] = answers(tab)
    await tab.do(FeedbackState.rate, message_id=rated, score="good")
    assert tab.var(FeedbackState, "given") == {rated: {"score": "good", "note": ""}}
    assert it.given == []


@pytest.mark.slow
async def test_a_server_whose_key_may_not_sign_is_not_asked_twice(
    tab: Tab, smith: tuple[LangSmith, str]
) -> None:
    it, _ = smith
    it.signs, it.asked = False, 0
    await tab.send("1")
    await tab.send("2")
    await tab.send("3")
    assert it.asked == 1
    assert tab.texts("text")[-1].split() == ["word0", "word1", "word2"]
    assert len(answers(tab)) >= 2
    await tab.do(FeedbackState.rate, message_id=answers(tab)[-1], score="good")
    assert it.given == []


@pytest.mark.parametrize(
    "address",
    [
        "http://api.smith.langchain.com/feedback",
        "https://evil.example/feedback/tokens/a",
        "https://api.smith.langchain.com.evil.example/a",
        "https://api.smith.langchain.com@evil.example/a",
        "https://evil.example/api.smith.langchain.com",
        "https://user:password@api.smith.langchain.com/a",
        "https://api.smith.langchain.com:444/a",
        "https://smith.example.com/a",
        "https://[::1/a",
        "https://127.0.0.1/a",
        "http://127.0.0.1/a",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "//api.smith.langchain.com/a",
        "javascript:alert(1)",
        "https://api.smith.langchain.com\\@evil.example/a",
        "https://api.smith.langchain.com:port/a",
        "",
    ],
)
async def test_nothing_is_sent_to_other_hosts(address: str) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    assert not langsmith.is_allowed(address, HOSTS)
    transport = httpx.MockTransport(answer)
    sent = await langsmith.submit(
        address, score=1, note="", source="", hosts=HOSTS, transport=transport
    )
    assert (sent, asked) == (False, [])


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        "https://api.smith.langchain.com:443/a",
        "https://API.smith.langchain.com/a",
        "https://smith.example.com:8443/a?b=c",
    ],
)
def test_the_named_hosts_are_allowed(address: str) -> None:
    assert langsmith.is_allowed(address, HOSTS)


async def test_a_redirect_is_not_followed() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"location": "https://evil.example/"})

    transport = httpx.MockTransport(answer)
    sent = await langsmith.submit(
        ADDRESS, score=1, note="", source="", hosts=HOSTS, transport=transport
    )
    assert (sent, asked) == (False, [ADDRESS])


@pytest.mark.parametrize(
    ("data", "address"),
    [
        ({langsmith.KEY: ADDRESS}, ADDRESS),
        ({"other": ADDRESS}, ""),
        ({langsmith.KEY: 7}, ""),
        ({langsmith.KEY: "x" * 10_000}, ""),
        (None, ""),
        ([ADDRESS], ""),
        (ADDRESS, ""),
    ],
)
def test_an_event_has_an_address_or_none(data: object, address: str) -> None:
    assert langsmith.address_in(data) == address


@pytest.mark.parametrize(
    ("info", "is_used"),
    [
        ({"flags": {"langsmith": True}}, True),
        ({"flags": {"langsmith": False}}, False),
        ({"flags": {"langsmith": "yes"}}, False),
        ({"flags": None}, False),
        ({}, False),
    ],
)
def test_only_a_server_that_traces_there_is_asked(
    client: LangGraphClient, info: dict[str, object], is_used: bool
) -> None:
    langsmith.learn(client, info)
    assert not langsmith.is_used(client)  # the settings do not want it
    langsmith.want(client)
    langsmith.learn(client, info)
    assert langsmith.is_used(client) is is_used
    assert bool(langsmith.options(client)) is is_used
    langsmith.see_error(client, "RuntimeError")
    assert langsmith.is_used(client) is is_used
    langsmith.see_error(client, "LangSmithAuthError")
    assert not langsmith.is_used(client)
