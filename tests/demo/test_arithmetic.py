from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.demo.tools.arithmetic import LARGEST_BITS, LONGEST, CalculationError, calculate


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("12 * (7 + 5)", 144),
        ("2^10", 1024),
        ("15% of 1,080", 162),
        ("7 // 2 + 7 % 2", 4),
        ("-3 ** 2", -9),
        ("sqrt(2) * pi", math.sqrt(2) * math.pi),
        ("6 \N{MULTIPLICATION SIGN} 7 ÷ 2 \N{MINUS SIGN} 1", 20),
        ("2^1000", 2**1000),
    ],
)
def test_an_expression_has_the_value_a_person_expects(expression: str, value: float) -> None:
    assert calculate(expression) == pytest.approx(value)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("1/0", "zero"),
        ("(-8)^0.5", "real number"),
        ("sqrt(-1)", "undefined"),
        ("9^9^9", "too large"),
        ("2.0^99999", "too large"),
        ("1 +", "not arithmetic"),
        ("__import__('os')", "Only numbers"),
        ("(1).__class__", "Only numbers"),
        ("True + 1", "Only numbers"),
        ("9" * (LONGEST + 1), "longer than"),
    ],
)
def test_what_cannot_be_worked_out_is_explained(expression: str, said: str) -> None:
    with pytest.raises(CalculationError, match=said):
        calculate(expression)


@given(st.text(alphabet="0123456789+-*/%^(). ,episqrt", max_size=60))
def test_any_text_gives_a_bounded_number_or_an_explanation(expression: str) -> None:
    try:
        value = calculate(expression)
    except CalculationError as explained:
        assert str(explained)  # noqa: PT017 - both outcomes are allowed
    else:
        assert (
            math.isfinite(value)
            if isinstance(value, float)
            else (value.bit_length() <= LARGEST_BITS)
        )
