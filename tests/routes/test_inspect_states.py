"""States of a thread over HTTP: whole ones a few rows at a time, only for who may inspect them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from chat_app import text
from chat_app.client import get_client
from chat_app.client.schema import ACTIVE
from chat_app.config import settings
from chat_app.runs import tasks
from chat_app.runs.checkpoints import id_of
from chat_app.runs.thread_metadata import made_for
from chat_app.state import server
from chat_app.state.inspector.addresses import address_of
from chat_app.timeline.value_rows import PAGE
from tests.helpers.waiting import until
from tests.routes.conftest import LOGIN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import ThreadState


class Thread:
    """A thread at the server, and the routes of its states."""

    def __init__(self, web: httpx.AsyncClient, client: LangGraphClient, thread_id: str) -> None:
        self.web = web
        self.client = client
        self.id = thread_id
        self.address = address_of(thread_id, LOGIN.person)

    async def ask(self, route: str, **query: Any) -> Any:
        answer = await self.web.get(f"{self.address}/{route}", params=query)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        return answer.json()

    async def status(self, route: str, **query: Any) -> int:
        return (await self.web.get(f"{self.address}/{route}", params=query)).status_code

    async def add(self, *messages: dict[str, Any]) -> None:
        await self.client.threads.update_state(self.id, {"messages": list(messages)})

    async def history(self) -> list[ThreadState]:
        return await self.client.threads.get_history(self.id, limit=100)


@pytest_asyncio.fixture
async def thread(
    monkeypatch: pytest.MonkeyPatch, langgraph_server: str, web: httpx.AsyncClient
) -> AsyncIterator[Thread]:
    """A thread of the person at the page, without a state."""
    monkeypatch.setenv("LANGGRAPH_API_URL", langgraph_server)
    settings.cache_clear()

    async def address() -> str:
        return langgraph_server

    async with server.connected(address()), get_client(url=langgraph_server) as client:
        made = await client.threads.create(metadata=made_for(LOGIN.person.id, ""), graph_id="agent")
        yield Thread(web, client, made["thread_id"])
    await tasks.shutdown()


async def until_over(thread: Thread, run_id: str) -> None:
    async def is_over() -> bool:
        return (await thread.client.runs.get(thread.id, run_id))["status"] not in ACTIVE

    await until(is_over)


def said(role: str, content: Any, id: str) -> dict[str, Any]:
    return {"type": role, "content": content, "id": id}


async def test_a_state_is_told_with_what_changed_since_the_one_before_it(thread: Thread) -> None:
    assert (await thread.ask("state"))["checkpoint"] is None
    await thread.add(said("human", "Hello", "1"))
    await thread.add(said("human", "Hello there", "1"), said("ai", "Hi", "2"))
    found = await thread.ask("state")
    head, first = map(id_of, await thread.history())
    assert found["newest"] == found["shown"] == found["checkpoint"]["id"] == head
    assert found["base"] == first
    assert found["checkpoint"]["source"] == "update"
    [messages] = found["page"]["rows"]
    assert (messages["key"], messages["size"], messages["inside"]) == ("messages", 2, True)
    one, two = messages["below"]["rows"]
    [content] = [row for row in one["below"]["rows"] if row.get("mark")]
    assert (content["key"], content["was"], content["text"]) == ("content", "Hello", "Hello there")
    assert two["mark"] == "added"
    assert await thread.ask("state", known=head) == {"newest": head, "shown": head, "same": True}
    older = await thread.ask("state", checkpoint=first, base="-")
    assert "inside" not in older["page"]["rows"][0]
    below = await thread.ask("state", checkpoint=first, base="-", at="0")
    assert below["rows"][0]["text"] == "human: Hello"
    whole = await thread.ask("state", checkpoint=head, at="0.0", whole=1)
    assert (whole["id"], whole["content"]) == ("1", "Hello there")


async def test_checkpoints_are_listed_in_pages_and_compared(thread: Thread) -> None:
    for number in range(25):
        await thread.add(said("ai", str(number), str(number)))
    first = await thread.ask("history")
    second = await thread.ask("history", before=first["before"])
    rows = first["rows"] + second["rows"]
    assert second["before"] == ""
    assert [row["id"] for row in rows] == [id_of(state) for state in await thread.history()]
    assert [row["parent"] for row in rows[:-1]] == [row["id"] for row in rows[1:]]
    newest, oldest = rows[0]["id"], rows[-1]["id"]
    found = await thread.ask("difference", a=oldest, b=newest)
    assert [row["path"] for row in found["rows"]] == [["messages", n] for n in range(1, 25)]
    back = await thread.ask("difference", a=newest, b=oldest)
    assert {row["kind"] for row in back["rows"]} == {"removed"}


async def test_a_huge_state_with_odd_keys_is_told_a_few_rows_at_a_time(thread: Thread) -> None:
    deep: Any = "bottom"
    for _ in range(50):
        deep = [deep]
    args = {"k" * 5000: 1, "": 2, "__proto__": 3, "<b>": deep, "long": "x" * 1_000_000}
    call = {"name": "look", "args": args, "id": "c", "type": "tool_call"}
    await thread.add(*(said("ai", f"Answer {n}", f"a{n}") for n in range(500)))
    await thread.add({**said("ai", "", "calls"), "tool_calls": [call]})
    answer = await thread.web.get(f"{thread.address}/state")
    assert len(answer.content) < 200_000
    head = answer.json()["checkpoint"]["id"]
    last = await thread.ask("state", checkpoint=head, at="0", start=450)
    assert (last["count"], len(last["rows"])) == (501, 51)
    assert len((await thread.ask("state", checkpoint=head, at="0"))["rows"]) == PAGE
    found = await thread.ask("state", checkpoint=head, at="0.500")
    [calls] = [row for row in found["rows"] if row["key"] == "tool_calls"]
    inner = await thread.ask("state", checkpoint=head, at=f"{calls['at']}.0")
    [given] = [row for row in inner["rows"] if row["key"] == "args"]
    rows = (await thread.ask("state", checkpoint=head, at=given["at"]))["rows"]
    assert {row["key"] for row in rows} >= {"", "__proto__", "<b>", "long"}
    [long] = [row for row in rows if row["key"] == "long"]
    assert long["size"] == 1_000_000
    whole = await thread.ask("state", checkpoint=head, at=long["at"], whole=1)
    assert whole == "x" * 1_000_000


async def test_a_state_that_the_server_cannot_read_is_said_to_be_one(thread: Thread) -> None:
    run = await thread.client.runs.create(thread.id, "agent", input={"messages": 7})
    await until_over(thread, run["run_id"])
    for route in ("state", "history"):
        told = await thread.ask(route)
        assert told.get("problem", text.STATE_UNREADABLE) == text.STATE_UNREADABLE
    found = await thread.ask("state")
    assert "problem" in found or "page" in found


@pytest.mark.parametrize(
    "query",
    [
        {"checkpoint": "x"},
        {"at": "0"},
        {"base": "../"},
        {"start": "-1"},
        {"at": "9" * 300, "checkpoint": "0" * 32},
    ],
)
async def test_what_is_no_checkpoint_or_row_is_refused(thread: Thread, query: Any) -> None:
    await thread.add(said("ai", "Hi", "1"))
    assert await thread.status("state", **query) == 400


async def test_what_the_server_does_not_have_is_not_there(thread: Thread) -> None:
    await thread.add(said("ai", "Hi", "1"))
    unknown = "1f1ecefb-da60-6be7-8004-32a28360c9bf"
    head = id_of((await thread.history())[0])
    assert await thread.status("state", checkpoint=unknown) == 404
    assert await thread.status("difference", a=unknown, b=head) == 404
    assert await thread.status("difference", a=head) == 400
    assert await thread.status("state", checkpoint=head, at="7") == 400


async def test_states_are_for_those_who_may_inspect_the_thread(
    thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    await thread.add(said("ai", "Hi", "1"))
    await thread.client.threads.update(thread.id, metadata={"chat_owner": "someone else"})
    for route in ("state", "history", "difference"):
        assert await thread.status(route, a=thread.id, b=thread.id) == 404
    await thread.client.threads.update(thread.id, metadata={"chat_owner": LOGIN.person.id})
    assert await thread.status("state") == 200
    monkeypatch.setenv("CHAT_INSPECTOR", "off")
    settings.cache_clear()
    assert await thread.status("state") == 404
