"""What is printed of the events of recorded runs, and of whatever a server may send."""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat_app.cli.__main__ import DEEPEST
from chat_app.cli.following import Following
from chat_app.cli.output import Output, has_colour
from chat_app.cli.printable import in_json, in_python, one_line, shown
from chat_app.client.events import Outcome, RunEnd, decode
from tests.helpers import captures
from tests.helpers.examples import examples
from tests.helpers.values import VALUES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from chat_app.client import Event

TEXTS = st.text(
    st.characters() | st.sampled_from("\x1b\x9b[]0;mHJ\x07\r\b\n\t\u202e\u2066\u200b\ud800"),
    max_size=40,
)
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printed(events: Sequence[Event], **options: Any) -> str:
    """What the command prints of a run with these events that is finished then."""
    out = io.StringIO()

    async def replayed() -> AsyncGenerator[Event, None]:
        for event in events:
            yield event
        yield RunEnd(event="end", outcome=Outcome.FINISHED, run_id="a-run")

    output = Output(out=out, err=io.StringIO(), **options)
    client: Any = None  # a finished run is asked for nothing
    assert asyncio.run(Following(client, "a-thread", output).print(replayed())) == 0
    return out.getvalue()


def printed_by_the_how_to(chunks: Sequence[Event]) -> str:
    """The loop of LangGraph's how-tos on streaming, word by word."""
    with redirect_stdout(io.StringIO()) as out:
        for chunk in chunks:
            print(f"Receiving new event of type: {chunk.event}...")  # noqa: T201
            print(chunk.data)  # noqa: T201
            print("\n\n")  # noqa: T201
    return out.getvalue()


@pytest.mark.parametrize("name", captures.names())
def test_a_recorded_run_is_printed_as_the_how_to_prints_it(name: str) -> None:
    events = captures.events(name)
    assert printed(events) == printed_by_the_how_to(events)


@pytest.mark.parametrize("name", ["agent_values", "agent_updates", "agent_messages", "supervisor"])
def test_as_json_each_event_is_a_line_with_its_data(name: str) -> None:
    events = captures.events(name)
    *lines, last = map(json.loads, printed(events, is_json=True).splitlines())
    assert [(line["event"], line["id"], line["data"]) for line in lines] == [
        (event.event, event.id, event.data) for event in events
    ]
    assert last == {
        "event": "end",
        "id": None,
        "data": {
            "outcome": "finished",
            "waits": False,
            "error": "",
            "thread_id": "a-thread",
            "run_id": "a-run",
        },
    }


def test_colours_change_nothing_but_the_look() -> None:
    events = captures.events("agent_updates")
    coloured = printed(events, colour="always")
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == printed(events) != coloured


@given(TEXTS)
@example("\x1b]0;title\x07\x1b[2J\x9b31mred\x1bP\u202egnp.exe")
@examples(200)
def test_no_text_of_a_server_steers_the_terminal(text: str) -> None:
    event = decode(f"values|{text}", text)
    for said in (shown(text), one_line(text), in_python(text), printed([event])):
        assert not STEERING.search(said)
    assert "\n" not in one_line(text)
    for nested in ({text: [text]}, [text]):
        assert not STEERING.search(in_python(nested) + in_json(nested))
        assert "\n" not in in_python(nested) + in_json(nested)


@given(VALUES | st.dictionaries(TEXTS, TEXTS))
@examples(200)
def test_json_says_the_same_value_on_one_line(value: Any) -> None:
    said = in_json(value)
    assert json.loads(said) == value
    assert not STEERING.search(said)
    assert "\n" not in said


@pytest.fixture
def deep() -> Iterator[None]:
    """Room for nested calls, as the command makes it."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEPEST)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("deep")
def test_a_value_of_a_thousand_levels_is_printed_whole() -> None:
    value: Any = []
    for _ in range(1000):
        value = [value]
    event = decode("values", {"deep": value})
    assert "[" * 1001 + "]" * 1001 in printed([event])
    assert json.loads(printed([event], is_json=True).splitlines()[0])["data"] == {"deep": value}


def test_a_failure_that_quotes_escape_sequences_is_said_without_them() -> None:
    err = io.StringIO()
    Output(out=io.StringIO(), err=err).fail("It failed.", "\x1b[2J\x1b]52;c;cm0=\x07no\r\nway")
    assert err.getvalue() == "It failed.\nno\nway\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "stream", "environment", "expected"),
    [
        ("auto", Terminal(), {}, True),
        ("auto", io.StringIO(), {}, False),
        ("auto", Terminal(), {"NO_COLOR": "1"}, False),
        ("auto", Terminal(), {"NO_COLOR": ""}, True),
        ("auto", Terminal(), {"TERM": "dumb"}, False),
        ("never", Terminal(), {}, False),
        ("always", io.StringIO(), {"NO_COLOR": "1"}, True),
    ],
)
def test_colours_are_for_terminals_unless_a_person_says_otherwise(
    choice: Any, stream: Any, environment: dict[str, str], expected: bool
) -> None:
    assert has_colour(choice, stream, environment) is expected


def test_a_list_in_a_pipe_is_cut_nowhere_and_has_no_head() -> None:
    out = io.StringIO()
    title = "a long title " * 30
    Output(out=out, err=io.StringIO()).table(("A", "B"), [("1", title), ("2", "tab\tin \x1b[1mit")])
    assert out.getvalue() == f"1\t{title.strip()}\n2\ttab in it\n"


def test_a_list_on_a_terminal_has_a_head_and_cuts_only_the_last_column(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    out = Terminal()
    row = ("0b1c2d3e-1111-4222-8333-944445555666", "idle", "long " * 30)
    Output(colour="never", out=out, err=io.StringIO()).table(("THREAD", "STATUS", "TITLE"), [row])
    head, line = out.getvalue().splitlines()
    assert head.split() == ["THREAD", "STATUS", "TITLE"]
    assert line.startswith(f"{row[0]} ")
    assert line.rstrip().endswith("…")
    assert len(line) <= 60
    assert "\x1b" not in out.getvalue()
