from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.demo.scripted.questions import (
    DEFAULT_TOKENS,
    MOST_TOKENS,
    answer_length,
    arithmetic,
    places,
    wants_time,
    wants_weather,
)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("whats the weather in la", ["Los Angeles"]),
        ("whats the weather in la, and is it warmer than tokyo?", ["Los Angeles", "Tokyo"]),
        ("compare paris and tokyo", ["Paris", "Tokyo"]),
        ("weather in Paris, Ouagadougou and Lima in a table", ["Paris", "Ouagadougou", "Lima"]),
        ("weather in la rochelle tomorrow", ["La Rochelle"]),
        ("which is warmer, Oslo or rio?", ["Oslo", "Rio de Janeiro"]),
        ("weather in Lisbon, Portugal", ["Lisbon"]),
        ("temperature of san francisco vs. sf", ["San Francisco"]),
        ("What's the weather like today?", []),
        ("is it raining in London right now?", ["London"]),
        ("hello there, how are you?", []),
    ],
)
def test_places_are_found_in_order(question: str, named: list[str]) -> None:
    assert places(question) == named


@pytest.mark.parametrize(
    ("question", "expression"),
    [
        ("what is 12*7?", "12*7"),
        ("12 times 7", "12 * 7"),
        ("what's 15% of 1,080", "15% of 1,080"),
        ("2 to the power of 10", "2 ^ 10"),
        ("square root of 16 plus 2", "sqrt(16) + 2"),
        ("(3+4)*5 please", "(3+4)*5"),
        ("on 2024-05-01 call me at 5", ""),
        ("write 500 tokens", ""),
        ("version 3.11 - yes", ""),
    ],
)
def test_a_sum_is_found_in_words_or_signs(question: str, expression: str) -> None:
    assert arithmetic(question) == expression


@pytest.mark.parametrize(
    ("question", "tokens"),
    [
        ("write 500 tokens", 500),
        ("1,500 tokens please", 1500),
        ("2k tokens", 2000),
        ("a million tokens: 1000000 tokens", MOST_TOKENS),
        ("give me a long answer", DEFAULT_TOKENS),
        ("how long is a day", None),
        ("hello", None),
    ],
)
def test_a_length_is_understood_up_to_the_limit(question: str, tokens: int | None) -> None:
    assert answer_length(question) == tokens


def test_weather_and_time_are_told_from_other_matters() -> None:
    assert wants_weather("is it colder than yesterday")
    assert not wants_weather("show me some code")
    assert wants_time("what time is it in New York")
    assert wants_time("what’s the time")  # noqa: RUF001 - what a phone types
    assert not wants_time("12 times 7")
    assert not wants_time("what time of year do tulips bloom")


@given(st.text(max_size=300))
def test_any_text_can_be_read(question: str) -> None:
    assert all(name.strip() for name in places(question))
    assert arithmetic(question) in {"", arithmetic(question).strip()}
    assert answer_length(question) is None or 1 <= (answer_length(question) or 0) <= MOST_TOKENS
