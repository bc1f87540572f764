from __future__ import annotations

import time

from chat_app.runs.ids import uuid7
from chat_app.transcript.uuid7_time import written_at


def test_an_id_tells_when_it_was_made() -> None:
    before = time.time() * 1000 - 1
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= written_at(str(made)) <= time.time() * 1000


def test_no_two_ids_are_the_same() -> None:
    assert len({uuid7() for _ in range(1000)}) == 1000
