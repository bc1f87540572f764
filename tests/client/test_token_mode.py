import json
from typing import Any

import pytest

from chat_app.client import InvalidError
from chat_app.client.modes import FOR_A_CHAT
from tests.helpers.scripted import Script, event, reply, sse

START = "/threads/t/runs/stream"
STREAM = sse(event("metadata", {"run_id": "r"}))
REFUSED = [
    {"detail": "['messages-tuple', 'values'] is not valid under any of the given schemas"},
    {"detail": [{"loc": ["body", "stream_mode", 0], "msg": "Input should be 'values'"}]},
    {"detail": f'{"quoted input " * 200} On instance["stream_mode"]'},
]
UNKNOWN = {"detail": "Invalid assistant: 'nope'. Must be one of the registered graphs: agent"}


def script(*answers: Any) -> Script:
    script = Script()
    script.on("POST", START, *answers)
    script.on("GET", "/threads/t/runs/r", reply(json={"status": "success"}))
    script.on("GET", "/threads/t", reply(json={"status": "idle"}))
    return script


def modes(script: Script) -> list[Any]:
    return [
        json.loads(request.content).get("stream_mode") for request in script.asked("POST", START)
    ]


async def run(client: Any, **options: Any) -> None:
    async for _ in client.runs.stream("t", "agent", **FOR_A_CHAT | options):
        pass


TUPLE = ["messages-tuple", "values", "updates", "custom"]
LITERAL = ["messages", "values", "updates", "custom"]


async def test_tokens_are_asked_for_in_the_lean_mode_with_all_that_belongs_to_it():
    served = script(STREAM)
    async with served.client() as client:
        await run(client, input={"messages": []})
    assert json.loads(served.requests[0].content) == {
        "assistant_id": "agent",
        "input": {"messages": []},
        "stream_mode": TUPLE,
        "stream_resumable": True,
        "stream_subgraphs": True,
    }


@pytest.mark.parametrize("refusal", REFUSED)
async def test_a_server_that_refuses_the_lean_mode_is_asked_for_the_old_one_from_then_on(
    refusal: Any,
):
    served = script(reply(422, json=refusal), STREAM)
    async with served.client() as client:
        await run(client)
        await run(client)
    assert modes(served) == [TUPLE, LITERAL, LITERAL]


async def test_an_unknown_assistant_is_told_at_once_and_changes_nothing():
    served = script(reply(422, json=UNKNOWN), STREAM)
    async with served.client() as client:
        with pytest.raises(InvalidError, match="Invalid assistant: 'nope'"):
            await run(client)
        await run(client)
    assert modes(served) == [TUPLE, TUPLE]


async def test_a_server_that_refuses_both_modes_is_believed_for_this_run_only():
    served = script(reply(422, json=REFUSED[0]), reply(422, json=UNKNOWN), STREAM)
    async with served.client() as client:
        with pytest.raises(InvalidError, match="Invalid assistant"):
            await run(client)
        await run(client)
    assert modes(served) == [TUPLE, LITERAL, TUPLE]


@pytest.mark.parametrize("mode", ["messages-tuple", "messages"])
async def test_a_mode_that_is_forced_is_not_exchanged_where_others_are_refused(mode: Any):
    served = script(reply(422, json=REFUSED[0]))
    async with served.client(token_mode=mode) as client:
        with pytest.raises(InvalidError):
            await run(client)
    beside = ["values", "updates", "custom"]
    assert modes(served) == [[mode, *beside[:count]] for count in (3, 2, 1)]


@pytest.mark.parametrize("chosen", ["values", ["messages-tuple"], ["debug", "tasks"]])
async def test_modes_the_caller_chose_are_sent_as_they_are(chosen: Any):
    served = script(reply(422, json=REFUSED[0]), STREAM)
    async with served.client() as client:
        with pytest.raises(InvalidError):
            await run(client, stream_mode=chosen)
        await run(client, stream_mode=chosen)
        await run(client)
    assert modes(served) == [chosen, chosen, TUPLE]


async def test_an_option_that_does_not_exist_is_not_swallowed():
    async with script(STREAM).client() as client:
        with pytest.raises(TypeError, match="inptu"):
            await run(client, inptu={})


async def test_a_run_that_is_not_watched_yet_has_all_that_watching_needs():
    script = Script()
    script.on("POST", "/threads/t/runs", reply(json={"run_id": "r"}))
    async with script.client() as client:
        await client.runs.create("t", "agent", input=None, **FOR_A_CHAT)
    body = json.loads(script.requests[0].content)
    assert body["stream_mode"] == ["messages-tuple", "values", "updates", "custom"]
    assert body["stream_resumable"] is True


async def test_a_run_that_is_not_watched_yet_falls_back_to_what_the_server_knows():
    script = Script()
    refused = reply(422, json={"detail": "stream_mode: 'messages-tuple' is not one of ..."})
    script.on("POST", "/threads/t/runs", refused, reply(json={"run_id": "r"}))
    async with script.client() as client:
        await client.runs.create("t", "agent", input=None, **FOR_A_CHAT)
    modes = [json.loads(request.content)["stream_mode"][0] for request in script.requests]
    assert modes == ["messages-tuple", "messages"]


