from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.state.safe_json import MOST_LEVELS, parse, parse_beginning
from tests.helpers.values import OBJECTS


def is_part_of(part: Any, whole: Any) -> bool:
    """Whether nothing in `part` is other than in `whole`: only less of it."""
    match part, whole:
        case dict(), dict():
            return all(name in whole and is_part_of(part[name], whole[name]) for name in part)
        case list(), list():
            return len(part) <= len(whole) and all(map(is_part_of, part, whole))
        case str(), str():
            return whole.startswith(part)
        case int() | float() | str(), int() | float():
            return True  # as far as its digits go
        case _:
            return part == whole and type(part) is type(whole)


@given(OBJECTS, st.booleans())
def test_every_beginning_of_an_object_is_a_part_of_it_and_the_last_is_the_whole(
    value: dict[str, Any], ascii_only: bool
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    for length in range(1, len(text)):
        part = parse_beginning(text[:length])
        assert isinstance(part, dict)
        assert is_part_of(part, value)
    assert parse_beginning(text) == parse(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": tru', {}),
        ('{"a": 12', {"a": 12}),
        ('{"a": 1.', {}),
        ('{"a": 12,', {"a": 12}),
        ('{"a": "half', {"a": "half"}),
        ('{"a": "cut \\u00', {"a": "cut "}),
        ('{"a": "cut \\', {"a": "cut "}),
        ('{"a": "half a face \\ud83d', {"a": "half a face "}),
        ('{"a": "quote \\"', {"a": 'quote "'}),
        ('{"a": [1, {"b": "c', {"a": [1, {"b": "c"}]}),
        ('{"a": 1, "unfinished', {"a": 1}),
        ('{"a": "x, y: [z]", "b": [', {"a": "x, y: [z]", "b": []}),
        ('["a", "b', ["a", "b"]),
    ],
)
def test_a_cut_text_is_read_up_to_what_is_known(text: str, value: Any) -> None:
    assert parse_beginning(text) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12345678901234567890", "12345678901234567890"),
        ("-9007199254740993", "-9007199254740993"),
        ("9007199254740991", 2**53 - 1),
        ("1" * 4000, "1" * 4000),
        ("1e999", "inf"),
        ("NaN", "nan"),
        ("-Infinity", "-inf"),
        ("1.5", 1.5),
    ],
)
def test_numbers_that_a_browser_would_change_arrive_as_text(written: str, value: Any) -> None:
    read = parse(f"[{written}]")
    assert read == [value]
    assert json.loads(json.dumps(read, allow_nan=False).encode()) == read


def test_names_that_mean_something_in_a_browser_are_names() -> None:
    assert parse('{"__proto__": {"a": 1}, "1": 2}') == {"__proto__": {"a": 1}, "1": 2}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "{'a': 1}",
        '{"a": 1} and more',
        "[1, 2",
        "}",
        "{]",
        "{" * 10_000,
        '{"a":' * 10_000,
        '["lone \\udc00 half"]',
        "[" * (MOST_LEVELS + 1) + "]" * (MOST_LEVELS + 1),
    ],
    ids=lambda text: text[:20],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@given(st.text('{}[]",:\\u0123456789abcdef tnl.-', max_size=60))
def test_a_beginning_of_anything_is_read_or_refused(text: str) -> None:
    try:
        value = parse_beginning(text)
    except ValueError:
        return
    assert json.dumps(value, allow_nan=False)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "' + "x" * 200_000,
        '{"a": "' + '\\n\\"' * 50_000,
        '{"a": [' + '"b", ' * 40_000,
        '{"a": [' + "1, " * 60_000,
    ],
    ids=["long", "escapes", "strings", "numbers"],
)
def test_a_large_beginning_is_read_in_the_time_of_a_few_like_it(text: str) -> None:
    half = text[: len(text) // 2]
    assert seconds(text) < 8 * seconds(half) + 0.05


def seconds(text: str) -> float:
    def once() -> float:
        began = time.process_time()
        parse_beginning(text)
        return time.process_time() - began

    return min(once() for _ in range(3))
