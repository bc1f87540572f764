"""The list of states: names, what can be asked for by them, and the page of their pictures."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.screenshots import STATES
from tests.screenshots.__main__ import chosen, write_page

if TYPE_CHECKING:
    from pathlib import Path


def test_each_state_has_a_name_of_its_own_that_can_be_a_files() -> None:
    names = Counter(state.name for state in STATES)
    assert max(names.values()) == 1
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_each_state_is_on_some_device() -> None:
    assert [state.name for state in STATES if not state.devices] == []


def test_a_name_chooses_its_state_and_the_beginning_of_names_all_of_them() -> None:
    assert [state.name for state in chosen(["queue-paused"])] == ["queue-paused"]
    cards = [state.name for state in chosen(["card", "queue-paused"])]
    assert len(cards) > 10
    assert {name.partition("-")[0] for name in cards} == {"card", "queue"}
    assert chosen([]) == STATES


def test_a_name_that_fits_none_is_answered_with_the_list() -> None:
    with pytest.raises(SystemExit, match=r"(?s)'cards'.*queue-paused"):
        chosen(["card", "cards"])


def test_the_page_has_a_row_for_each_state_in_the_order_of_the_list(tmp_path: Path) -> None:
    for state in STATES[::-10]:
        (tmp_path / f"{state.name}.laptop.light.png").touch()
    page = write_page(tmp_path).read_text()
    names = {state.name for state in STATES[::-10]}
    assert re.findall("<h2>(.*?)</h2>", page) == [
        state.name for state in STATES if state.name in names
    ]
