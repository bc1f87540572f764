"""Answering what a graph asks, in every dialect, against a real `langgraph dev`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chat_app import text
from chat_app.state.asking import AskState
from chat_app.state.assistants import AssistantsState
from chat_app.state.threads import ThreadsState
from tests.helpers.answering import answer, cards, decide
from tests.helpers.asking_graphs import EMAIL

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab


def told(tab: Tab) -> Any:
    """What the graph says that it was answered."""
    return json.loads(tab.texts("text")[-1].partition(": ")[2])


APPROVE = {"type": "approve"}
SENT = json.dumps([*EMAIL.values()])


async def test_an_approved_call_runs_and_the_decision_stands_after_a_reload(asking: Any) -> None:
    tab = await asking("approves", "one")
    [card] = cards(tab)
    [action] = card["card"]["actions"]
    assert (action["name"], action["choices"]) == (
        "send_email",
        ["approve", "edit", "reject", "respond"],
    )
    await decide(tab, APPROVE)
    assert cards(tab) == []
    assert tab.texts("decision") == ["Approved send_email"]
    assert told(tab) == [*EMAIL.values()]
    kinds = [kind for kind, _ in tab.shown]
    assert kinds == ["human", "tool", "decision", "text"]
    before = tab.shown
    await tab.load(f"/t/{tab.thread_id}")
    assert tab.shown == before
    assert not tab.running


async def test_edited_arguments_keep_their_types(asking: Any) -> None:
    tab = await asking("approves", "one")
    fields = {"subject": "7", "copies": "4", "urgent": "true", "headers": '{"tags": [1, null]}'}
    await decide(tab, {"type": "edit", "fields": fields})
    answered = tab.texts("text")[-1]
    assert '["bob@example.com", "7", 4, true, null, {"tags": [1, null]}]' in answered.replace(
        "\\", ""
    )
    assert tab.texts("decision") == ["Approved send_email, “subject”, “copies” and 2 more edited"]


async def test_lists_and_objects_are_edited_without_json_and_keep_the_rest(asking: Any) -> None:
    tab = await asking("approves", "one")
    await decide(tab, {"type": "edit", "fields": {"headers": {"tags": ["a", "", "7"]}}})
    answered = tab.texts("text")[-1].replace("\\", "")
    assert json.dumps([*{**EMAIL, "headers": {"tags": ["a", "7"]}}.values()]) in answered
    assert tab.texts("decision") == ["Approved send_email, “headers” edited"]


async def test_what_the_schema_refuses_is_told_at_its_field_and_its_item(asking: Any) -> None:
    tab = await asking("consults", "trip")
    given = {"cities": ["Oslo", "", "X"], "guest": {"born": "soon"}}
    await answer(tab, fields=given)
    faults = {(*fault["path"],): fault["text"] for fault in tab.var(AskState, "faults")}
    assert faults.keys() == {("cities", 1), ("guest", "born"), ("guest", "email")}
    assert faults["guest", "email"] == text.NEEDED
    await answer(tab, fields={"cities": ["Oslo"], "days": ["1.0", "2"]})
    assert json.dumps(told(tab)) == '{"cities": ["Oslo"], "days": [1.0, 2]}'
    assert tab.var(AskState, "faults") == []


async def test_several_actions_are_decided_together(asking: Any) -> None:
    tab = await asking("approves", "two")
    await decide(tab, {"type": "respond", "message": "I did it"}, {"type": "reject"})
    assert tab.texts("text")[-1].startswith("Results: I did it | User rejected")
    assert tab.texts("decision") == [
        "Replied instead of send_email: I did it\nRejected delete_file"
    ]


async def test_calls_that_ask_one_by_one_are_answered_by_id_and_the_others_stay(
    asking: Any,
) -> None:
    tab = await asking("approves_each", "two")
    first, second = cards(tab)
    edit = {"type": "edit", "fields": {"copies": "four"}}
    await decide(tab, edit)
    assert tab.var(AskState, "faults") == [{"path": [0, "copies"], "text": text.NOT_A_NUMBER}]
    assert tab.var(AskState, "problem") == text.LOOK_AGAIN
    assert len(cards(tab)) == 2
    await decide(tab, {"type": "reject"}, at=1)
    assert cards(tab) == [first]
    await decide(tab, APPROVE)
    assert SENT in tab.texts("text")[-1]
    assert tab.texts("decision") == ["Rejected delete_file", "Approved send_email"]
    assert second["card"]["actions"][0]["choices"] == ["approve", "reject"]


async def test_an_agent_inside_a_tool_asks_at_the_root(asking: Any) -> None:
    tab = await asking("entrusts", "entrust")
    await decide(tab, APPROVE)
    assert SENT in tab.texts("text")[-1]
    assert cards(tab) == []


@pytest.mark.parametrize("about", ["legacy", "single"])
async def test_a_human_interrupt_is_answered_with_a_human_response(asking: Any, about: str) -> None:
    tab = await asking("consults", about)
    await decide(tab, {"type": "edit", "fields": {"copies": "5"}})
    edited = {"action": "send_email", "args": {**EMAIL, "copies": 5}}
    response = {"type": "edit", "args": edited}
    assert told(tab) == ([response] if about == "legacy" else response)


@pytest.mark.parametrize(
    ("about", "given", "answered"),
    [
        ("words", {"text": "7"}, "7"),
        ("json", {"text": "2"}, 2),
        ("malformed", {"text": '{"a": null}'}, {"a": None}),
        ("schema", {"fields": {"name": "Bo", "age": "7"}}, {"name": "Bo", "age": 7}),
    ],
)
async def test_any_question_is_answered_after_a_reload_too(
    asking: Any, about: str, given: dict[str, Any], answered: Any
) -> None:
    tab = await asking("consults", about)
    if about != "schema":  # which no state tells
        await tab.load(f"/t/{tab.thread_id}")
    await answer(tab, **given)
    assert told(tab) == answered
    assert cards(tab) == []


async def test_a_static_breakpoint_goes_on(asking: Any) -> None:
    tab = await asking("pauses", "x")
    await answer(tab)
    assert tab.shown == [("human", "x"), ("decision", text.CONTINUED), ("text", "Went on.")]


async def test_the_list_of_threads_says_who_needs_a_person(asking: Any) -> None:
    tab = await asking("consults", "words")
    assert [link["status"] for link in tab.var(ThreadsState, "links")] == ["interrupted"]
    await tab.go("/")
    await tab.go(f"/t/{tab.var(ThreadsState, 'links')[0]['id']}")
    await answer(tab, text="Bo")
    assert [link["status"] for link in tab.var(ThreadsState, "links")] == ["idle"]


async def test_the_assistant_that_asked_goes_on_whichever_is_chosen(asking: Any) -> None:
    tab = await asking("consults", "words")
    other = next(o for o in tab.var(AssistantsState, "options") if o["name"] == "agent")
    await tab.do(AssistantsState.choose, assistant_id=other["id"])
    await answer(tab, text="Bo")
    assert told(tab) == "Bo"


@pytest.mark.parametrize("given", [None, "yes", {"text": ""}, {"decisions": []}])
async def test_what_is_no_answer_is_refused_and_the_question_stays(asking: Any, given: Any) -> None:
    tab = await asking("consults", "words")
    [card] = cards(tab)
    await tab.do(AskState.answer, key=card["key"], given=given)
    assert cards(tab) == [card]
    assert tab.var(AskState, "key") == card["key"]
    assert tab.var(AskState, "problem")
    await tab.do(AskState.answer, key="another", given={"text": "Bo"})
    assert cards(tab) == [card]
    assert not tab.running


async def test_what_was_pressed_twice_is_answered_once(
    asking: Any, client: LangGraphClient
) -> None:
    tab = await asking("consults", "slow")
    key = cards(tab)[0]["key"]
    both = [await tab.enqueue(AskState.answer, key=key, given={"text": t}) for t in "ab"]
    for one in both:
        await one.wait_all()
    assert told(tab) == "a"
    assert len(await client.runs.list(tab.thread_id)) == 2
    assert tab.texts("decision") == ["Answered: a"]


async def test_a_card_whose_answer_raises_is_free_again(
    asking: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("unexpected")

    tab = await asking("consults", "words")
    before, asked = tab.var(AskState, "settled"), cards(tab)
    with monkeypatch.context() as patch:
        patch.setattr("chat_app.state.asking.answer_to", broken)
        await answer(tab, text="Bo")
    assert (tab.var(AskState, "settled"), cards(tab)) == (before + 1, asked)
    await answer(tab, text="Bo")
    assert told(tab) == "Bo"