OF_2024 = "'values', 'messages', 'updates', 'events', 'debug'"
NAMED = [
    {"detail": f"'messages-tuple' is not one of [{OF_2024}]"},
    {"detail": f"Invalid stream mode: messages-tuple. Use one of {OF_2024}"},
    {
        "detail": [
            {"loc": ["body", "stream_mode", f"literal[{OF_2024}]"], "msg": "Input should be ..."},
            {"loc": ["body", "stream_mode", "list[literal['values']]", 0], "msg": "Input ..."},
            {"loc": ["body", "stream_mode", "list[literal['values']]", 3], "msg": "Input ..."},
        ]
    },
]


@pytest.mark.parametrize(
    ("refusal", "next_try"),
    [(NAMED[0], LITERAL), (NAMED[1], LITERAL), (NAMED[2], LITERAL[:3])],
)
async def test_what_a_refusal_names_is_not_asked_for_again(refusal: Any, next_try: Any):
    served = script(reply(422, json=refusal), STREAM)
    async with served.client() as client:
        await run(client)
    assert modes(served) == [TUPLE, next_try]


@pytest.mark.parametrize("status", [400, 422])
async def test_modes_are_tried_down_to_what_is_taken(status: int):
    refused = reply(status, json={"detail": "stream_mode: not valid"})
    served = script(*[refused] * 5, STREAM)
    async with served.client() as client:
        await run(client)
        await run(client)
    tried = [TUPLE, LITERAL, LITERAL[:3], LITERAL[:2], LITERAL[1:3], ["values"], ["values"]]
    assert modes(served) == tried


async def test_a_server_that_takes_no_mode_at_all_is_told():
    served = script(reply(422, json={"detail": "stream_mode: not valid"}))
    async with served.client() as client:
        with pytest.raises(InvalidError, match="not valid"):
            await run(client)


async def test_what_one_kind_of_request_learns_the_other_knows():
    served = script(reply(422, json=NAMED[0]), STREAM)
    served.on("POST", "/threads/t/runs", reply(json={"run_id": "r", "thread_id": "t"}))
    async with served.client() as client:
        await run(client)
        await client.runs.create("t", "agent", **FOR_A_CHAT)
    [created] = served.asked("POST", "/threads/t/runs")
    assert json.loads(created.content)["stream_mode"] == LITERAL


@pytest.mark.parametrize("field", ["stream_resumable", "stream_subgraphs", "on_disconnect"])
async def test_what_a_chat_can_do_without_is_left_out_from_then_on(field: str):
    extra = f"Additional properties are not allowed ('{field}' was unexpected)"
    served = script(reply(422, json={"detail": extra}), STREAM)
    async with served.client() as client:
        await run(client, on_disconnect="continue")
        await run(client, on_disconnect="continue")
    sent = [field in json.loads(r.content) for r in served.asked("POST", START)]
    assert sent == [True, False, False]


async def test_without_modes_the_values_are_asked_for_as_langgraph_sdk_does():
    served = script(STREAM)
    async with served.client() as client:
        async for _ in client.runs.stream("t", "agent"):
            pass
    assert json.loads(served.requests[0].content) == {
        "assistant_id": "agent",
        "stream_mode": "values",
        "stream_subgraphs": False,
        "stream_resumable": False,
    }


@pytest.mark.parametrize(
    ("chosen", "sent"),
    [
        (["chat", "tasks"], [*TUPLE, "tasks"]),
        (["messages"], ["messages-tuple"]),
        (["values"], ["values"]),
        (["debug", "messages", "debug"], ["debug", "messages-tuple"]),
        ([], TUPLE),
    ],
)
async def test_chosen_modes_are_requested_in_the_place_of_those_of_a_chat(
    chosen: list[str], sent: list[str]
):
    served = script(STREAM)
    async with served.client() as client:
        await run(client, chat_modes=chosen)
    assert modes(served) == [sent]
    assert "chat_modes" not in json.loads(served.requests[0].content)


@pytest.mark.parametrize("refusal", REFUSED[::2])
async def test_a_mode_beside_those_of_a_chat_is_given_up_first(refusal: Any):
    served = script(reply(422, json=refusal), STREAM)
    async with served.client() as client:
        await run(client, chat_modes=["chat", "tasks"])
    assert modes(served) == [[*TUPLE, "tasks"], TUPLE]


async def test_tokens_that_are_chosen_alone_are_asked_for_in_the_way_of_the_server():
    served = script(reply(422, json=REFUSED[0]), STREAM)
    async with served.client() as client:
        await run(client, chat_modes=["messages"])
    assert modes(served) == [["messages-tuple"], ["messages"]]


async def test_a_server_that_knows_none_of_the_chosen_modes_is_asked_for_those_of_a_chat():
    unknown = {"detail": "unknown stream mode: 'checkpoints'"}
    served = script(reply(422, json=unknown), STREAM)
    async with served.client() as client:
        await run(client, chat_modes=["checkpoints"])
    assert modes(served) == [["checkpoints"], TUPLE]
