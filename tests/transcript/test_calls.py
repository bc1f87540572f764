"""Chunks of one model call are one message, whatever ids they carry, and two calls stay two."""

from __future__ import annotations

from functools import partial, reduce
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import decode
from chat_app.transcript.fold import fold, fold_all, start
from chat_app.transcript.message import Transcript
from tests.helpers import events as ev
from tests.helpers.folding import calls, shown, texts

if TYPE_CHECKING:
    from chat_app.client.events import Event

BORN = 1_795_000_000_000
"""Milliseconds since 1970, UTC."""


def run(number: int, born: int = BORN) -> str:
    """The id that LangChain gives the chunks of a model run that began at `born`."""
    begun = f"{born:012x}"
    return f"lc_run--{begun[:8]}-{begun[8:]}-7000-8000-{number:012x}"


say = partial(ev.chunk, task="model:1")
A, B = run(1), run(2)


def moments(*events: Event) -> list[list[str]]:
    """The texts after each event, without repetitions."""
    state, seen = start(Transcript()), [[]]
    for event in events:
        state = fold(state, event)
        if (now := texts(state.transcript)) != seen[-1]:
            seen.append(now)
    assert fold_all(start(Transcript()), list(events)) == state
    return seen[1:]


def one(*pieces: tuple[str, str], saved: str) -> list[list[str]]:
    """The moments of one call whose chunks come under these ids; the last chunk is empty."""
    whole = "".join(text for text, _ in pieces)
    return moments(
        *(say(text, name) for text, name in pieces),
        say("", A, last=True),
        ev.updates(ev.ai(whole, saved)),
        ev.values(ev.ai(whole, saved)),
    )


GROWING = [["Hel"], ["Hello "], ["Hello you"]]


@pytest.mark.parametrize("saved", ["resp_1", A, "kept by the node", "x2"])
@pytest.mark.parametrize(
    "ids",
    [
        ("resp_1", A, A),
        (A, A, A),
        (A, A, "resp_1"),
        ("resp_1", "resp_1", "x2"),
        ("resp_1", "x2", "x3"),
    ],
)
def test_a_call_is_one_message_whatever_ids_its_chunks_and_the_saved_message_have(
    ids: tuple[str, str, str], saved: str
):
    pieces = zip(["Hel", "lo ", "you"], ids, strict=True)
    assert one(*pieces, saved=saved) == GROWING


@given(st.lists(st.sampled_from(["resp_1", A, B, "x2", "x3"]), max_size=12), st.booleans())
def test_no_text_is_lost_or_doubled_whatever_the_ids(ids: list[str], is_live: bool):
    words = [f"{number} " for number in range(len(ids))]
    sent = range(BORN + 1, BORN + 1 + len(ids)) if is_live else [0] * len(ids)
    pieces = zip(words, ids, sent, strict=True)
    seen = moments(*(say(word, name, sent=at) for word, name, at in pieces))
    for count, moment in enumerate(seen, 1):
        said = [int(number) for text in moment for number in text.split()]
        assert len(said) == len(set(said))
        assert not is_live or sorted(said) == list(range(count))


def test_an_empty_opening_chunk_names_the_message_that_follows():
    assert one(("", "msg_1"), ("Hello", A), saved="msg_1") == [[""], ["Hello"]]


def test_a_call_to_a_tool_stands_once_while_its_id_changes():
    first = ev.call_chunk("", id="c1", name="weather")
    events = [
        say([], "resp_1"),
        say([], A, tool_call_chunks=[first]),
        say([], A, tool_call_chunks=[ev.call_chunk('{"city":"Oslo"}')]),
        say([], A, last=True),
    ]
    asked = ev.ai([], "resp_1", tool_calls=[ev.call("c1", city="Oslo")])
    saved = shown(*events, ev.updates(asked), ev.values(asked))
    assert [call.id for call in calls(saved)] == ["c1"]
    assert [message.id for message in saved.messages] == ["resp_1"]


def test_a_replay_of_a_message_saved_under_another_id_is_not_shown_again():
    streamed = [say("Hello", A), say("", A, last=True)]
    saved = ev.values(ev.ai("Hello", "kept"))
    assert moments(*streamed, saved, *streamed) == [["Hello"]]


def test_a_saved_message_that_a_later_node_changes_is_changed_in_its_place():
    seen = moments(
        say("Hello", A),
        say("", A, last=True),
        ev.updates(ev.ai("Hello", "kept")),
        ev.values(ev.ai("Hello", "kept")),
        ev.updates(ev.ai("Hello (checked)", "kept")),
        ev.values(ev.ai("Hello (checked)", "kept")),
    )
    assert seen == [["Hello"], ["Hello (checked)"]]


def test_two_calls_in_parallel_in_one_node_stay_two():
    seen = moments(say("a", A), say("1", B), say("b", A), say("2", B), say("", B, last=True))
    assert seen == [["a"], ["a", "1"], ["ab", "1"], ["ab", "12"]]


