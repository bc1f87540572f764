"""The older states of a thread are read where its memory was cut short, and only there."""

from __future__ import annotations

from typing import Any

from chat_app.runs import history
from tests.helpers import events as ev
from tests.helpers.scripted import Script, reply

HISTORY = "/threads/t/history"
A, B, C, D = ev.human("a", "1"), ev.ai("b", "2"), ev.human("c", "3"), ev.ai("d", "4")


def state(name: str, parent: str, *messages: Any) -> dict[str, Any]:
    return {
        "values": {"messages": list(messages)},
        "checkpoint": {"checkpoint_id": name},
        "parent_checkpoint": {"checkpoint_id": parent} if parent else None,
    }


async def found(now: dict[str, Any], *answers: Any) -> tuple[list[str], int]:
    """The names of the states that were found, and how many requests that took."""
    script = Script()
    script.on("POST", HISTORY, *answers)
    async with script.client() as client:
        states = await history.earlier(client, "t", now)
    names = [(older.get("checkpoint") or {}).get("checkpoint_id") or "" for older in states]
    return names, len(script.requests)


async def test_a_thread_that_has_its_first_message_costs_one_small_request():
    first = reply(json=[state("x0", "", A)])
    assert await found(state("x2", "x1", A, B), first) == ([], 1)


async def test_states_with_messages_that_are_gone_are_found_and_no_other_branch():
    first = reply(json=[state("x0", "", A)])
    pages = reply(
        json=[
            state("x4", "x3", C, D),
            state("y3", "x2", A, B, ev.human("another branch", "9")),
            state("x3", "x2", A, B, C),
            state("x2", "x0", A, B),
            state("x0", "", A),
        ]
    )
    assert await found(state("x4", "x3", C, D), first, pages) == (["x3"], 2)


async def test_a_server_that_refuses_is_let_alone():
    refused = reply(422, json={"detail": "no"})
    assert (await found(state("x2", "x1", A, B), refused))[0] == []


async def test_a_thread_without_a_state_is_not_asked_about():
    assert await found({"values": {}, "checkpoint": None}) == ([], 0)


async def test_other_versions_of_the_first_message_are_no_cut():
    """An edit of it is an input at step 0, and has its message at step 1."""
    edited = state("y0", "root") | {"metadata": {"source": "input"}}
    first = reply(json=[edited, state("x0", "root", A)])
    second = reply(json=[state("y1", "y0", C), state("x1", "x0", A, B)])
    assert await found(state("x2", "x1", A, B), first) == ([], 1)
    assert await found(state("y2", "y1", C, D), first, second) == ([], 2)
