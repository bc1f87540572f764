"""Pages are told of an outage of what hosts share, and not of a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from chat_app.outages import Outages

if TYPE_CHECKING:
    from chat_app.shared_store.redis import SharedStore


class _Answers:
    """Answers as it is told to."""

    def __init__(self, answers: str) -> None:
        self._answers = iter(answers)

    async def ping(self) -> bool:
        return next(self._answers) == "+"


@pytest.mark.parametrize(
    ("answers", "told"),
    [("++", []), ("-+-+", []), ("--", [True]), ("---+", [True, False]), ("--+-+--", [1, 0, 1])],
)
async def test_two_looks_make_an_outage_and_one_ends_it(answers: str, told: list[bool]) -> None:
    heard: list[bool] = []

    async def tell(is_down: bool) -> None:
        heard.append(is_down)

    store, outages = cast("SharedStore", _Answers(answers)), Outages()
    for _ in answers:
        await outages.look(store, tell)
    assert heard == told
    assert outages.is_down is bool(told and told[-1])