def test_two_calls_in_parallel_under_their_providers_ids_stay_two():
    begun = [say("", "x1"), say("", "x2")]
    seen = moments(*begun, say("a", "x1"), say("1", "x2"), say("b", "x1"), say("2", "x2"))
    assert seen[-1] == ["ab", "12"]


def test_two_calls_taken_for_one_are_parted_once_the_first_goes_on():
    seen = moments(say("a", "x1"), say("1", "x2"), say("b", "x1"), say("2", "x2"))
    assert seen[2:] == [["ab", "1"], ["ab", "12"]]
    assert all("".join(moment).count("1") <= 1 for moment in seen)


def test_two_calls_of_one_node_that_say_the_same_stay_two():
    streamed = [say("Yes", A), say("", A, last=True), say("Yes", B), say("", B, last=True)]
    for saved in ((A, B), ("k1", "k2"), (A, "k2")):
        messages = [ev.ai("Yes", name) for name in saved]
        assert moments(*streamed, ev.updates(*messages), ev.values(*messages))[-1] == ["Yes", "Yes"]
        assert len(moments(*streamed, ev.updates(*messages), ev.values(*messages))) == 2


def test_calls_of_two_tasks_stay_two_though_their_ids_change():
    seen = moments(
        say("", "x1"), say("", "x2", task="model:2"), say("a", A), say("b", B, task="model:2")
    )
    assert seen[-1] == ["a", "b"]


# Attempts


def test_a_further_attempt_takes_the_place_of_the_failed_one_at_once():
    later = run(2, BORN + 1500)
    seen = moments(
        say("Half of", A, sent=BORN + 100),
        say(" a sentence", A, sent=BORN + 200),
        say("These", later, sent=BORN + 1600),
        say(" words", later, sent=BORN + 1700),
    )
    assert seen == [["Half of"], ["Half of a sentence"], ["These"], ["These words"]]


def test_the_tool_calls_of_a_failed_attempt_go_with_it():
    first = ev.call_chunk('{"city"', id="c1", name="weather")
    again = run(2, BORN + 900)
    state = shown(
        say("", A, tool_call_chunks=[first], sent=BORN + 5), say("Sunny", again, sent=BORN + 950)
    )
    assert not calls(state)
    assert texts(state) == ["Sunny"]


def test_a_fallback_with_ids_of_its_provider_takes_the_place_of_the_failed_model():
    seen = moments(say("Half", A, sent=BORN + 9), say("", "msg_1"), say("Whole", "msg_1"))
    assert seen == [["Half"], [""], ["Whole"]]


def test_a_slow_call_that_goes_on_beside_a_later_one_comes_back_before_it():
    later = run(2, BORN + 500)
    seen = moments(
        say("a", A, sent=BORN + 100),
        say("1", later, sent=BORN + 510),
        say("b", A, sent=BORN + 520),
        say("2", later, sent=BORN + 530),
    )
    assert seen[-2:] == [["ab", "1"], ["ab", "12"]]


def test_a_call_that_began_while_another_was_heard_runs_beside_it():
    beside = run(2, BORN + 150)
    seen = moments(say("a", A, sent=BORN + 200), say("1", beside, sent=BORN + 300))
    assert seen == [["a"], ["a", "1"]]


def test_a_call_that_was_finished_is_no_failed_attempt():
    over = {"finish_reason": "stop"}
    for end in (say("", A, last=True), say("", A, response_metadata=over)):
        seen = moments(
            say("One", A, sent=BORN), end, say("Two", run(2, BORN + 3000), sent=BORN + 9)
        )
        assert seen[-1] == ["One", "Two"]


# Cumulative mode


def about(id: str) -> Event:
    metadata = {"langgraph_node": "model", "langgraph_checkpoint_ns": "model:1"}
    return decode("messages/metadata", {id: {"metadata": metadata}})


def test_partials_under_two_ids_are_one_message():
    thought = {"type": "reasoning", "reasoning": "hm", "index": 0}
    said = {"type": "text", "text": "Hello", "index": 1}
    events = [
        about("resp_1"),
        ev.partial(ev.ai([thought], "resp_1")),
        about(A),
        ev.partial(ev.ai([{**said, "text": "Hel"}], A)),
        ev.partial(ev.ai([said], A)),
    ]
    assert moments(*events) == [[""], ["Hel"], ["Hello"]]
    state = reduce(
        fold, [*events, ev.values(ev.ai([thought, said], "resp_1"))], start(Transcript())
    )
    assert [message.id for message in state.transcript.messages] == ["resp_1"]
    assert len(state.transcript.messages[0].parts) == 2


def test_partials_of_a_further_attempt_take_the_place_of_the_failed_one():
    seen = moments(
        about(A),
        ev.partial(ev.ai("Half", A)),
        about(run(2, BORN + 1000)),
        ev.partial(ev.ai("Whole", run(2, BORN + 1000))),
    )
    assert seen == [["Half"], ["Whole"]]
