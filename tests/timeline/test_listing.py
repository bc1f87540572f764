"""Lists of events: pages add up to all that is wanted, whatever is in them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from chat_app.client.events import Custom, Event, MessageDelta, Updates, Values, decode
from chat_app.timeline import listing
from chat_app.timeline.listing import PREVIEW, Wanted, page_of, row_of, text_of
from chat_app.timeline.record import Ring
from tests.helpers import captures
from tests.helpers.examples import examples
from tests.helpers.values import VALUES

NAMES = st.sampled_from(
    ["values", "updates", "messages", "custom", "tasks", "debug", "events", "checkpoints", "new"]
)
PATHS = st.sampled_from(["", "|child:1", "|child:1|grandchild:2"])
EVENTS = st.lists(st.builds(lambda n, p, d: decode(n + p, d, size=9), NAMES, PATHS, VALUES))
WANTED = st.builds(
    Wanted,
    mode=st.sampled_from(["", "values", "messages", "new"]),
    node=st.sampled_from(["", "child", "a"]),
    search=st.sampled_from(["", "a", "NUL", '"']),
)


def ring_of(events: list[Event], **bounds: int) -> Ring:
    ring = Ring(**bounds)
    for event in events:
        ring.add(event, at=1.0)
    return ring


@examples(200)
@given(EVENTS, WANTED, st.integers(1, 5))
def test_the_pages_of_a_list_are_all_that_is_wanted_once_and_in_order(
    events: list[Event], wanted: Wanted, most: int
) -> None:
    ring = ring_of(events)
    found, after = [], 0
    while after < ring.last:
        page = page_of(ring.after(after), wanted, after=after, most=most)
        assert len(page.rows) <= most
        assert page.next > after
        found += page.rows
        after = page.next
    assert found == [row_of(item) for item in ring.after(0) if wanted.has(item)]


@examples(200)
@given(EVENTS)
def test_no_event_is_left_out_where_nothing_is_asked_for(events: list[Event]) -> None:
    rows = page_of(ring_of(events).after(0), Wanted(), after=0, most=10_000).rows
    assert [row.event for row in rows] == [event.event for event in events]
    assert {row.size for row in rows} <= {9}


@examples(300)
@given(NAMES, VALUES)
@example("messages", [{"content": [{"text": None}, 7, {"reasoning": "r"}], "tool_calls": [3]}])
@example("messages", [{"tool_call_chunks": [{"name": None, "args": {"a": 1}}]}, {}])
@example("values", {"text": "\n" * 1000})
@example("custom", 10**400)
def test_a_row_is_short_and_one_line_whatever_the_data_are(name: str, data: Any) -> None:
    row = row_of(ring_of([decode(name, data)]).after(0)[0])
    assert len(row.preview) <= PREVIEW * 2  # a line break is drawn as two characters
    assert "\n" not in row.preview
    json.dumps(row)


@examples(200)
@given(VALUES, st.text(max_size=3))
def test_what_is_in_the_data_is_found_in_either_case(data: Any, letters: str) -> None:
    item = ring_of([decode("custom", data)]).after(0)[0]
    assert Wanted(search=letters.upper()).has(item) == (
        letters.upper().lower() in f"custom\n{text_of(data)}".lower()
    )


def test_a_row_says_what_a_message_says() -> None:
    chunk = {"type": "AIMessageChunk", "content": "It is "}
    call = {"content": "", "tool_call_chunks": [{"name": "weather", "args": '{"city'}]}
    of_model = {"langgraph_node": "model"}
    ring = ring_of(
        [
            MessageDelta(event="messages", data=[chunk, of_model], message=chunk, metadata={}),
            MessageDelta(event="messages", data=[call, of_model], message=call, metadata={}),
            Updates(event="updates", data={"a": 1, "b": None}, updates={}),
            Values(event="values|sub:1", data={"n": [1]}, namespace=("sub:1",), values={}),
            Custom(event="custom", data="wörter"),
        ]
    )
    rows = [row_of(item) for item in ring.after(0)]
    assert [row.preview for row in rows] == [
        "It is ",
        'weather{"city',
        "a: 1, b: null",
        "n[1]",
        '"wörter"',
    ]
    assert [row.node for row in rows] == ["model", "model", "a, b", "sub", ""]


def test_a_node_is_found_by_its_name_and_by_the_subgraph_around_it() -> None:
    inner = Updates(
        event="updates|team:1", data={"a": 1, "b": 2}, namespace=("team:1",), updates={}
    )
    (item,) = ring_of([inner]).after(0)
    assert [Wanted(node=name).has(item) for name in ("a", "b", "team", "c")] == [True] * 3 + [False]


def test_a_search_through_much_goes_on_in_the_next_page() -> None:
    size = listing.MOST_SEARCHED // 2
    ring = ring_of([Event(event="custom", data="no", size=size) for _ in range(10)])
    page = page_of(ring.after(0), Wanted(search="yes"), after=0, most=100)
    assert page == ([], 3)


def test_numbers_of_any_size_are_written() -> None:
    data = {"n": 2**70, "deep": [{"a": "é"}]}
    assert json.loads(text_of(data)) == data


def test_every_event_of_every_capture_has_a_row() -> None:
    for name in captures.names():
        events = captures.events(name)
        rows = page_of(ring_of(events).after(0), Wanted(), after=0, most=10_000).rows
        assert [row.number for row in rows] == [*range(1, len(events) + 1)]
