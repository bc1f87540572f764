"""Tokens and what they cost."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.timeline.usage import Usage, by_model, cost, model_of, price_of, usage_of
from tests.helpers.examples import examples
from tests.helpers.values import OBJECTS, VALUES

USAGES = st.builds(Usage, *[st.integers(0, 10_000)] * 4)
PARTS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", ""]), USAGES))


class Price(NamedTuple):
    input: float
    output: float


def test_a_message_tells_its_tokens_with_those_from_a_cache_and_of_thoughts() -> None:
    message = {
        "usage_metadata": {
            "input_tokens": 100,
            "output_tokens": 20,
            "input_token_details": {"cache_read": 60},
            "output_token_details": {"reasoning": 5},
        }
    }
    assert usage_of(message) == Usage(100, 20, 60, 5)
    assert usage_of({"usage_metadata": None}) is None
    assert usage_of({}) is None


@examples(150)
@given(VALUES, OBJECTS)
def test_any_message_can_be_asked(value: Any, message: dict[str, Any]) -> None:
    keys = ("input_tokens", "output_tokens", "input_token_details", "output_token_details")
    found = usage_of({**message, "usage_metadata": dict.fromkeys(keys, value)})
    assert found
    assert min(found.input, found.output, found.cached, found.reasoning) >= 0
    assert isinstance(model_of({**message, "response_metadata": value}, message), str)


def test_the_model_is_named_by_the_message_or_else_by_its_metadata() -> None:
    assert model_of({"response_metadata": {"model_name": "a"}}, {"ls_model_name": "b"}) == "a"
    assert model_of({"response_metadata": {"model": "a"}}) == "a"
    assert model_of({"response_metadata": {}}, {"ls_model_name": "b"}) == "b"
    assert model_of({}) == ""


@examples(100)
@given(PARTS, PARTS)
def test_sums_of_models_do_not_depend_on_how_they_are_grouped(
    some: list[tuple[str, Usage]], more: list[tuple[str, Usage]]
) -> None:
    assert by_model([*some, *more]) == by_model([*by_model(some).items(), *more])
    prices = {"*": Price(1.5, 6)}
    both, one, other = (cost(by_model(parts), prices) for parts in ([*some, *more], some, more))
    assert (both or 0) == pytest.approx((one or 0) + (other or 0))


@pytest.mark.parametrize(
    ("model", "price"),
    [
        ("gpt-5", 1),
        ("gpt-5-mini", 2),
        ("openai/gpt-5", 3),
        ("gpt.5", 9),
        ("gpt-[5]", 4),
        ("anything", 9),
    ],
)
def test_the_first_name_that_fits_counts(model: str, price: int) -> None:
    names = {"gpt-5": 1, "gpt-5*": 2, "*/gpt-5": 3, "gpt-[5]": 4, "*": 9}
    prices = {name: Price(number, 0) for name, number in names.items()}
    found = price_of(model, prices)
    assert found
    assert found.input == price


def test_a_cost_is_told_only_if_all_prices_are_known() -> None:
    usage = {"a": Usage(1_000_000, 500_000), "b": Usage(1, 1)}
    assert cost(usage, {"a": Price(2, 10)}) is None
    assert cost({"a": usage["a"]}, {"a": Price(2, 10)}) == pytest.approx(7)
    assert cost({}, {"a": Price(2, 10)}) is None
