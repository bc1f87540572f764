"""The abilities on the real development server: what is asked, streamed and kept in the state."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from langgraph_sdk import get_client

from chat_app.demo.tools.chart import bar_chart

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from langgraph_sdk.client import LangGraphClient

    from chat_app.demo.serving.server import DemoServer

pytestmark = pytest.mark.slow


@pytest.fixture
async def client(server: DemoServer) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=server.url, api_key=server.secret) as client:
        yield client


class Thread:
    """One thread of the demo agent, and all events of its last run."""

    def __init__(self, client: LangGraphClient, thread_id: str) -> None:
        self._client = client
        self._id = thread_id
        self.events: list[tuple[str, Any]] = []

    async def ask(self, content: Any) -> dict[str, Any]:
        return await self._run(input={"messages": [{"role": "user", "content": content}]})

    async def answer(self, value: Any) -> dict[str, Any]:
        return await self._run(command={"resume": value})

    async def _run(self, **what: Any) -> dict[str, Any]:
        stream = self._client.runs.stream(
            self._id,
            "agent",
            stream_mode=["values", "custom", "messages-tuple"],
            stream_subgraphs=True,
            **what,
        )
        self.events = [(part.event, part.data) async for part in stream]
        return [data for event, data in self.events if event == "values"][-1]

    def custom(self) -> list[Any]:
        return [data for event, data in self.events if event == "custom"]

    async def state(self) -> dict[str, Any]:
        values = (await self._client.threads.get_state(self._id))["values"]
        assert isinstance(values, dict)
        return values


@pytest.fixture
async def thread(client: LangGraphClient) -> Thread:
    return Thread(client, (await client.threads.create())["thread_id"])


def last(state: dict[str, Any]) -> str:
    return str(state["messages"][-1]["content"])


EMAIL = "Email Ada about lunch on Thursday"
CHANGED = {"to": "bob@example.com", "subject": "Dinner", "body": "…", "urgent": True}


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ({"type": "approve"}, "“Lunch on Thursday” would now be on its way"),
        (
            {"type": "edit", "edited_action": {"name": "send_email", "args": CHANGED}},
            "“Dinner” would now be on its way to `bob@example.com` with your changes",
        ),
        ({"type": "reject", "message": "too late"}, "You said: “too late”"),
        (
            {"type": "respond", "message": "shorter"},
            "You answered instead of sending it: “shorter”",
        ),
    ],
)
async def test_an_email_waits_for_each_of_the_four_decisions(
    thread: Thread, decision: dict[str, Any], said: str
) -> None:
    (asked,) = (await thread.ask(EMAIL))["__interrupt__"]
    (request,) = asked["value"]["action_requests"]
    assert {name: type(value) for name, value in request["args"].items()} == {
        "to": str,
        "subject": str,
        "body": str,
        "urgent": bool,
    }
    (review,) = asked["value"]["review_configs"]
    assert review["allowed_decisions"] == ["approve", "edit", "reject", "respond"]
    assert said in last(await thread.answer({"decisions": [decision]}))


async def test_a_question_back_is_a_sentence_and_goes_on_with_the_answer(thread: Thread) -> None:
    (asked,) = (await thread.ask("Plan a weekend away"))["__interrupt__"]
    assert asked["value"].startswith("Which city")
    assert "## A weekend in Rome" in last(await thread.answer("rome"))


async def test_researchers_stream_their_own_work_and_leave_todos_and_files(thread: Thread) -> None:
    await thread.ask("Research Oslo and Rome")
    inner = {event for event, _ in thread.events if event.startswith("messages|tools:")}
    assert len(inner) == 2
    state = await thread.state()
    assert [todo["status"] for todo in state["todos"]] == ["completed"] * 4
    assert sorted(state["files"]) == ["notes/oslo.md", "notes/rome.md", "report.md"]
    assert "## Oslo" in state["files"]["report.md"]
    assert {m["type"] for m in state["messages"]} == {"human", "ai", "tool"}


async def test_a_ranking_reports_progress_and_pushes_a_chart_that_the_state_keeps(
    thread: Thread,
) -> None:
    await thread.ask("Rank the ten warmest cities")
    told = thread.custom()
    done = [event["done"] for event in told if isinstance(event, dict) and "done" in event]
    assert done == list(range(1, len(done) + 1))
    assert told[-1]["name"] == "chart"
    state = await thread.state()
    (chart,) = state["ui"]
    assert len(chart["props"]["bars"]) == 10
    call = next(message for message in state["messages"] if message.get("tool_calls"))
    assert chart["metadata"]["message_id"] == call["id"]


async def test_a_form_is_pushed_with_the_message_that_announces_it(thread: Thread) -> None:
    await thread.ask("Order a pizza")
    state = await thread.state()
    (form,) = state["ui"]
    assert [field["name"] for field in form["props"]["fields"]][:2] == ["Size", "Topping"]
    assert form["metadata"]["message_id"] in {message["id"] for message in state["messages"]}


async def test_a_picture_reaches_the_agent_as_a_content_block(thread: Thread) -> None:
    encoded = base64.b64encode(bar_chart([3, 1, 2])).decode()
    picture = {"type": "image", "mime_type": "image/png", "base64": encoded}
    said = last(await thread.ask([{"type": "text", "text": "what is this?"}, picture]))
    assert "**PNG picture** of 480 by 200 pixels" in said
