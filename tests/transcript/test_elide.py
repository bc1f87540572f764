from __future__ import annotations

from chat_app.transcript.elide import elided


def test_encoded_bytes_give_way_to_their_size_wherever_they_are():
    value = {"a": ["x" * 4000, {"b": "data:image/png;base64," + "A" * 400}], "c": "words " * 99}
    assert elided(value) == {
        "a": ["3 KB of encoded data", {"b": "316 bytes of encoded data"}],
        "c": "words " * 99,
    }


def test_short_codes_stay_as_they_are():
    assert elided({"hash": "ab12" * 16}) == {"hash": "ab12" * 16}
