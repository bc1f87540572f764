"""Tokens by model, and what they cost where prices are known.

Tokens are those that a provider tells of with its messages (``usage_metadata`` of LangChain).
Prices are plain data: US dollars for a million tokens by the name of a model, in which ``*`` stands
for any characters. The first name that fits counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PER = 1_000_000
_MOST = 10**15
"""From here on, it is no count."""


class Price(Protocol):
    """Of one model: US dollars for a million tokens."""

    @property
    def input(self) -> float: ...
    @property
    def output(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts of tokens; `cached` are part of the input, `reasoning` of the output."""

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cached + other.cached,
            self.reasoning + other.reasoning,
        )


def usage_of(message: Mapping[str, Any]) -> Usage | None:
    """What a message, or a chunk of one, tells; None where it tells nothing."""
    told = message.get("usage_metadata")
    if not isinstance(told, dict):
        return None
    return Usage(
        _count(told, "input_tokens"),
        _count(told, "output_tokens"),
        _count(told.get("input_token_details"), "cache_read"),
        _count(told.get("output_token_details"), "reasoning"),
    )


def model_of(message: Mapping[str, Any], metadata: Mapping[str, Any] | None = None) -> str:
    """The name of the model that wrote a message; empty where neither it nor its metadata tell."""
    response = message.get("response_metadata")
    told = response if isinstance(response, dict) else {}
    names = (told.get("model_name"), told.get("model"), (metadata or {}).get("ls_model_name"))
    return next((name for name in names if isinstance(name, str) and name), "")


def by_model(parts: Iterable[tuple[str, Usage]]) -> dict[str, Usage]:
    """The sums of each model, in the order in which they first occur."""
    sums: dict[str, Usage] = {}
    for model, usage in parts:
        sums[model] = sums.get(model, Usage()) + usage
    return sums


def cost(usage: Mapping[str, Usage], prices: Mapping[str, Price]) -> float | None:
    """US dollars for all of it; None unless the price of each model in it is known."""
    total = 0.0
    for model, used in usage.items():
        price = price_of(model, prices)
        if price is None:
            return None
        total += (used.input * price.input + used.output * price.output) / _PER
    return total if usage else None


def price_of(model: str, prices: Mapping[str, Price]) -> Price | None:
    """That of a model, by the first name that fits; None where none does."""
    return next((price for name, price in prices.items() if _pattern(name).fullmatch(model)), None)


@lru_cache(maxsize=1_000)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL)


def _count(told: Any, name: str) -> int:
    count = told.get(name) if isinstance(told, dict) else None
    if isinstance(count, bool) or not isinstance(count, int | float):
        return 0
    return int(count) if 0 <= count < _MOST else 0
