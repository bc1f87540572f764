"""A JSON value as rows of a tree: each can be reached, whatever its size, keys and depth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from chat_app.timeline.difference import ADDED, CHANGED, REMOVED, Same, difference
from chat_app.timeline.value_rows import (
    OPENED,
    PAGE,
    PREVIEW,
    NoRowError,
    change_rows,
    gist_of,
    places_in,
    rows_at,
    value_at,
)
from tests.helpers.examples import examples
from tests.helpers.values import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.timeline.difference import Difference


def walked(found: Difference, at: str = "") -> Iterator[dict[str, Any]]:
    """All rows below one, page by page, as a reader opens them."""
    start = 0
    while True:
        page = rows_at(found, places_in(at), start)
        for row in page["rows"]:
            yield row
            yield from walked(found, row["at"])
        start += len(page["rows"])
        if start >= page["count"]:
            return


def leaves(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(1 + leaves(one) for one in inner)


@examples(100)
@given(VALUES)
def test_every_value_has_a_row_and_every_row_its_value(value: Any) -> None:
    rows = list(walked(Same(value)))
    assert len(rows) == leaves(value)
    for row in rows:
        at = value_at(Same(value), places_in(row["at"]))
        assert row.get("size") == (len(at) if isinstance(at, str | dict | list) else None)


@examples(100)
@given(VALUES, VALUES)
def test_the_rows_of_a_comparison_have_what_was_removed_too(before: Any, after: Any) -> None:
    found = difference(before, after)
    rows = list(walked(found))
    assert value_at(found) == after
    assert json.dumps(value_at(found)) == json.dumps(after) or isinstance(after, dict)
    if isinstance(after, dict | list) and type(before) is type(after):
        marked = any(row.get("mark") or "moved" in row for row in rows)
        assert marked == (json.dumps(before, sort_keys=True) != json.dumps(after, sort_keys=True))


def test_what_changed_is_open_and_the_rest_is_not() -> None:
    messages = [{"id": str(n), "type": "ai", "content": f"Answer {n}"} for n in range(300)]
    changed = [*messages[:-1], {**messages[-1], "content": "Another"}]
    found = difference({"messages": messages, "n": 1}, {"messages": changed, "n": 1})
    page = rows_at(found)
    assert [row["key"] for row in page["rows"]] == ["messages", "n"]
    assert page["rows"][0]["inside"]
    last = rows_at(found, (0,), 299)["rows"][0]
    assert last["inside"]
    [row] = [one for one in last["below"]["rows"] if one.get("mark")]
    assert (row["key"], row["mark"], row["was"]) == ("content", CHANGED, "Answer 299")


def test_no_answer_is_large_however_large_the_value_is() -> None:
    wide = {f"key {n}": {"text": "x" * 100_000} for n in range(5000)}
    other = {name: {"text": "y" * 100_000} for name in wide}
    for found in (Same(wide), difference(wide, other)):
        page = rows_at(found)
        assert page["count"] == 5000
        assert len(page["rows"]) == PAGE
        assert len(json.dumps(page)) < (PAGE + OPENED) * (3 * PREVIEW + 300)


def test_long_keys_are_cut_and_told_by_their_places() -> None:
    found = Same({"k" * 10_000: {"": 1}})
    [row] = rows_at(found)["rows"]
    assert len(row["key"]) == PREVIEW
    assert row["keyLength"] == 10_000
    [inner] = rows_at(found, places_in(row["at"]))["rows"]
    assert (inner["at"], inner["key"], inner["text"]) == ("0.0", "", "1")


@pytest.mark.parametrize("name", ["x", "-1", "1.", "1..2", "٣", "9" * 10, ".".join("0" * 300)])
def test_what_is_no_name_of_a_row_is_refused(name: str) -> None:
    with pytest.raises(NoRowError):
        places_in(name)


def test_a_row_that_is_not_there_is_refused() -> None:
    for at in ((0,), (0, 0), (999_999_999,)):
        with pytest.raises(NoRowError):
            value_at(Same(7), at)
    assert rows_at(Same(7)) == {"rows": [], "start": 0, "count": 0}


def test_the_changes_are_listed_a_few_at_a_time() -> None:
    found = difference({str(n): n for n in range(150)}, {str(n): n + 1 for n in range(151)})
    first, second = change_rows(found), change_rows(found, PAGE)
    assert (len(first["rows"]), first["more"]) == (PAGE, True)
    assert (len(second["rows"]), second["more"]) == (51, False)
    assert first["rows"][0] == {
        "path": ["0"],
        "kind": CHANGED,
        "before": {"kind": "number", "text": "0"},
        "after": {"kind": "number", "text": "1"},
    }
    assert second["rows"][-1]["kind"] == ADDED
    [gone] = change_rows(difference({"a": [1]}, {}))["rows"]
    assert gone == {
        "path": ["a"],
        "kind": REMOVED,
        "before": {"kind": "list", "text": "", "size": 1},
    }


def test_a_message_says_who_says_what() -> None:
    assert gist_of({"type": "human", "content": "Hello", "id": "1"}) == "human: Hello"
    blocks = [{"type": "text", "text": "One"}, {"type": "image"}, 7]
    assert gist_of({"role": "ai", "content": blocks}) == "ai: One"
    assert gist_of({"a": 1, "b": 2}) == "a, b"
    assert gist_of(True) == "true"
