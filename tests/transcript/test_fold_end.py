"""What remains when a run is over: finished, stopped, failed, tried again."""

from __future__ import annotations

from chat_app.client.events import Event, Outcome
from chat_app.transcript.fold import fold
from chat_app.transcript.message import (
    Failure,
    Message,
    Role,
    Text,
    ToolStatus,
    Transcript,
)
from tests.helpers import events as ev
from tests.helpers.folding import HELLO, calls, folded, shown, texts


def test_what_only_passed_by_in_the_stream_goes_at_the_end():
    transcript = shown(
        ev.chunk("route: chat", "router"),
        ev.chunk(id="router", last=True),
        ev.chunk("Hello"),
        ev.values(ev.human("hello"), ev.ai("Hello")),
        ev.end(),
        pending=HELLO,
    )
    assert texts(transcript) == ["hello", "Hello"]


def test_the_last_snapshot_is_the_truth_even_of_a_message_that_never_said_it_was_complete():
    transcript = shown(ev.chunk("my secret is 42"), ev.values(ev.ai("my secret")), ev.end())
    assert texts(transcript) == ["my secret"]


def test_a_cancelled_run_keeps_a_whole_message_the_server_had_no_time_to_save():
    transcript = shown(
        ev.values(ev.human("hello")), ev.updates(ev.ai("Hello")), ev.end(Outcome.INTERRUPTED)
    )
    assert texts(transcript) == ["hello", "Hello"]


def test_without_a_snapshot_everything_streamed_stays():
    assert texts(shown(ev.chunk("Hello"), ev.end(), pending=HELLO)) == ["hello", "Hello"]


def test_a_snapshot_from_before_a_reconnect_is_not_the_truth():
    transcript = shown(ev.values(ev.human("hello")), ev.reconnected(), ev.chunk("Hello"), ev.end())
    assert texts(transcript) == ["hello", "Hello"]


def test_what_the_server_had_and_took_back_goes_at_the_end():
    old = Transcript(messages=(Message("h0", Role.HUMAN, (Text("old"),)),))
    transcript = shown(
        ev.values(ev.human("old", "h0"), ev.ai("wrong", "a0"), ev.human("hello")),
        ev.values(ev.human("old", "h0"), ev.human("hello")),
        ev.end(),
        on=old,
    )
    assert texts(transcript) == ["old", "hello"]


def test_the_answer_of_a_run_cancelled_earlier_stays_through_the_next():
    cancelled = shown(
        ev.values(ev.human("hello")), ev.chunk("Hel"), ev.end(Outcome.INTERRUPTED), pending=HELLO
    )
    again = Message("h2", Role.HUMAN, (Text("again"),))
    transcript = shown(
        ev.values(ev.human("hello"), ev.human("again", "h2")),
        ev.values(ev.human("hello"), ev.human("again", "h2"), ev.ai("Hi", "a2")),
        ev.end(),
        on=cancelled,
        pending=again,
    )
    assert texts(transcript) == ["hello", "Hel", "again", "Hi"]


def test_a_cancelled_run_keeps_its_partial_answer_but_not_its_router():
    transcript = shown(
        ev.values(ev.human("hello")),
        ev.chunk("route: chat", "router"),
        ev.chunk(id="router", last=True),
        ev.values(ev.human("hello")),
        ev.chunk("Hel"),
        ev.end(Outcome.INTERRUPTED),
    )
    assert texts(transcript) == ["hello", "Hel"]


def test_a_pause_by_the_graph_is_no_cancellation():
    transcript = shown(
        ev.values(ev.human("hello")),
        ev.chunk("route: ask", "router"),
        ev.interrupt({"id": "i", "value": 1}),
        ev.end(Outcome.INTERRUPTED),
    )
    assert texts(transcript) == ["hello"]


def test_calls_without_a_result_are_unanswered_at_the_end():
    for outcome in (Outcome.FINISHED, Outcome.INTERRUPTED, Outcome.FAILED, Outcome.LOST):
        transcript = shown(ev.updates(ev.ai(tool_calls=[ev.call()])), ev.end(outcome))
        assert [call.status for call in calls(transcript)] == [ToolStatus.UNANSWERED]


def test_calls_given_up_in_an_earlier_run_do_not_start_again():
    asked = ev.ai(tool_calls=[ev.call()])
    ended = shown(ev.values(asked), ev.end(Outcome.FAILED))
    state = folded(ev.values(asked, ev.human("hello")), on=ended)
    assert state.transcript.messages[0] is ended.messages[0]
    assert fold(state, ev.end()).transcript.messages[0] is ended.messages[0]


def test_an_error_is_shown_in_the_servers_words_and_the_partial_answer_stays():
    transcript = shown(
        ev.values(ev.human("hello")),
        ev.chunk("Hel"),
        ev.error(),
        ev.end(Outcome.FAILED, "other words"),
    )
    assert transcript.failure == Failure("RuntimeError", "kaboom")
    assert texts(transcript) == ["hello", "Hel"]


def test_a_failure_without_an_error_event_is_told_by_the_end():
    assert shown(ev.end(Outcome.FAILED, "out of time")).failure == Failure("", "out of time")
    assert shown(ev.end(Outcome.LOST, "gone")).failure == Failure("lost", "gone")


def test_a_further_attempt_discards_what_the_failed_one_streamed():
    transcript = shown(
        ev.metadata(),
        ev.values(ev.human("hello")),
        ev.chunk("Hel", "a1"),
        ev.metadata(attempt=2),
        ev.chunk("Good day", "a2"),
    )
    assert texts(transcript) == ["hello", "Good day"]


def test_a_further_attempt_keeps_finished_steps():
    transcript = shown(
        ev.updates(ev.ai("done", "a1")), ev.chunk("Hel", "a2"), ev.metadata(attempt=2)
    )
    assert texts(transcript) == ["done"]


def test_the_order_at_the_end_is_the_servers():
    transcript = shown(
        ev.chunk("two", "a2"),
        ev.chunk("one", "a1"),
        ev.values(ev.ai("one", "a1"), ev.ai("two", "a2")),
    )
    assert texts(transcript) == ["one", "two"]


# Identity


def test_an_event_that_changes_nothing_leaves_the_very_same_transcript():
    messages = [ev.human("hello"), ev.ai("x", tool_calls=[ev.call()]), ev.tool("y")]
    state = folded(ev.metadata(), ev.values(*messages), pending=HELLO)
    for event in (
        ev.metadata(),
        ev.values(*messages),
        ev.updates(*messages),
        ev.message(messages[2]),
        ev.partial(messages[1]),
        ev.complete(*messages),
        ev.chunk("x"),
        ev.about("a1"),
        Event(event="heartbeat"),
    ):
        assert fold(state, event).transcript is state.transcript, event


def test_a_token_leaves_all_other_messages_and_parts_the_same_objects():
    state = folded(
        ev.values(ev.human("hello")),
        ev.chunk([{"type": "reasoning", "reasoning": "hm", "index": 0}]),
        ev.chunk([{"type": "text", "text": "Hel", "index": 1}]),
    )
    before = state.transcript.messages
    after = fold(state, ev.chunk([{"type": "text", "text": "lo", "index": 1}])).transcript.messages
    assert after[0] is before[0]
    assert after[1].parts[0] is before[1].parts[0]
    assert after[1].parts[1] == Text("Hello")
