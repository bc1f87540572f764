"""Calls that hand control to another agent, told from tools that do something else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.fold import load
from chat_app.transcript.handoffs import Handoff, handoff_of
from chat_app.transcript.message import ToolCall, ToolResult, ToolStatus
from tests.helpers import captures
from tests.helpers import events as ev
from tests.helpers.folding import calls, texts

DONE = ToolStatus.DONE


def call(name: str, args: str = "{}", said: str = "", to: str = "") -> ToolCall:
    return ToolCall("c", name, args, DONE, ToolResult(said, handed_to=to))


@pytest.mark.parametrize(
    ("made", "handoff"),
    [
        (call("transfer_to_sums", said="Successfully transferred to sums"), Handoff("sums")),
        (call("transfer_to_bob", said="Successfully transferred to Bob"), Handoff("Bob")),
        (call("transfer_to_x", to="The Expert"), Handoff("The Expert")),
        (call("transfer_back_to_lead"), Handoff("lead", back=True)),
        (call("handoff_to_sales", '{"task": "sell it"}'), Handoff("sales", task="sell it")),
        (call("delegate_to_specialist", said="Delegated to the specialist"), Handoff("specialist")),
        (call("ask_an_expert", to="expert"), Handoff("expert")),
    ],
)
def test_a_handoff_says_where_control_went(made: ToolCall, handoff: Handoff):
    assert handoff_of(made) == handoff


@pytest.mark.parametrize(
    "made",
    [
        call("transfer_to_savings", '{"amount": 5}', "done"),
        call("assign_to_team", "{}", "ticket 7 is theirs now"),
        call("route_to_airport", '{"from": "home"}', "by bus to the airport"),
        call("transfer_to"),
        call("weather"),
        ToolCall("c", "transfer_to_sums", "{}", ToolStatus.ERROR, ToolResult("no", error=True)),
        ToolCall("c", "transfer_to_sums", "{}", ToolStatus.WAITING),
    ],
)
def test_a_tool_that_does_more_is_none(made: ToolCall):
    assert handoff_of(made) is None


@given(
    st.text(max_size=60) | st.just("transfer_to_a"),
    st.text(max_size=30) | st.sampled_from(['{"task": 1}', "[]", "{"]),
    st.text(max_size=300),
)
def test_no_call_whatever_makes_it_raise(name: str, args: str, said: str):
    handoff_of(call(name, args, said))


def back(words: Any = "Transferring back to lead", **about: Any) -> dict[str, Any]:
    made = [ev.call("b1", "transfer_back_to_lead")]
    return ev.ai(words, "b", tool_calls=made, response_metadata=about)


@pytest.mark.parametrize(
    "message",
    [
        back(__is_handoff_back=True),
        back("Ich gebe zurück", __is_handoff_back=True),
        back([{"type": "text", "text": "Transferring back to lead"}], __is_handoff_back=True),
        back(),
    ],
)
def test_words_that_a_library_gives_back_control_with_are_no_answer(message: dict[str, Any]):
    loaded = load({"values": {"messages": [ev.human("go"), message]}})
    assert texts(loaded)[-1] == ""
    assert [one.name for one in calls(loaded)] == ["transfer_back_to_lead"]


def test_an_answer_that_only_mentions_it_stays():
    loaded = load({"values": {"messages": [ev.ai("Transferring back to lead")]}})
    assert texts(loaded) == ["Transferring back to lead"]


@pytest.mark.parametrize(
    ("name", "agents"), [("supervisor", ["math", "lead", "research", "lead"]), ("swarm", ["Bob"])]
)
def test_what_the_libraries_write_is_recognised(name: str, agents: list[str]):
    loaded = load(captures.document(f"{name}_state"))
    found = [handoff_of(one) for one in calls(loaded)]
    assert [one.agent for one in found if one] == agents
    assert not [text for text in texts(loaded) if "ransferr" in text]
