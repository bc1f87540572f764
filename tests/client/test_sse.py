import math

from hypothesis import given
from hypothesis import strategies as st

from chat_app.client import Custom, MessageDelta, Metadata, RunError, Updates, Values
from tests.helpers import captures
from tests.helpers.captures import parse
from tests.helpers.examples import examples

SMALL = [name for name in captures.names() if 0 < len(captures.body(name)) < 5000]


@examples(60)
@given(name=st.sampled_from(SMALL), data=st.data())
def test_a_stream_cut_anywhere_gives_the_same_events(name: str, data: st.DataObject):
    body = captures.body(name)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(body) - 1), max_size=40)))
    edges = zip([0, *cuts], [*cuts, len(body)], strict=True)
    chunks = [body[start:stop] for start, stop in edges]
    assert parse(chunks, requested=captures.requested(name)) == captures.events(name)


def test_a_stream_in_single_bytes_gives_the_same_events():
    for name in SMALL:
        chunks = [bytes([byte]) for byte in captures.body(name)]
        assert parse(chunks, requested=captures.requested(name)) == captures.events(name)


def test_line_feeds_alone_mean_the_same_as_carriage_returns_with_them():
    for name in captures.names():
        body = captures.body(name).replace(b"\r\n", b"\n")
        assert parse([body], requested=captures.requested(name)) == captures.events(name)


def test_heartbeats_of_a_resumable_stream_are_no_events():
    body = b"event: custom\r\ndata: 1\r\nid: 7-0\r\n\r\n: heartbeat\r\n\r\n: heartbeat\r\n\r\n"
    assert parse([body]) == [Custom(event="custom", data=1, id="7-0")]


def test_fields_may_come_in_any_order_and_without_a_space():
    body = b'id:1-0\ndata:{"a":\ndata:1}\nevent:custom\n\n'
    assert parse([body]) == [Custom(event="custom", data={"a": 1}, id="1-0")]


def test_line_separators_of_unicode_and_letters_cut_in_half_survive():
    body = 'event: custom\ndata: "a\u2028b\u0085ü🌞"\n\n'.encode()
    for cut in range(len(body)):
        assert [event.data for event in parse([body[:cut], body[cut:]])] == ["a\u2028b\u0085ü🌞"]


def test_what_is_no_json_stays_text():
    deep = "[" * 100_000
    body = f"event: custom\ndata: not json\n\nevent: custom\ndata: {deep}\n\n".encode()
    assert [event.data for event in parse([body])] == ["not json", deep]


def test_json_that_is_not_quite_json_is_understood_and_can_be_sent_on():
    body = b'event: custom\ndata: {"a": [NaN, 1e400, "\\ud83d"]}\n\n'
    (event,) = parse([body])
    assert repr(event.data) == repr({"a": [math.nan, math.inf, "?"]})


def test_an_event_cut_off_by_the_end_is_dropped():
    body = b"event: custom\ndata: 1\n\nevent: custom\ndata: 2\n"
    assert [event.data for event in parse([body])] == [1]


def test_a_server_of_2024_is_understood():
    body = (
        b'event: metadata\ndata: {"run_id": "r"}\n\n'
        b'event: data\ndata: {"messages": []}\n\n'
        b'event: data\ndata: {"agent": {"messages": []}}\n\n'
        b'event: error\ndata: "broken"\n\n'
        b"event: end\ndata: null\n\n"
        b"event: end\n\n"
    )
    metadata, values, updates, error, *ends = parse([body])
    assert isinstance(metadata, Metadata)
    assert (metadata.run_id, metadata.attempt) == ("r", 1)
    assert isinstance(values, Values)
    assert isinstance(updates, Updates)
    assert isinstance(error, RunError)
    assert error.message == "broken"
    assert [(end.event, end.data) for end in ends] == [("end", None), ("end", None)]


def test_an_unnamed_event_of_2024_is_of_the_one_mode_asked_for():
    body = b'event: data\ndata: {"messages": []}\n\n'
    assert isinstance(parse([body], requested=["updates"])[0], Updates)


def test_a_message_may_come_with_its_metadata_in_a_list_alone_or_bare():
    shapes = '[{"id":"m"},{"n":1}]', '[{"id":"m"}]', '{"id":"m"}'
    body = "".join(f"event: messages\ndata: {shape}\n\n" for shape in shapes).encode()
    for event in parse([body]):
        assert isinstance(event, MessageDelta)
        assert event.message == {"id": "m"}
