from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import Event, decode
from chat_app.client.repeats import Repeats
from tests.helpers import captures


def token(id: str | None, text: str = "a") -> Event:
    return decode("messages", [{"type": "AIMessageChunk", "content": text}, {}], id=id)


def heard(*events: Event) -> list[Event]:
    repeats = Repeats()
    return [event for event in events if not repeats.has(event)]


def test_an_event_older_than_the_newest_is_a_repeat():
    first, second = token("100-0", "a"), token("101-0", "b")
    assert heard(first, second, first) == [first, second]


def test_different_events_of_one_millisecond_are_all_heard():
    first, second = token("100-0", "a"), token("100-0", "b")
    assert heard(first, second) == [first, second]


def test_the_same_event_of_one_millisecond_is_heard_once():
    assert heard(token("100-0"), token("100-0")) == [token("100-0")]


def test_ids_count_as_numbers_and_not_as_text():
    early, late = token("99-0", "a"), token("100-0", "b")
    assert heard(early, late) == [early, late]


def test_events_without_an_id_are_always_heard():
    assert heard(token(None), token(None)) == [token(None), token(None)]


def test_ids_of_another_form_are_never_taken_for_repeats():
    assert len(heard(token("run_event_2", "b"), token("run_event_1", "a"))) == 2


@given(st.data())
def test_a_replay_that_overlaps_the_live_stream_brings_each_event_once(data: st.DataObject):
    whole = heard(*captures.events("resumable_full"))
    subscribed = data.draw(st.integers(0, len(whole) - 1))
    replayed = data.draw(st.integers(subscribed, len(whole)))
    assert heard(*whole[:replayed], *whole[subscribed:]) == whole
