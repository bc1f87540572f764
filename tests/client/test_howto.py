"""LangGraph's how-to of 2024, "How to stream values from your graph", line by line."""

from functools import partial

from chat_app import client as chat_app_client


async def test_the_how_to_of_2024_runs_with_its_import_line_changed(langgraph_server: str):
    get_client = partial(chat_app_client.get_client, url=langgraph_server)

    client = get_client()
    assistants = await client.assistants.search(graph_id="agent")
    assistants = [a for a in assistants if not a["config"]]
    assistant = next(a for a in assistants if a["graph_id"] == "agent")
    assert assistant["metadata"] == {"created_by": "system"}
    thread = await client.threads.create()
    assert await client.runs.list(thread["thread_id"]) == []

    input = {  # noqa: A001 - the how-to's own name
        "messages": [{"role": "human", "content": "whats the weather in la"}]
    }
    chunks = [
        chunk
        async for chunk in client.runs.stream(
            thread["thread_id"], assistant["assistant_id"], input=input
        )
    ]
    # The server of today names an event "values" that was "data" in 2024, and sends no "end".
    assert [chunk.event for chunk in chunks] == ["metadata", *["values"] * 4, "end"]
    assert chunks[0].data["run_id"]
    told = [[message["type"] for message in chunk.data["messages"]] for chunk in chunks[1:-1]]
    assert told == [["human", "ai", "tool", "ai"][:count] for count in (1, 2, 3, 4)]
    assert len(await client.runs.list(thread["thread_id"])) == 1
    await client.aclose()
