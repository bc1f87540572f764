"""Servers that fail, refuse or are not there: said where the person looks, and no word is lost."""

from __future__ import annotations

import logging
from threading import Event
from typing import TYPE_CHECKING

import pytest

from chat_app import text
from chat_app.runs import session, tasks
from chat_app.state import presence
from chat_app.state.draft import DraftState
from chat_app.state.run import RunState
from chat_app.state.thread import ThreadState
from tests.helpers import bad_servers
from tests.helpers.bad_servers import ScriptedServer
from tests.helpers.waiting import until
from tests.state.conftest import SECRET

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def nothing_is_raised(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What went wrong is told to the person; a stack trace in the log would be a bug."""
    yield
    traces = [record for record in caplog.records if record.exc_info]
    assert [record.getMessage() for record in traces] == []
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR and "reflex" in r.name]


async def test_an_unreachable_server_gives_the_message_back(start: Start) -> None:
    tab = (await start(NOWHERE))()
    await tab.load("/")
    assert tab.trouble == text.UNREACHABLE
    await tab.send("precious words")
    assert tab.shown == [("error", text.UNREACHABLE)]
    assert tab.var(DraftState, "returned") == "precious words"
    assert tab.var(RunState, "can_retry")
    assert not tab.running
    assert tab.redirects == [f"/t/{tab.thread_id}"]


async def test_a_refused_key_gives_the_message_back_and_is_not_quoted(
    start: Start, scripted: ScriptedServer
) -> None:
    scripted.answer = bad_servers.refuses(401, f"invalid key {SECRET}")
    tab = (await start(scripted.url))()
    await tab.load("/")
    assert tab.trouble == text.ACCESS_REFUSED
    await tab.send("precious words")
    assert tab.shown == [("error", text.ACCESS_REFUSED)]
    assert tab.var(DraftState, "returned") == "precious words"
    assert not [delta for delta in tab.sent if SECRET in delta]


async def test_a_page_of_a_proxy_is_no_answer(start: Start, scripted: ScriptedServer) -> None:
    scripted.answer = bad_servers.gateway_page
    tab = (await start(scripted.url))()
    await tab.load("/")
    await tab.send("precious words")
    assert tab.var(ThreadState, "trouble_detail") == "502 Bad Gateway"
    assert not [delta for delta in tab.sent if "<html" in delta]
    assert tab.var(DraftState, "returned") == "precious words"


async def test_an_assistant_that_is_not_there_says_which_are(
    start: Start, scripted: ScriptedServer
) -> None:
    scripted.answer = bad_servers.has_assistants("writer", "painter")
    tab = (await start(scripted.url, CHAT_ASSISTANT="poet"))()
    await tab.load("/")
    assert "poet" in tab.trouble
    assert "writer, painter" in tab.trouble
    await tab.send("precious words")
    assert "writer, painter" in tab.texts("error")[0]
    assert tab.var(DraftState, "returned") == "precious words"


async def refused(start: Start, scripted: ScriptedServer, words: str, *, status: int = 422) -> Tab:
    """A tab whose first message made a thread on a server that then refused the run."""
    scripted.answer = bad_servers.refuses_runs(words, status)
    tab = (await start(scripted.url, CHAT_ASSISTANT=""))()
    await tab.load("/")
    await tab.send("precious words")
    return tab


async def test_a_run_refused_in_a_new_thread_is_not_hidden_by_the_redirect(
    start: Start, scripted: ScriptedServer
) -> None:
    tab = await refused(start, scripted, "no such graph")
    await tab.go(tab.redirects[0])
    assert [row["detail"] for row in tab.rows] == ["no such graph"]
    assert tab.var(DraftState, "returned") == "precious words"
    assert not tab.var(RunState, "can_retry")  # it would be refused again


async def test_try_again_sends_what_the_server_never_took(
    start: Start, scripted: ScriptedServer
) -> None:
    tab = await refused(start, scripted, "busy", status=503)
    assert tab.var(RunState, "can_retry")
    await tab.do(RunState.retry)
    assert tab.texts("human") == []
    assert len(tab.texts("error")) == 1
    assert tab.var(DraftState, "returned") == "precious words"
    assert tab.var(DraftState, "taken") == 2


async def test_what_the_box_does_not_have_yet_outlasts_the_next_message(
    start: Start, scripted: ScriptedServer
) -> None:
    tab = await refused(start, scripted, "busy")
    await tab.send("others")
    assert tab.var(DraftState, "returned") == "precious words\n\nothers"
    await tab.send("precious words\n\nothers, and more")
    assert tab.var(DraftState, "returned").startswith("precious words\n\nothers\n\n")
    await tab.do(DraftState.take_returned)
    await tab.send("words put better")
    assert tab.var(DraftState, "returned") == "words put better"


async def test_a_failure_after_a_failure_is_one_row(start: Start, scripted: ScriptedServer) -> None:
    scripted.answer = bad_servers.refuses(503, "down for today")
    tab = (await start(scripted.url))()
    await tab.load("/")
    for _ in range(3):
        await tab.send("hello")
        assert len({row["key"] for row in tab.rows}) == len(tab.rows) == 1


async def test_a_failed_message_does_not_reach_a_thread_opened_meanwhile(
    start: Start, scripted: ScriptedServer
) -> None:
    kind = {"type": "human", "id": "h1", "content": "an old question"}
    has_thread = bad_servers.has_thread(kind)

    def slow_refusal(method: str, path: str) -> bad_servers.Answer:
        if path == "/threads" and method == "POST":
            asked.append(path)
            moved.wait(60)
            return bad_servers.as_json({"detail": "too late"}, 503)
        return has_thread(method, path)

    asked: list[str] = []
    moved = Event()
    scripted.answer = slow_refusal
    tab = (await start(scripted.url, CHAT_ASSISTANT=""))()
    await tab.load("/")
    sending = await tab.enqueue(RunState.send, message="for the other chat")
    await tab.until(lambda: asked)
    await tab.go(f"/t/{bad_servers.THREAD_ID}")
    moved.set()
    await sending.wait_all()
    assert tab.shown == [("human", "an old question"), ("notice", text.UNANSWERED)]
    assert tab.var(DraftState, "returned") == ""
    assert list(tab.var(DraftState, "drafts").values()) == ["for the other chat"]


async def test_a_message_given_back_outlasts_a_reload(
    start: Start, scripted: ScriptedServer
) -> None:
    tab = await refused(start, scripted, "busy")
    await tab.load(tab.redirects[0])
    assert tab.var(DraftState, "returned") == "precious words"


@pytest.fixture
async def failed(start: Start, langgraph_server: str) -> Tab:
    """A tab whose run failed in the middle of its answer."""
    tab = (await start(langgraph_server, CHAT_ASSISTANT="fails"))()
    await tab.load("/")
    await tab.send("go on")
    return tab


async def test_a_run_that_fails_keeps_what_it_wrote_and_says_why(failed: Tab) -> None:
    assert [kind for kind, _ in failed.shown] == ["human", "text", "error"]
    assert failed.texts("text") == ["It is "]
    assert "broke off" in failed.rows[-1]["detail"]
    assert failed.var(RunState, "can_retry")
    assert failed.var(DraftState, "returned") == ""


async def test_try_again_doubles_neither_question_nor_answer(
    failed: Tab, client: LangGraphClient
) -> None:
    await failed.do(RunState.retry)
    assert [kind for kind, _ in failed.shown] == ["human", "text", "error"]
    assert len(await client.runs.list(failed.thread_id)) == 2
    state = await client.threads.get_state(failed.thread_id)
    assert [m["content"] for m in (state["values"] or {})["messages"]] == ["go on", "It is "]


async def test_a_failed_thread_can_be_tried_again_after_a_reload(failed: Tab) -> None:
    await failed.load(f"/t/{failed.thread_id}")
    assert failed.texts("human") == ["go on"]
    assert len(failed.texts("error")) == 1
    assert failed.var(RunState, "can_retry")


async def test_without_a_failure_there_is_nothing_to_try_again(
    tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("2")
    before = tab.shown
    await tab.do(RunState.retry)
    assert tab.shown == before
    assert len(await client.runs.list(tab.thread_id)) == 1


async def test_an_error_row_has_the_servers_words_behind_it(start: Start) -> None:
    tab = (await start(NOWHERE))()
    await tab.load("/")
    await tab.send("hello")
    row = tab.rows[0]
    assert row["detail"]
    assert row["detail"] not in row["sentence"]


async def test_no_task_is_left_when_all_is_over(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "GRACE", 0.05)
    monkeypatch.setattr(session, "LINGER", 0.05)
    await tab.send("3")
    assert f"listen {tab.thread_id}" in tasks.alive()
    tab.close()
    await until(lambda: tasks.alive() == [])
