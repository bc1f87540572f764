from __future__ import annotations

import json

import pytest
from reflex.utils.format import json_dumps

from chat_app import text
from chat_app.state.ask_rows import ask_row, key_of
from chat_app.state.message_rows import raw_row
from chat_app.state.notices import failure_row, stopped_row
from chat_app.transcript.message import Failure, Interrupt, Raw


def test_a_block_without_a_picture_is_shown_as_json() -> None:
    assert raw_row("1.0", Raw({"type": "image", "url": "x"})).type == "image"
    assert raw_row("1.0", Raw({"odd": object})).type == "block"


def test_a_failure_says_what_happened_and_keeps_the_servers_words() -> None:
    row = failure_row(Failure("ValueError", "no such city"))
    assert (row.sentence, row.detail) == (text.RUN_FAILED, "ValueError: no such city")
    assert failure_row(Failure("lost", "")).sentence == text.RUN_LOST


@pytest.mark.parametrize(
    ("value", "kind", "card"),
    [
        ("Shall I?", "words", {"text": "Shall I?"}),
        (
            {"question": "Which?", "of": [1]},
            "free",
            {"text": "Which?", "value": {"of": [1]}, "options": []},
        ),
        ({"question": "Which?"}, "free", {"text": "Which?", "options": []}),
        ([2**60], "free", {"text": "", "value": [str(2**60)], "options": []}),
        (0, "free", {"text": "", "value": 0, "options": []}),
        ([], "free", {"text": "", "options": []}),
        (["x" * 20_000], "free", {"text": "", "raw": '["' + "x" * 15_998, "options": []}),
    ],
)
def test_what_the_graph_asks_is_shown(value: object, kind: str, card: dict) -> None:
    row = ask_row(Interrupt("i1", value))
    assert (row.question, row.card) == (kind, card)


def test_another_question_in_the_place_of_one_has_another_key() -> None:
    asked = [Interrupt("i1", "A"), Interrupt("i1", "B"), Interrupt("i2", "A"), Interrupt("", None)]
    assert len({key_of(one) for one in asked}) == 4
    assert key_of(Interrupt("i1", "A", {"type": "string"})) == key_of(asked[0])


def test_empty_fields_of_a_row_are_not_sent() -> None:
    assert json.loads(json_dumps(stopped_row())) == {
        "key": "stopped",
        "kind": "notice",
        "sentence": text.STOPPED,
    }


def test_the_mark_of_a_stop_has_a_key_of_its_own() -> None:
    assert stopped_row().key != stopped_row("3.stopped").key
