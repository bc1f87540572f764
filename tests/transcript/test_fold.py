"""What each event does to what the reader sees, one rule per test."""

from __future__ import annotations

from chat_app.client.events import Outcome, decode
from chat_app.transcript.fold import fold, start
from chat_app.transcript.message import (
    Failure,
    Interrupt,
    Role,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)
from tests.helpers import events as ev
from tests.helpers.folding import HELLO, calls, folded, shown, texts


def test_a_run_begins_with_the_pending_message_and_a_clean_slate():
    old = Transcript(interrupts=(Interrupt("i", 1),), failure=Failure("x", "y"))
    begun = start(old, pending=HELLO).transcript
    assert begun == Transcript(messages=(HELLO,), running=True)


def test_the_server_confirms_the_pending_message_instead_of_repeating_it():
    state = folded(pending=HELLO)
    after = fold(state, ev.values(ev.human("hello")))
    assert after.transcript is state.transcript


def test_the_run_id_comes_from_the_metadata():
    assert shown(ev.metadata("r7")).run_id == "r7"


# Append


def test_chunks_of_one_message_grow_one_text():
    assert texts(shown(ev.chunk("Hel"), ev.chunk("lo"))) == ["Hello"]


def test_two_messages_streaming_at_once_stay_apart():
    transcript = shown(
        ev.chunk("a", "1"), ev.chunk("x", "2"), ev.chunk("b", "1"), ev.chunk("y", "2")
    )
    assert texts(transcript) == ["ab", "xy"]


def test_the_arguments_of_a_call_are_shown_while_they_are_written():
    first = ev.call_chunk('{"city":', id="c1", name="weather", index=2)
    transcript = shown(
        ev.chunk(tool_call_chunks=[first]),
        ev.chunk(tool_call_chunks=[ev.call_chunk('"Par', index=2)]),
    )
    assert calls(transcript) == [ToolCall("c1", "weather", '{"city":"Par', ToolStatus.WRITING)]


def test_the_last_chunk_makes_the_calls_run():
    first = ev.call_chunk('{"city":"Paris"}', id="c1", name="weather")
    transcript = shown(ev.chunk(tool_call_chunks=[first]), ev.chunk(last=True))
    assert calls(transcript) == [ToolCall("c1", "weather", '{"city": "Paris"}', ToolStatus.RUNNING)]


def test_a_result_joins_its_call_and_shows_that_all_calls_are_written():
    both = [
        ev.call_chunk("{}", id="c1", name="weather", index=0),
        ev.call_chunk("{}", id="c2", name="weather", index=1),
    ]
    transcript = shown(ev.chunk(tool_call_chunks=both), ev.message(ev.tool("21 °C", "c2")))
    assert calls(transcript) == [
        ToolCall("c1", "weather", "{}", ToolStatus.RUNNING),
        ToolCall("c2", "weather", "{}", ToolStatus.DONE, ToolResult("21 °C", message_id="t1")),
    ]


def test_a_failed_tool_is_an_error_of_its_call():
    transcript = shown(
        ev.updates(ev.ai(tool_calls=[ev.call()])),
        ev.updates(ev.tool("no such city", status="error")),
    )
    assert [call.status for call in calls(transcript)] == [ToolStatus.ERROR]


def test_a_result_belongs_to_the_newest_call_where_a_model_reuses_ids():
    transcript = shown(
        ev.updates(ev.ai(id="a1", tool_calls=[ev.call("call_0")])),
        ev.updates(ev.tool("one", "call_0", "t1")),
        ev.updates(ev.ai(id="a2", tool_calls=[ev.call("call_0")])),
        ev.updates(ev.tool("two", "call_0", "t2")),
    )
    assert [call.result and call.result.content for call in calls(transcript)] == ["one", "two"]


