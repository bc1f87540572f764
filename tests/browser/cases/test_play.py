"""The recorder itself: an answer is seen growing, whole at the end, and after a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.helpers.played import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.played import Played

ANSWER = "These are the plain words of an answer."


def test_an_answer_is_seen_growing_and_the_same_after_a_reload(
    play: Callable[..., Played],
) -> None:
    played = play("shapes", "plain")
    seen = {text for moment in played.moments for text in texts(moment, "text")}
    assert any(text and text != ANSWER and ANSWER.startswith(text) for text in seen)
    assert played.end == [("human", "plain"), ("text", ANSWER)]
    assert played.reload() == played.end
