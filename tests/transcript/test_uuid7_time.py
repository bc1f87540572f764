from __future__ import annotations

import pytest

from chat_app.transcript.uuid7_time import written_at


@pytest.mark.parametrize(
    ("id", "milliseconds"),
    [
        ("lc_run--01a201b3-904e-77f9-8b6a-bf392aa9a1c2-0", 0x01A201B3904E),
        ("01A201B3-904E-77F9-8B6A-BF392AA9A1C2", 0x01A201B3904E),
        ("919337d6-682b-43e5-bf16-6323e9e03c3b", 0),  # of version 4
        ("lc_run--1", 0),
        ("", 0),
        ("#3", 0),
        ("ff01a201b3-904e-77f9-8b6a-bf392aa9a1c2", 0),
    ],
)
def test_an_id_of_version_7_tells_the_time_and_no_other_does(id: str, milliseconds: int) -> None:
    assert written_at(id) == milliseconds
