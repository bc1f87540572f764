"""How the graph of a thread's assistant is read: from a real server, and from odd ones."""

from __future__ import annotations

import httpx
import pytest

from chat_app.client import AccessError, ServerError, get_client
from chat_app.runs.inspector import graphs
from chat_app.runs.inspector.graphs import NoGraphError, metadata_of, read_graph
from tests.helpers.scripted import Script, reply

DRAWING = {
    "nodes": [{"id": "__start__"}, {"id": "sub:a", "data": {"name": "sub:a"}}],
    "edges": [{"source": "__start__", "target": "sub:a"}],
}
FLAT = {"nodes": [{"id": "sub"}], "edges": []}
OF_AGENT = {"graph_id": "agent", "assistant_id": "A"}
GRAPH = "/assistants/A/graph"


@pytest.fixture(autouse=True)
def _afresh() -> None:
    graphs.forget()


def server(*drawings: object) -> Script:
    script = Script()
    script.on("GET", GRAPH, *drawings)
    script.on("GET", "/assistants/A", reply(json={"assistant_id": "A", "name": "Helper"}))
    return script


async def test_a_real_graph_has_its_subgraphs_and_conditional_edges(langgraph_server: str) -> None:
    async with get_client(url=langgraph_server) as client:
        thread = await client.threads.create(graph_id="nested")
        metadata = await metadata_of(client, thread["thread_id"])
        found = await read_graph(client, metadata)
    assert (found.assistant, found.is_whole) == ("nested", True)
    assert [(group.id, group.name) for group in found.graph.groups] == [("research", "research")]
    assert {node.id for node in found.graph.nodes} >= {"research:search", "research:sum_up"}
    assert [(edge.target, edge.label) for edge in found.graph.edges if edge.conditional] == [
        ("answer", "good"),
        ("research:search", "again"),
    ]


async def test_a_graph_that_cannot_be_drawn_with_its_subgraphs_is_drawn_without() -> None:
    script = server(reply(500, text="no runtime"), reply(json=FLAT))
    async with script.client() as client:
        found = await read_graph(client, OF_AGENT)
    assert (found.assistant, found.is_whole) == ("Helper", False)
    assert [node.id for node in found.graph.nodes] == ["sub"]
    assert [r.url.params["xray"] for r in script.asked("GET", GRAPH)] == ["true", "false"]


async def test_it_is_read_once_for_some_time() -> None:
    script = server(reply(json=DRAWING))
    async with script.client() as client:
        first = await read_graph(client, OF_AGENT)
        assert await read_graph(client, OF_AGENT) is first
    assert len(script.asked("GET", GRAPH)) == 1


@pytest.mark.parametrize("status", [404, 405, 422, 501])
async def test_a_server_that_draws_nothing_has_no_graph(status: int) -> None:
    async with server(reply(status, text="no")).client() as client:
        with pytest.raises(NoGraphError):
            await read_graph(client, OF_AGENT)


@pytest.mark.parametrize(("status", "error"), [(403, AccessError), (503, ServerError)])
async def test_a_refusal_and_a_failure_are_told_apart(status: int, error: type[Exception]) -> None:
    async with server(reply(status, text="no")).client() as client:
        with pytest.raises(error):
            await read_graph(client, OF_AGENT)


async def test_a_thread_on_which_no_assistant_worked_has_no_graph() -> None:
    async with Script().client() as client:
        with pytest.raises(NoGraphError):
            await read_graph(client, {"assistant_id": 7, "graph_id": ""})


async def test_a_name_that_cannot_be_read_is_that_of_the_graph() -> None:
    script = server(reply(json=DRAWING))
    script.on("GET", "/assistants/A", httpx.ConnectError("gone"))
    async with script.client() as client:
        assert (await read_graph(client, OF_AGENT)).assistant == "agent"


async def test_the_metadata_is_that_of_the_thread_where_a_server_cannot_be_asked_by_ids() -> None:
    script = Script()
    script.on(
        "POST",
        "/threads/search",
        reply(json=[{"thread_id": "other", "metadata": {"graph_id": "no"}}]),
    )
    script.on("GET", "/threads/T", reply(json={"thread_id": "T", "metadata": OF_AGENT}))
    async with script.client() as client:
        assert await metadata_of(client, "T") == OF_AGENT