def test_a_result_whose_call_is_unknown_stands_alone_until_the_call_is_known():
    alone = folded(ev.updates(ev.tool("21 °C")))
    assert [(m.role, m.id) for m in alone.transcript.messages] == [(Role.OTHER, "t1")]
    both = fold(alone, ev.values(ev.ai(tool_calls=[ev.call()]), ev.tool("21 °C")))
    assert [message.id for message in both.transcript.messages] == ["a1"]


def test_a_partial_replaces_the_one_before_it():
    transcript = shown(ev.about("a1"), ev.partial(ev.ai("Hel")), ev.partial(ev.ai("Hello")))
    assert texts(transcript) == ["Hello"]


def test_hidden_model_calls_are_not_streamed_in_either_dialect():
    for tag in ("nostream", "langsmith:hidden"):
        assert not shown(ev.chunk("secret", tags=(tag,))).messages
        assert not shown(ev.about("a1", tags=(tag,)), ev.partial(ev.ai("secret"))).messages


def test_chunks_without_an_id_continue_the_message_before_them():
    transcript = shown(ev.chunk("Hel", None), ev.chunk("lo", None), pending=HELLO)
    assert texts(transcript) == ["hello", "Hello"]


def test_a_subgraph_never_touches_the_root():
    state = folded(ev.values(ev.human("hello")))
    for name in ("values", "updates", "error"):
        event = decode(f"{name}|child:1", {"messages": []})
        assert fold(state, event).transcript is state.transcript
    answer = decode("values|child:1", {"messages": [ev.human("hello"), ev.ai("inside", "c1")]})
    assert fold(state, answer).transcript.messages[:-1] == state.transcript.messages


# Reconcile


def test_a_snapshot_adds_what_was_not_streamed_in_its_place():
    transcript = shown(
        ev.values(ev.human("old", "h0"), ev.ai("older", "a0"), ev.human("hello")), pending=HELLO
    )
    assert texts(transcript) == ["old", "older", "hello"]


def test_a_snapshot_never_removes_a_message_during_the_run():
    transcript = shown(ev.chunk("thinking"), ev.values(ev.human("hello")), pending=HELLO)
    assert texts(transcript) == ["hello", "thinking"]


def test_a_snapshot_corrects_a_finished_message_even_if_shorter():
    transcript = shown(
        ev.chunk("my secret is 42"), ev.chunk(last=True), ev.values(ev.ai("my secret"))
    )
    assert texts(transcript) == ["my secret"]


def test_an_older_snapshot_does_not_shorten_what_is_still_being_written():
    for older in (ev.values(ev.ai("Hel")), ev.updates(ev.ai("Hel"))):
        transcript = shown(ev.chunk("Hel"), ev.chunk("lo"), older, ev.chunk("!"))
        assert texts(transcript) == ["Hello!"]


def test_replayed_chunks_do_not_double_a_confirmed_message():
    transcript = shown(ev.chunk("Hello"), ev.values(ev.ai("Hello")), ev.chunk("Hello"))
    assert texts(transcript) == ["Hello"]


def test_after_a_reconnect_the_next_snapshot_corrects_doubled_text():
    doubled = (ev.chunk("Hel"), ev.chunk("lo"), ev.reconnected(), ev.chunk("lo"))
    assert texts(shown(*doubled)) == ["Hellolo"]
    for snapshot in (ev.values(ev.ai("Hello")), ev.updates(ev.ai("Hello"))):
        assert texts(shown(*doubled, snapshot)) == ["Hello"]


def test_a_result_streamed_early_outlives_a_snapshot_that_has_it_not_yet():
    asked = ev.ai(tool_calls=[ev.call()])
    transcript = shown(ev.values(asked), ev.message(ev.tool("21 °C")), ev.values(asked))
    assert [call.status for call in calls(transcript)] == [ToolStatus.DONE]


def test_a_message_of_an_update_without_an_id_takes_the_id_it_was_streamed_with():
    transcript = shown(ev.chunk("Hello"), ev.updates(ev.ai("Hello", None)))
    assert [message.id for message in transcript.messages] == ["a1"]


