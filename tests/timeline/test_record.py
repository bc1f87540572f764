"""Events as they are listed, and the bounded list of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.errors import UnreachableError
from chat_app.client.events import Event, Outcome, Reconnecting, RunEnd, decode
from chat_app.timeline.record import Ring, recorded
from tests.helpers import captures
from tests.helpers.examples import examples

SIZES = st.lists(st.integers(0, 50), max_size=60)


def sized(size: int) -> Event:
    return Event(event="custom", data="x" * size, size=size)


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("messages", "messages"),
        ("messages|a:1|b:2", "messages"),
        ("messages/partial", "messages"),
        ("messages/metadata", "messages"),
        ("messages-tuple", "messages"),
        ("values|a:1", "values"),
        ("tasks|a:1", "tasks"),
        ("debug", "debug"),
        ("metadata", "metadata"),
        ("never heard of|a", "never heard of"),
    ],
)
def test_the_mode_of_an_event_is_named_as_the_documentation_names_it(name: str, mode: str) -> None:
    odd = recorded(decode(name, 7), number=1, at=0)
    usual = recorded(decode(name, {"a": {}}), number=1, at=0)
    assert (odd.mode, usual.mode) == (mode, mode)
    assert (odd.data, usual.data) == (7, {"a": {}})


def test_an_event_of_2024_is_listed_under_the_mode_it_means() -> None:
    event = decode("data", {"model": None}, requested=["updates"])
    assert recorded(event, number=1, at=0).mode == "updates"


def test_what_the_client_says_itself_is_listed_with_what_it_knows() -> None:
    end = RunEnd(event="end", outcome=Outcome.FAILED, run_id="r", error="no")
    lost = UnreachableError("secret address")
    pause = Reconnecting(event="reconnecting", exception=lost, seconds=2, tries=1)
    assert recorded(end, number=1, at=0).data == {
        "outcome": "failed",
        "run_id": "r",
        "error": "no",
    }
    assert recorded(pause, number=1, at=0).data == {"seconds": 2, "tries": 1}


@pytest.mark.parametrize("name", captures.names())
def test_every_event_of_a_recording_is_listed_as_it_came(name: str) -> None:
    events = captures.events(name)
    ring = Ring()
    for event in events:
        ring.add(event, at=0)
    assert [(item.event, item.data) for item in ring.after(0)] == [
        (event.event, event.data) for event in events
    ]
    assert ring.bytes == sum(event.size for event in events)


@examples(200)
@given(SIZES, st.integers(1, 20), st.integers(0, 120))
def test_a_ring_keeps_the_newest_within_both_bounds(
    sizes: list[int], most_events: int, most_bytes: int
) -> None:
    ring = Ring(most_events, most_bytes)
    for size in sizes:
        ring.add(sized(size), at=0)
        assert len(ring) <= most_events
        assert ring.bytes <= most_bytes
        assert ring.bytes == sum(item.size for item in ring.after(0) if item.is_whole)
    kept = ring.after(0)
    assert ring.last == len(sizes)
    assert ring.dropped + len(kept) == len(sizes)
    assert [item.number for item in kept] == list(range(ring.dropped + 1, ring.last + 1))
    assert [item.size for item in kept] == sizes[ring.dropped :]
    # The one before the oldest would break a bound.
    if ring.dropped:
        before = sizes[ring.dropped - 1]
        is_full = len(kept) == most_events
        assert is_full or ring.bytes + (before if before <= most_bytes else 0) > most_bytes


@examples(200)
@given(SIZES, st.integers(1, 20), st.integers(-2, 70), st.none() | st.integers(0, 9))
def test_events_are_found_by_their_numbers(
    sizes: list[int], most_events: int, number: int, most: int | None
) -> None:
    ring = Ring(most_events, 120)
    for size in sizes:
        ring.add(sized(size), at=0)
    kept = ring.after(0)
    assert ring.after(number, most) == [item for item in kept if item.number > number][:most]
    assert ring.get(number) == next((item for item in kept if item.number == number), None)


def test_an_event_too_large_to_be_kept_is_listed_without_its_data() -> None:
    ring = Ring(10, 100)
    ring.add(sized(50), at=0)
    ring.add(sized(101), at=0)
    first, large = ring.after(0)
    assert (first.data, first.is_whole) == ("x" * 50, True)
    assert (large.data, large.is_whole, large.size) == (None, False, 101)
