from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import Event, decode
from chat_app.client.replay import FROM_THE_START, Replay
from tests.helpers import captures
from tests.helpers.examples import examples


def token(id: str | None, text: str = "a") -> Event:
    return decode("messages", [{"type": "AIMessageChunk", "content": text}, {}], id=id)


def heard(repeats: Replay, *events: Event) -> list[Event]:
    return [event for event in events if not repeats.has(event)]


def after(*events: Event) -> Replay:
    """A stream that brought these and was then joined again."""
    repeats = Replay(FROM_THE_START)
    assert heard(repeats, *events) == list(events)
    repeats.rejoin()
    return repeats


def test_on_the_first_stream_nothing_is_a_repeat():
    assert len(heard(Replay(FROM_THE_START), *[token("100-0")] * 3)) == 3


def test_an_event_older_than_the_newest_is_a_repeat():
    first, second = token("100-0", "a"), token("101-0", "b")
    assert heard(after(first, second), first) == []


def test_of_one_millisecond_as_many_are_repeats_as_were_heard():
    same = token("100-0")
    assert heard(after(same, same), same, same, same) == [same]


def test_what_comes_again_in_the_seam_of_a_replay_is_heard_once():
    a, b, c = token("100-0", "a"), token("100-0", "b"), token("100-0", "c")
    assert heard(after(a), a, b, c, b, c) == [b, c]


def test_after_the_seam_equal_events_of_one_millisecond_are_all_heard():
    old, new, later = token("100-0"), token("101-0"), token("102-0")
    assert heard(after(old), new, old, new, later, later) == [new, later, later]


def test_after_a_second_cut_all_of_the_newest_millisecond_is_known():
    a, b, c = (token("100-0", text) for text in "abc")
    repeats = after(a)
    assert heard(repeats, a, b) == [b]
    repeats.rejoin()
    assert heard(repeats, a, b, c) == [c]


def test_ids_count_as_numbers_and_not_as_text():
    early, late = token("99-0", "a"), token("100-0", "b")
    assert heard(after(early), early, late) == [late]


def test_events_without_an_id_are_always_heard():
    assert heard(after(token(None)), token(None)) == [token(None)]


def test_ids_of_another_form_are_never_taken_for_repeats():
    repeats = after(token("run_event_2", "b"))
    assert len(heard(repeats, token("run_event_1", "a"), token("run_event_3", "c"))) == 2


@pytest.mark.parametrize(
    ("ids", "cursor"),
    [
        ((), "-1"),
        ((None,), "-1"),
        (("100-0",), "99-0"),
        (("100-0", "101-7"), "100-0"),
        (("01a2-3b_event_7",), "01a2-3b_event_7"),
    ],
)
def test_asked_for_is_one_millisecond_more_than_was_heard(ids: tuple[str | None, ...], cursor: str):
    assert after(*map(token, ids)).cursor == cursor


def test_a_cursor_that_was_given_is_asked_for_as_it_is():
    repeats = Replay("100-0")
    repeats.rejoin()
    assert repeats.cursor == "100-0"
    assert Replay().cursor is None


def numbered(milliseconds: list[int]) -> list[Event]:
    """The events of a capture, so many of them in each millisecond."""
    ids = [f"{2000 + n}-0" for n, events in enumerate(milliseconds) for _ in range(events)]
    return [token(place, str(n)) for n, place in enumerate(ids)]


@examples(300)
@given(st.data(), st.lists(st.integers(1, 4), min_size=2, max_size=12))
def test_a_replay_that_overlaps_the_live_stream_brings_each_event_once(
    data: st.DataObject, milliseconds: list[int]
):
    whole = numbered(milliseconds)
    cut = data.draw(st.integers(0, len(whole)), "cut")
    repeats = after(*whole[:cut])
    sent = [event for event in whole if (event.id or "") > (repeats.cursor or "")]
    replayed = data.draw(st.integers(cut, len(whole)), "replayed")
    subscribed = data.draw(st.integers(cut, replayed), "subscribed")
    again = [event for event in sent if event in whole[:replayed]]
    assert heard(repeats, *again, *whole[subscribed:]) == whole[cut:]


def test_a_captured_stream_replayed_from_the_start_says_nothing_new():
    whole = captures.events("resumable_full")
    assert heard(after(*whole), *whole) == []


@pytest.mark.parametrize(
    "id", [f"{'9' * 4400}-0", f"0-{'9' * 4400}", "\u0661-\u0662", "\xb2-1", "1-"]
)
def test_an_odd_id_is_heard_and_is_no_place(id: str):
    odd, later = token(id), token("100-0")
    assert heard(Replay(FROM_THE_START), odd, later, odd) == [odd, later, odd]
