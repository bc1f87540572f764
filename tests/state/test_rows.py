from __future__ import annotations

import json

import pytest
from reflex.utils.format import json_dumps

from chat_app import text
from chat_app.state.rows import failure_row, interrupt_row, raw_row, stopped_row
from chat_app.transcript.message import Failure, Interrupt, Raw


def test_a_block_without_a_picture_is_shown_as_json() -> None:
    assert raw_row("1.0", Raw({"type": "image", "url": "x"})).name == "image"
    assert raw_row("1.0", Raw({"odd": object})).name == "block"


def test_a_failure_says_what_happened_and_keeps_the_servers_words() -> None:
    row = failure_row(Failure("ValueError", "no such city"))
    assert (row.text, row.detail) == (text.RUN_FAILED, "ValueError: no such city")
    assert failure_row(Failure("lost", "")).text == text.RUN_LOST


@pytest.mark.parametrize(
    ("value", "shown"),
    [("Shall I?", "Shall I?"), ({"q": 1}, '{\n  "q": 1\n}'), (None, ""), ([], "[]"), (0, "0")],
)
def test_what_the_graph_asks_is_shown(value: object, shown: str) -> None:
    row = interrupt_row(2, Interrupt("i1", value))
    assert (row.key, row.text, row.detail) == ("ask2", text.AGENT_WAITS, shown)


def test_empty_fields_of_a_row_are_not_sent() -> None:
    assert json.loads(json_dumps(stopped_row())) == {
        "key": "stopped",
        "kind": "notice",
        "text": text.STOPPED,
    }


def test_the_mark_of_a_stop_has_a_key_of_its_own() -> None:
    assert stopped_row().key != stopped_row("3.stopped").key
