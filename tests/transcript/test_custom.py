"""Custom events, `ui` messages and decisions: kept where they came, the newest of a kind once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import Event, decode
from chat_app.transcript import custom
from chat_app.transcript.fold import fold_all, load, start
from chat_app.transcript.message import (
    CustomEvent,
    Decision,
    Message,
    Role,
    Text,
    Transcript,
    Widget,
)
from chat_app.transcript.thread_notes import note_of, note_of_run, noted
from tests.helpers import captures
from tests.helpers import events as ev
from tests.helpers.folding import HELLO, folded, shown

ANSWER = Message("a1", Role.ASSISTANT, (Text("hi"),))


def ui(id: str = "u1", name: str = "chart", **fields: Any) -> dict[str, Any]:
    return {"type": "ui", "id": id, "name": name, "props": {"n": 1}, **fields}


def below(transcript: Transcript) -> list[list[Any]]:
    return [list(message.asides) for message in transcript.messages]


def values(transcript: Transcript) -> list[Any]:
    return [a.value for m in transcript.messages for a in m.asides if isinstance(a, CustomEvent)]


def test_an_event_stands_below_the_message_after_which_it_came():
    transcript = shown(ev.custom("first"), ev.chunk("hi"), ev.custom("second"), pending=HELLO)
    assert below(transcript) == [[CustomEvent("", "first")], [CustomEvent("", "second")]]


def test_the_newest_event_of_a_kind_takes_the_place_of_the_older():
    steps = [ev.custom({"type": "progress", "done": n}) for n in range(3)]
    assert values(shown(*steps, pending=HELLO)) == [{"type": "progress", "done": 2}]


def test_work_beside_the_answer_moves_the_bar_that_stands_above_it():
    told = [{"type": "progress", "id": 1, "done": n} for n in range(3)]
    first, second, third = map(ev.custom, told)
    transcript = shown(first, ev.chunk("hi"), second, pending=HELLO)
    assert below(transcript) == [[CustomEvent("progress", told[1])], []]
    asked_again = fold_all(
        folded(first, pending=HELLO), [ev.values(ev.human("hello"), ev.human("more", "h2")), third]
    )
    assert below(asked_again.transcript)[-1] == [CustomEvent("progress", told[2])]


def test_kinds_are_told_apart_by_their_name_their_id_or_their_fields():
    told = [
        {"type": "progress", "id": "a", "done": 1},
        {"type": "progress", "id": "b", "done": 1},
        {"type": "search", "done": 1},
        {"pages": 1},
        {"pages": 2},
        {"words": 1},
    ]
    transcript = shown(*map(ev.custom, told), pending=HELLO)
    assert values(transcript) == [*told[:3], told[4], told[5]]


def test_lines_of_text_follow_each_other_and_only_the_last_fifty_are_kept():
    transcript = shown(*(ev.custom(f"line {n}") for n in range(60)), pending=HELLO)
    assert values(transcript) == [f"line {n}" for n in range(10, 60)]


def test_a_component_is_pushed_changed_merged_and_taken_back():
    state = folded(ev.custom(ui()), pending=HELLO)
    assert below(state.transcript) == [[Widget("u1", "chart", {"n": 1})]]
    state = fold_all(state, [ev.custom(ui(props={"m": 2}, metadata={"merge": True}))])
    assert below(state.transcript) == [[Widget("u1", "chart", {"n": 1, "m": 2})]]
    state = fold_all(state, [ev.custom(ui(props={"m": 3}))])
    assert below(state.transcript) == [[Widget("u1", "chart", {"m": 3})]]
    state = fold_all(state, [ev.custom({"type": "remove-ui", "id": "u1"})])
    assert below(state.transcript) == [[]]


def test_a_component_stands_below_the_message_it_names():
    named = ui(metadata={"message_id": "h1"})
    transcript = shown(ev.chunk("hi"), ev.custom(named), pending=HELLO)
    assert below(transcript) == [[Widget("u1", "chart", {"n": 1}, "h1")], []]


def pushed(**fields: Any) -> Event:
    """A component for the message `a2`, which is yet to come."""
    about = {"message_id": "a2", **fields.pop("metadata", {})}
    return ev.custom(ui(**fields, metadata=about))


LATER = [
    ev.chunk("later", "a2"),
    ev.message(ev.ai("later", "a2")),
    ev.updates(ev.ai("later", "a2")),
    ev.values(ev.human("hello"), ev.ai("hi"), ev.ai("later", "a2")),
]


@pytest.mark.parametrize("later", LATER)
def test_a_component_pushed_before_its_message_waits_for_it_and_is_never_above_it(later: Event):
    state = folded(ev.chunk("hi"), pushed(), pending=HELLO)
    assert below(state.transcript) == [[], []]
    state = fold_all(state, [later])
    assert below(state.transcript) == [[], [], [Widget("u1", "chart", {"n": 1}, "a2")]]


def test_what_changes_a_component_that_waits_waits_too_in_its_order():
    merged = pushed(props={"m": 2}, metadata={"merge": True})
    state = folded(pushed(), merged, ev.chunk("hi", "a2"), pending=HELLO)
    assert below(state.transcript)[-1] == [Widget("u1", "chart", {"n": 1, "m": 2}, "a2")]
    taken_back = ev.custom({"type": "remove-ui", "id": "u1"})
    state = folded(pushed(), taken_back, ev.chunk("hi", "a2"), pending=HELLO)
    assert below(state.transcript)[-1] == []


def test_a_component_grows_with_each_merge_below_the_message_that_is_being_written():
    state = folded(ev.chunk("hi", "a2"), pushed(), pending=HELLO)
    for n in range(3):
        more = pushed(props={f"p{n}": n}, metadata={"merge": True})
        state = fold_all(state, [more, ev.chunk(" more", "a2")])
    props = {"n": 1, "p0": 0, "p1": 1, "p2": 2}
    assert below(state.transcript) == [[], [Widget("u1", "chart", props, "a2")]]


def test_a_component_whose_message_never_comes_stands_at_the_end_as_after_a_reload():
    messages = ev.human("hello"), ev.ai("hi")
    lost = ui(metadata={"message_id": "gone"})
    state = folded(ev.custom(lost), ev.values(*messages, ui=[lost]), pending=HELLO)
    assert below(state.transcript) == [[], []]
    ended = fold_all(state, [ev.end()]).transcript
    loaded = load({"values": {"messages": list(messages), "ui": [lost]}})
    assert below(ended) == below(loaded) == [[], [Widget("u1", "chart", {"n": 1}, "gone")]]


def test_a_component_of_no_message_keeps_its_place_after_a_reload():
    state = folded(ev.chunk("hi"), ev.custom(ui()), ev.chunk("more", "a2"), ev.end(), pending=HELLO)
    seen = state.transcript
    assert below(seen) == [[], [Widget("u1", "chart", {"n": 1})], []]
    kept = {"messages": [ev.human("hello"), ev.ai("hi"), ev.ai("more", "a2")], "ui": [ui()]}
    loaded = load({"values": kept}, metadata=note_of_run("r1", seen.messages))
    assert below(loaded) == below(seen)


def test_a_state_says_which_components_there_are():
    loaded = load({"values": {"messages": [ev.human("hello"), ev.ai("hi")], "ui": [ui(), "odd"]}})
    assert below(loaded) == [[], [Widget("u1", "chart", {"n": 1})]]
    begun = start(loaded)
    told = {"messages": [ev.human("hello"), ev.ai("hi")], "ui": [ui("u2")]}
    after = fold_all(begun, [decode("values", told)])
    assert below(after.transcript) == [[], [Widget("u2", "chart", {"n": 1})]]


def test_a_snapshot_takes_nothing_that_was_reported_away():
    messages = ev.human("hello"), ev.ai("hi")
    transcript = shown(
        ev.values(*messages), ev.custom("seen"), ev.values(*messages), ev.end(), pending=HELLO
    )
    assert values(transcript) == ["seen"]


def test_a_captured_agent_pushed_one_chart_and_reported_one_progress():
    transcript = fold_all(start(Transcript()), captures.events("delegates")).transcript
    found = [aside for message in transcript.messages for aside in message.asides]
    assert [type(aside) for aside in found] == [CustomEvent, Widget]
    assert values(transcript) == [{"type": "progress", "done": 2, "of": 2}]


def test_a_decision_is_noted_and_found_again():
    decision = Decision("i1", ("Approved send_email", "to edited"))
    messages = noted((HELLO, ANSWER), {"title": "x", **note_of(decision, (HELLO,))})
    assert [list(message.asides) for message in messages] == [[decision], []]


def test_metadata_of_any_other_making_is_passed_over():
    odd = {"chat_decision:x": 1, "chat_agent:y": {"namespace": 2}, "chat_decision:z": {"after": 1}}
    assert noted((HELLO, ANSWER), odd) == (HELLO, ANSWER)


KEYS = st.sampled_from(["type", "id", "name", "props", "metadata", "message_id", "merge", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(JSON | st.dictionaries(KEYS, JSON | st.sampled_from(["ui", "remove-ui", "u1"]))))
def test_whatever_is_reported_nothing_raises_and_no_message_is_lost(told: list[Any]):
    messages = (HELLO, ANSWER)
    for value in told:
        messages = custom.reported(messages, value)
        assert [message.id for message in messages] == ["h1", "a1"]
        assert sum(len(message.asides) for message in messages) <= len(told)
    custom.with_widgets(messages, told)
