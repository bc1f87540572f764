"""Servers that are not there, say no, or are something else: a clear message and no lost draft."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers import bad_servers
from tests.helpers.app import RunningApp, running_app
from tests.helpers.bad_servers import THREAD_ID, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import WebSocket

    from tests.helpers.browser import Tab

SECRET = "sk-stays-at-the-server"
QUESTION = "a question worth keeping"
HOSTILE = """\
<script>document.title = "owned"</script>
<img src="x" onerror="document.title = 'owned'">
<iframe srcdoc="<script>parent.document.title = 'owned'</script>"></iframe>
<style>body { display: none }</style>
<form action="https://evil.example"><input name="key"></form>

[a link](javascript:document.title='owned') and [data](data:text/html,<script>1</script>)

![tracker](https://evil.example/pixel.png)
"""


@pytest.fixture(scope="module")
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, scripted: ScriptedServer) -> Iterator[RunningApp]:
    """The app with a server of our making; its key must stay at the server's side."""
    with running_app(
        tmp_path_factory.mktemp("trouble"),
        LANGGRAPH_API_URL=scripted.url,
        LANGSMITH_API_KEY=SECRET,
        CHAT_ASSISTANT="agent",
    ) as running:
        yield running


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (bad_servers.refuses(401, "Invalid token"), "check the API key"),
        (bad_servers.refuses(403, "Forbidden for you"), "check the API key"),
        (bad_servers.gateway_page, "502 Bad Gateway|failed|not as a LangGraph server"),
        (bad_servers.has_assistants("writer", "critic"), "“agent” does not exist.*writer, critic"),
        (bad_servers.refuses_runs("Assistant 'agent' not found"), "Assistant 'agent' not found"),
    ],
    ids=["401", "403", "HTML page", "unknown assistant", "422"],
)
def test_a_server_that_says_no_is_explained_and_the_draft_kept(
    tab: Tab, scripted: ScriptedServer, answer: Callable, words: str
) -> None:
    scripted.answer = answer
    tab.ask(QUESTION)
    expect_explained(tab, words)


def test_a_server_that_is_not_there_is_explained_and_used_once_it_is(
    new_tab: Callable[..., Tab], scripted: ScriptedServer
) -> None:
    scripted.answer = bad_servers.has_assistants("agent")
    scripted.stop()
    try:
        tab = new_tab().open()
        sentence = f"The agent server at {scripted.url} cannot be reached. Next try in "
        told = re.compile(re.escape(sentence) + r"[1-5] s\.")
        expect(tab.notice.locator("> span")).to_have_text(told)
        expect(tab.notice.get_by_role("button", name="Try now")).to_be_visible()
        expect(tab.page.locator(".column").get_by_text("cannot be reached")).to_have_count(1)
        tab.page.set_viewport_size({"width": 320, "height": 640})
        assert tab.page.evaluate("document.documentElement.scrollWidth") == 320
        tab.page.set_viewport_size({"width": 1280, "height": 720})
        tab.ask(QUESTION)
        expect_explained(tab, "cannot be reached")
    finally:
        scripted.start()
    expect(tab.notice).to_have_count(0)  # it is tried again by itself
    expect(tab.page.locator(".assistant")).to_have_text("Agent")
    scripted.stop()
    try:
        expect(tab.notice).to_contain_text(sentence)
    finally:
        scripted.start()
    tab.notice.get_by_role("button", name="Try now").click()
    expect(tab.notice).to_have_count(0)


def expect_explained(tab: Tab, words: str) -> None:
    """The words stand in the conversation, the question in the composer, no secret anywhere."""
    error = tab.rows("error")
    expect(error).to_be_visible()
    expect(error).to_contain_text(re.compile(words, re.DOTALL))
    expect(tab.composer).to_have_value(QUESTION)
    expect(tab.composer).to_be_editable()
    page = tab.page.content()
    for secret in ("Traceback", SECRET, "httpx", 'File "'):
        assert secret not in page


def test_what_a_model_writes_cannot_run_load_or_restyle_anything(
    new_tab: Callable[..., Tab], scripted: ScriptedServer
) -> None:
    scripted.answer = bad_servers.has_thread(
        {"type": "human", "content": HOSTILE, "id": "1"},
        {"type": "ai", "content": HOSTILE, "id": "2"},
        {"type": "ai", "content": "the end", "id": "3"},
    )
    tab = new_tab()
    asked_for: list[str] = []
    tab.page.on("request", lambda request: asked_for.append(request.url))
    tab.open(f"/t/{THREAD_ID}")
    expect(tab.page.get_by_text("the end")).to_be_visible()
    rows = tab.page.get_by_test_id("row")
    expect(rows.locator("script, iframe, style, form, input, img[onerror]")).to_have_count(0)
    expect(rows.locator('a[href^="javascript:"], a[href^="data:"]')).to_have_count(0)
    assert tab.page.title() != "owned"
    assert not [url for url in asked_for if "evil.example" in url]
    expect(tab.composer).to_be_visible()


def test_the_key_never_reaches_the_browser(
    new_tab: Callable[..., Tab], scripted: ScriptedServer
) -> None:
    scripted.answer = bad_servers.has_assistants("agent")
    tab = new_tab()
    frames: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    tab.page.on("websocket", listen)
    tab.open().ask("hello")
    expect(tab.rows("error")).to_be_visible()
    assert any("not as a LangGraph server" in frame for frame in frames)
    assert not [frame for frame in frames if SECRET in frame]
    assert SECRET not in tab.page.content()
