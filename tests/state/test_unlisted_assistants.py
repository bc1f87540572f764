"""Servers that list no assistants: the one of the settings is used unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app import text
from chat_app import text as words
from chat_app.state.assistants import AssistantsState
from chat_app.state.draft import DraftState
from tests.helpers import bad_servers
from tests.helpers.bad_servers import ScriptedServer
from tests.helpers.gateway import Asked, Gateway, Refusal, listening
from tests.helpers.queueing import answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]

SEARCH = "/assistants/search"


class Unlisted(Gateway):
    """Answers a search for assistants with `status`, or an empty list where that is 200."""

    status = 200

    async def request(self, asked: Asked) -> None:
        if asked.path == SEARCH and self.status != 200:
            raise Refusal(self.status, "Not for you")

    async def answer(self, asked: Asked, body: Any) -> Any:
        return [] if asked.path == SEARCH else body


@pytest.fixture
def unlisted(langgraph_server: str) -> Iterator[tuple[Unlisted, str]]:
    gateway = Unlisted(langgraph_server)
    with listening(gateway) as url:
        yield gateway, url


@pytest.mark.parametrize("status", [200, 403, 404, 405])
async def test_the_assistant_of_the_settings_answers_unseen(
    start: Start, unlisted: tuple[Unlisted, str], status: int
) -> None:
    gateway, url = unlisted
    gateway.status = status
    tab = (await start(url, CHAT_ASSISTANT="slow"))()
    await tab.load("/")
    assert tab.trouble == ""
    assert tab.var(AssistantsState, "options") == [{"id": "slow", "name": "slow"}]
    await tab.send("2")
    assert tab.shown == [("human", "2"), ("text", answer(2))]
    await tab.load(f"/t/{tab.thread_id}")
    await tab.send("3")
    assert tab.texts("text") == [answer(2), answer(3)]


async def test_its_id_will_do_too(
    start: Start, unlisted: tuple[Unlisted, str], client: LangGraphClient
) -> None:
    [row] = await client.assistants.search(graph_id="slow")
    tab = (await start(unlisted[1], CHAT_ASSISTANT=row["assistant_id"]))()
    await tab.load("/")
    await tab.send("2")
    assert tab.texts("text") == [answer(2)]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, words.NO_ASSISTANT),
        (403, words.ASSISTANTS_FORBIDDEN),
        (404, words.NO_ASSISTANT),
        (405, words.NO_ASSISTANT),
    ],
)
async def test_without_one_the_page_says_what_to_set(
    start: Start, unlisted: tuple[Unlisted, str], status: int, said: str
) -> None:
    gateway, url = unlisted
    gateway.status = status
    tab = (await start(url, CHAT_ASSISTANT=""))()
    await tab.load("/")
    assert tab.trouble == said
    assert "CHAT_ASSISTANT" in said
    await tab.send("precious words")
    assert tab.texts("error") == [said]
    assert tab.var(DraftState, "returned") == "precious words"


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.stop()


async def test_a_key_that_is_refused_everywhere_is_no_missing_list(
    start: Start, scripted: ScriptedServer
) -> None:
    scripted.answer = bad_servers.refuses(401, "Invalid API key")
    tab = (await start(scripted.url, CHAT_ASSISTANT="agent"))()
    await tab.load("/")
    assert tab.trouble == text.ACCESS_REFUSED


@pytest.mark.parametrize(("is_well", "said"), [(True, ""), (False, text.NOT_LANGGRAPH)])
async def test_a_page_of_a_proxy_is_a_missing_list_only_before_a_server_that_is_well(
    start: Start, scripted: ScriptedServer, *, is_well: bool, said: str
) -> None:
    def answers(_method: str, path: str) -> bad_servers.Answer:
        if path == "/ok" and is_well:
            return bad_servers.as_json({"ok": True})
        return 404, "text/html", "<html><title>404</title></html>"

    scripted.answer = answers
    tab = (await start(scripted.url, CHAT_ASSISTANT="agent"))()
    await tab.load("/")
    assert tab.trouble == said