def test_a_snapshot_names_a_message_that_had_no_id():
    transcript = shown(ev.updates(ev.ai("Hello", None)), ev.values(ev.ai("Hello", "a9")))
    assert [message.id for message in transcript.messages] == ["a9"]


def test_a_server_without_ids_confirms_the_pending_message():
    state = folded(ev.values(ev.human("hello", None)), pending=HELLO)
    assert state.transcript.messages == (HELLO,)


def test_a_message_that_is_taken_back_goes_at_once():
    transcript = shown(ev.values(ev.human("a", "1"), ev.ai("b", "2")), ev.updates(ev.remove("2")))
    assert texts(transcript) == ["a"]


def test_a_removed_result_leaves_its_call_open():
    transcript = shown(
        ev.values(ev.ai(tool_calls=[ev.call()]), ev.tool("21 °C")), ev.updates(ev.remove("t1"))
    )
    assert [(call.status, call.result) for call in calls(transcript)] == [
        (ToolStatus.RUNNING, None)
    ]


def test_remove_all_keeps_what_was_read_and_what_is_written_again_is_the_same_object():
    state = folded(ev.values(ev.human("a", "1"), ev.ai("b", "2"), ev.human("c", "3")))
    event = ev.updates(ev.remove(), ev.human("summary", "s"), ev.human("c", "3"))
    after = fold(state, event).transcript
    assert texts(after) == ["a", "b", "", "summary", "c"]
    assert after.messages[-1] is state.transcript.messages[2]


def test_a_removal_in_the_message_stream_is_honoured():
    assert not shown(ev.message(ev.ai("x")), ev.message(ev.remove("a1"))).messages


def test_an_update_may_be_a_list_of_states_and_null():
    event = decode("updates", {"a": None, "b": [{"messages": ev.ai("one", "1")}, {"messages": []}]})
    assert texts(shown(event)) == ["one"]


# Interrupts


def test_interrupts_of_updates_and_values_are_the_same_ones():
    asked = {"id": "i1", "value": {"question": "ok?"}, "response_schema": None}
    transcript = shown(ev.interrupt(asked), ev.values(ev.human("hello"), __interrupt__=[asked]))
    assert transcript.interrupts == (Interrupt("i1", {"question": "ok?"}),)


def test_parallel_branches_ask_one_by_one():
    transcript = shown(
        ev.interrupt({"id": "i1", "value": 1}), ev.interrupt({"id": "i2", "value": 2})
    )
    assert transcript.interrupts == (Interrupt("i1", 1), Interrupt("i2", 2))


def test_calls_wait_for_the_person_when_the_graph_asks():
    transcript = shown(
        ev.updates(ev.ai(tool_calls=[ev.call()])),
        ev.interrupt({"id": "i1", "value": 1}),
        ev.end(Outcome.INTERRUPTED),
    )
    assert [call.status for call in calls(transcript)] == [ToolStatus.WAITING]
    assert not transcript.running


def test_a_call_that_waits_is_given_up_when_the_person_says_something_else():
    asking = ev.ai(tool_calls=[ev.call()])
    waiting = shown(ev.values(asking), ev.interrupt({"id": "i1", "value": 1}), ev.end())
    begun = start(waiting, pending=HELLO)
    assert [call.status for call in calls(begun.transcript)] == [ToolStatus.UNANSWERED]
    after = fold(begun, ev.values(asking, ev.human("hello")))
    assert [call.status for call in calls(after.transcript)] == [ToolStatus.UNANSWERED]


def test_a_call_that_waits_goes_on_waiting_while_the_person_answers():
    asking = ev.ai(tool_calls=[ev.call()])
    waiting = shown(ev.values(asking), ev.interrupt({"id": "i1", "value": 1}), ev.end())
    assert calls(start(waiting).transcript) == calls(waiting)


def test_a_static_breakpoint_is_an_interrupt_that_asks_nothing():
    assert shown(ev.interrupt(), ev.end(Outcome.INTERRUPTED)).interrupts == (Interrupt("", None),)


# Replace, and how runs end
