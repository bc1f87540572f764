"""Arithmetic on a piece of text, without `eval`: numbers, operators and a few functions."""

from __future__ import annotations

import ast
import math
import operator
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Number = int | float

LONGEST = 200
LARGEST_BITS = 4096


class CalculationError(Exception):
    """An expression that cannot be worked out; the text says why, for a person."""


def calculate(expression: str) -> Number:
    """The value of an expression such as ``2^10``, ``15% of 80`` or ``sqrt(2) * pi``.

    Raises:
        CalculationError: not arithmetic, undefined, or larger than `LARGEST_BITS` bits.
    """
    if len(expression) > LONGEST:
        raise CalculationError(f"The expression is longer than {LONGEST} characters.")
    try:
        return _value(ast.parse(_pythonic(expression), mode="eval").body)
    except SyntaxError:
        raise CalculationError(f"“{expression}” is not arithmetic that I can read.") from None
    except ZeroDivisionError:
        raise CalculationError("Division by zero has no result.") from None
    except OverflowError:
        raise CalculationError("The result is too large.") from None
    except ValueError as undefined:
        raise CalculationError(f"That is undefined: {undefined}.") from None


def _pythonic(expression: str) -> str:
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", expression)
    text = re.sub(r"(\d+(?:\.\d+)?)\s*%\s*of\s+", r"\1/100*", text)
    return text.translate(_SIGNS).strip()


def _value(node: ast.expr) -> Number:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            value = number
        case ast.Name(id=name) if name in _CONSTANTS:
            value = _CONSTANTS[name]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            value = _UNARY[type(op)](_value(operand))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            value = _BINARY[type(op)](_value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _FUNCTIONS:
            value = _FUNCTIONS[name](_value(argument))
        case _:
            raise CalculationError("Only numbers, + - * / // % ^, brackets and simple functions.")
    return _bounded(value)


def _bounded(value: Number) -> Number:
    if isinstance(value, complex):
        raise CalculationError("The result is not a real number.")
    if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
        raise OverflowError
    if isinstance(value, float) and not math.isfinite(value):
        raise OverflowError
    return value


def _power(base: Number, exponent: Number) -> Number:
    # Checked before it is computed: 9**9**9 would keep the process busy for hours.
    if isinstance(base, int) and abs(base) > 1 and exponent * base.bit_length() > 2 * LARGEST_BITS:
        raise OverflowError
    return base**exponent


_SIGNS = str.maketrans({"^": "**", "\N{MULTIPLICATION SIGN}": "*", "÷": "/", "\N{MINUS SIGN}": "-"})
_CONSTANTS: dict[str, Number] = {"pi": math.pi, "e": math.e}
_FUNCTIONS: dict[str, Callable[[Number], Number]] = {
    "abs": abs,
    "cos": math.cos,
    "ln": math.log,
    "log": math.log10,
    "round": round,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
}
_UNARY: dict[type[ast.unaryop], Callable[[Number], Number]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
_BINARY: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}
