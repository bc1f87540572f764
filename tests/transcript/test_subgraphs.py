"""Graphs inside the graph: each under the call that started it, none of it in the root's words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import Event, Outcome, RunEnd, decode
from chat_app.transcript.fold import Fold, fold, fold_all, load, start
from chat_app.transcript.message import SubAgent, ToolCall, ToolStatus, Transcript
from chat_app.transcript.subgraphs import DEEPEST
from chat_app.transcript.thread_notes import note_of_agents
from tests.helpers import captures
from tests.helpers import events as ev
from tests.helpers.folding import HELLO, calls, folded, texts

END = RunEnd(event="end", outcome=Outcome.FINISHED)


def live(name: str) -> Transcript:
    """A captured run, as a page that watched it shows it."""
    return fold_all(start(Transcript(), pending=HELLO), [*captures.events(name), END]).transcript


def agents(transcript: Transcript) -> dict[str, SubAgent]:
    return {call.id: call.agent for call in calls(transcript) if call.agent}


def namespaces(transcript: Transcript) -> dict[str, str]:
    return {call: agent.namespace for call, agent in agents(transcript).items()}


def inside(agent: SubAgent) -> list[str]:
    assert agent.transcript is not None
    return [text.strip() for text in texts(agent.transcript)]


def told(segment: str, *messages: dict[str, Any]) -> Event:
    return decode(f"values|{segment}", {"messages": list(messages)})


def asked_for(*tasks: str) -> Fold:
    """A root that has just called a tool for each of the tasks."""
    made = [ev.call(f"c{number}", "task", description=task) for number, task in enumerate(tasks)]
    return folded(ev.values(ev.human("hello"), ev.ai("", tool_calls=made)), pending=HELLO)


def test_each_researcher_stands_with_the_call_that_gave_it_its_task():
    found = agents(live("delegates"))
    assert inside(found["task_1"])[-1] == "I did: read about rivers"
    assert inside(found["task_2"])[-1] == "I did: read about lakes"
    assert {found["task_1"].name, found["task_2"].name} == {"researcher"}


def test_a_researchers_own_tool_calls_are_in_its_transcript():
    agent = agents(live("delegates"))["task_1"]
    assert agent.transcript is not None
    (look,) = calls(agent.transcript)
    assert (look.name, look.status) == ("look", ToolStatus.DONE)
    assert not agent.transcript.running


def test_what_a_tool_asks_a_model_itself_is_not_the_agents_answer():
    transcript = live("delegates")
    assert texts(transcript)[-1].strip() == "Both are done."
    assert not [text for text in texts(transcript) if "tool's own" in text]
    assert inside(agents(transcript)["draw_1"])[-1] == "words of a tool's own model"


def test_the_words_of_a_subgraph_are_never_the_roots_at_any_moment():
    state = start(Transcript(), pending=HELLO)
    for event in captures.events("delegates"):
        state = fold(state, event)
        assert not [text for text in texts(state.transcript) if "I did" in text]


def test_a_graph_that_is_a_node_stands_for_itself_and_stays():
    transcript = live("hands_over")
    (agent,) = [p for m in transcript.messages for p in m.parts if isinstance(p, SubAgent)]
    assert agent.name == "writer"
    assert inside(agent) == ["words of a tool's own model"]
    assert texts(transcript)[-1].strip() == "words of a tool's own model"


def test_after_a_reload_the_calls_lead_to_what_the_server_keeps():
    seen = live("delegates")
    metadata = {"title": "x", **note_of_agents(seen.messages)}
    state = captures.document("delegates_state")
    loaded = load(state, metadata=metadata)
    assert namespaces(loaded) == namespaces(seen)
    (history,) = captures.documents("delegates_inner_history")
    kept = [text.strip() for text in texts(load(history))]
    assert kept in (inside(agent) for agent in agents(seen).values())


def test_of_two_calls_the_one_is_meant_that_handed_over_the_words():
    state = asked_for("rivers", 'lakes and "ponds"')
    state = fold(state, told("tools:b", ev.human('lakes and "ponds"', "x")))
    state = fold(state, told("tools:a", ev.human("rivers", "y")))
    assert namespaces(state.transcript) == {"c0": "tools:a", "c1": "tools:b"}


def test_a_wrong_guess_is_put_right_by_the_result():
    state = asked_for("one", "two")
    state = fold(state, told("tools:b", ev.human("a riddle", "x"), ev.ai("of b", "y")))
    state = fold(state, told("tools:a", ev.human("another", "z"), ev.ai("of a", "w")))
    assert inside(agents(state.transcript)["c0"])[-1] == "of b"
    answer = ev.tool("done", "c0", id="t0")
    state = fold(state, decode("messages", [answer, {"langgraph_checkpoint_ns": "tools:a"}]))
    assert inside(agents(state.transcript)["c0"])[-1] == "of a"
    assert inside(agents(state.transcript)["c1"])[-1] == "of b"


def test_an_agent_inside_an_agent_stands_with_the_inner_call():
    state = asked_for("outer")
    asked = ev.ai("", "i1", tool_calls=[ev.call("inner", "task")])
    state = fold(state, told("tools:a", ev.human("outer", "x"), asked))
    state = fold(state, told("tools:a|tools:b", ev.human("deep", "y"), ev.ai("deeper", "z")))
    outer = agents(state.transcript)["c0"]
    assert outer.transcript is not None
    inner = agents(outer.transcript)["inner"]
    assert inner.namespace == "tools:a|tools:b"
    assert inside(inner) == ["deep", "deeper"]


def test_a_graph_that_is_handed_the_whole_conversation_repeats_none_of_it():
    state = folded(ev.values(ev.human("hello")), pending=HELLO)
    state = fold(state, told("writer:a", ev.human("hello"), ev.ai("new", "i1")))
    (agent,) = [p for m in state.transcript.messages for p in m.parts if isinstance(p, SubAgent)]
    assert inside(agent) == ["new"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_when_the_run_is_over_nothing_in_it_runs(outcome: Outcome):
    state = asked_for("one")
    state = fold(state, told("tools:a", ev.human("one", "x"), ev.ai("half", "y")))
    over = fold(state, RunEnd(event="end", outcome=outcome)).transcript
    (agent,) = agents(over).values()
    assert agent.transcript is not None
    assert not agent.transcript.running
    assert "half" in inside(agent)


def test_a_later_run_of_the_same_thread_keeps_the_panels_of_the_earlier_one():
    before = live("delegates")
    state = start(before)
    state = fold(state, decode("values", captures.document("delegates_state")["values"]))
    assert agents(fold(state, END).transcript) == agents(before)


def test_events_of_subgraphs_that_are_nested_too_deep_are_ignored():
    state = start(Transcript(), pending=HELLO)
    path = ["tools:a"] * 3000
    event, data = next((e.event, e.data) for e in captures.events("delegates") if "|" in e.event)
    assert fold(state, decode("|".join([event.partition("|")[0], *path]), data)) is state
    near = fold(state, decode("|".join([event.partition("|")[0], *path[:DEEPEST]]), data))
    assert near is not state


PATHS = st.lists(st.sampled_from(["tools:a", "tools:b", "child:c", ""]), max_size=3)


@given(st.lists(st.tuples(PATHS, st.sampled_from([e.event for e in captures.events("delegates")]))))
def test_no_path_whatever_makes_the_fold_raise(places: list[tuple[list[str], str]]):
    payloads = {event.event.partition("|")[0]: event.data for event in captures.events("delegates")}
    state = start(Transcript(), pending=HELLO)
    for path, name in places:
        base = name.partition("|")[0]
        state = fold(state, decode("|".join([base, *path]), payloads[base]))
    assert [part for m in state.transcript.messages for part in m.parts if part is None] == []
    assert isinstance(fold(state, END).transcript, Transcript)
    assert all(isinstance(call, ToolCall) for call in calls(state.transcript))


def rows_of_agents(transcript: Transcript) -> list[SubAgent]:
    return [p for m in transcript.messages for p in m.parts if isinstance(p, SubAgent)]


def test_an_agent_that_is_a_node_keeps_its_place_when_its_node_returns_calls_with_results():
    transcript = live("supervisor")
    assert not agents(transcript)
    assert [agent.name for agent in rows_of_agents(transcript)] == [
        "lead",
        "math",
        "lead",
        "research",
        "lead",
    ]


@pytest.mark.parametrize("name", ["supervisor", "swarm", "hands_over", "delegates"])
def test_of_agents_that_are_nodes_none_runs_once_its_node_is_over(name: str):
    state = start(Transcript(), pending=HELLO)
    for event in captures.events(name):
        state = fold(state, event)
        if not event.namespace and event.event == "updates" and isinstance(event.data, dict):
            over = {node for node in event.data if node != "tools"}
            running = {
                agent.namespace.partition(":")[0]
                for agent in rows_of_agents(state.transcript)
                if agent.transcript and agent.transcript.running
            }
            assert not over & running
    ended = fold(state, END).transcript
    for agent in [*rows_of_agents(ended), *agents(ended).values()]:
        assert agent.transcript is None or not agent.transcript.running


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_agent_left_at_work_by_an_earlier_run_is_over_with_the_next(outcome: Outcome):
    state = asked_for("one")
    left = fold(state, told("writer:a", ev.human("one", "x"), ev.ai("half", "y"))).transcript
    over = fold(start(left), RunEnd(event="end", outcome=outcome)).transcript
    found = [*rows_of_agents(over), *agents(over).values()]
    assert found
    assert not [agent for agent in found if agent.transcript and agent.transcript.running]
