"""What the agent's memory no longer has stays on the page, live and after a reload."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.fold import fold, load, start
from chat_app.transcript.load import carried_over, with_forgotten
from chat_app.transcript.memory import MARK, is_mark
from chat_app.transcript.message import Forgotten, Role, Transcript
from tests.helpers import events as ev
from tests.helpers.folding import folded, shown, texts

A, B, C, D = ev.human("a", "1"), ev.ai("b", "2"), ev.human("c", "3"), ev.ai("d", "4")
SUMMARY = ev.human("So far: a.", "s1") | {"additional_kwargs": {"lc_source": "summarization"}}


def told(transcript: Transcript) -> list[str]:
    """The texts; a row of forgotten messages as ``[summary]``."""
    marks = {m.id: m.parts[0] for m in transcript.messages if is_mark(m)}
    lines = zip(transcript.messages, texts(transcript), strict=True)
    return [
        f"[{mark.summary}]" if isinstance(mark := marks.get(message.id), Forgotten) else line
        for message, line in lines
    ]


def state(*messages: Any) -> dict[str, Any]:
    return {"values": {"messages": list(messages)}}


def test_a_summary_is_a_row_where_the_memory_begins_and_no_message():
    events = [ev.values(A, B, C), ev.updates(ev.remove(), SUMMARY, C), ev.values(SUMMARY, C)]
    for count in (2, 3):
        after = shown(*events[:count])
        assert told(after) == ["a", "b", "[So far: a.]", "c"]
    assert not [m for m in after.messages if m.id == "s1" and m.role is Role.HUMAN]


def test_streamed_removals_and_summaries_wait_for_the_state_that_tells_their_place():
    before = folded(ev.values(A, B, C))
    streamed = (ev.message(ev.remove()), ev.message(SUMMARY))
    for event in streamed:
        before = fold(before, event)
        assert told(before.transcript) == ["a", "b", "c"]


def test_messages_that_are_only_removed_stay_above_a_row_that_says_so():
    for removal in (ev.updates(ev.remove("1"), ev.remove("2")), ev.values(C)):
        after = shown(ev.values(A, B, C), removal, ev.values(C, D), ev.end())
        assert told(after) == ["a", "b", "[]", "c", "d"]


def test_a_window_that_moves_on_has_one_row_at_its_beginning():
    once = shown(ev.values(A, B, C), ev.updates(ev.remove("1")), ev.values(B, C, D), ev.end())
    assert told(once) == ["a", "[]", "b", "c", "d"]
    again = shown(
        ev.values(B, C, D), ev.updates(ev.remove("2")), ev.values(C, D), ev.end(), on=once
    )
    assert told(again) == ["a", "b", "[]", "c", "d"]


def test_a_newer_summary_takes_the_place_of_the_older_one():
    newer = {**SUMMARY, "id": "s2", "content": "So far: a, b, c."}
    once = shown(ev.values(A, B, C), ev.values(SUMMARY, C), ev.end())
    again = shown(ev.values(SUMMARY, C, D), ev.values(newer, D), ev.end(), on=once)
    assert told(again) == ["a", "b", "c", "[So far: a, b, c.]", "d"]


def test_the_last_turn_taken_back_goes_from_the_page():
    for removal in (ev.updates(ev.remove("3"), ev.remove("4")), ev.values(A, B)):
        assert told(shown(ev.values(A, B, C, D), removal, ev.values(A, B), ev.end())) == ["a", "b"]


def test_instructions_that_stay_do_not_make_the_rest_taken_back():
    rules = {"type": "system", "content": "Be kind.", "id": "0"}
    after = shown(ev.values(rules, A, B, C), ev.values(rules, C), ev.end())
    assert told(after)[1:] == ["a", "b", "[]", "c"]


def test_an_answer_taken_back_goes_from_the_page_and_after_a_reload():
    live = shown(ev.values(A, B, C, D), ev.updates(ev.remove("4")), ev.values(A, B, C), ev.end())
    assert told(live) == ["a", "b", "c"]
    assert told(load(state(A, B, C), earlier=[state(A, B, C, D)])) == ["a", "b", "c"]


def test_a_result_stays_with_its_forgotten_call_where_only_the_call_was_removed():
    asked, result = ev.ai(id="2", tool_calls=[ev.call()]), ev.tool("21 °C")
    after = shown(ev.values(A, asked, result, C), ev.values(result, C), ev.end())
    assert [message.id for message in after.messages] == ["1", "2", MARK, "3"]


def test_what_is_read_from_the_server_again_keeps_what_is_forgotten():
    live = shown(ev.values(A, B, C), ev.values(C), ev.end())
    for carried in (carried_over, with_forgotten):
        assert told(carried(live, load(state(C, D)))) == ["a", "b", "[]", "c", "d"]


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=6))
def test_a_reload_shows_what_was_seen_live(turns: list[tuple[int, bool]]):
    """Each turn forgets a few of the oldest messages, maybe with a summary, and adds two."""
    memory: list[Any] = []
    snapshots: list[list[Any]] = []
    live = Transcript()
    for number, (cut, has_summary) in enumerate(turns):
        asked = ev.human(f"q{number}", f"h{number}")
        memory = [*memory, asked]
        snapshots.append(memory)
        events = [ev.values(*memory)]
        rest = memory[min(cut, len(memory) - 1) :]
        if has_summary and rest != memory:
            rest = [{**SUMMARY, "id": f"s{number}", "content": f"sum {number}"}, *rest]
        memory = rest
        events.append(ev.values(*memory))
        memory = [*memory, ev.ai(f"a{number}", f"a{number}")]
        snapshots.append(memory)
        live = folded(*events, ev.values(*memory), ev.end(), on=live).transcript
    if snapshots:
        loaded = load(state(*snapshots[-1]), earlier=[state(*s) for s in snapshots[:-1]])
        assert loaded.messages == live.messages
    assert all(f"q{number}" in told(live) for number in range(len(turns)))
    assert start(live).transcript.messages == live.messages
