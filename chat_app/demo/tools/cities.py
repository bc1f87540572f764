"""The cities the demo knows by name: their time zones, nicknames and sample weather."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class City:
    """A row of `weather.json`; the weather in it is made up, only plausible for mid-June."""

    city: str
    country: str
    timezone: str
    aliases: tuple[str, ...]
    temperature_c: float
    sky: str
    wind_kmh: int
    humidity: int


def known_city(name: str) -> City | None:
    """The city of that name or nickname ("la", "nyc", "São Paulo"), else None."""
    return _BY_NAME.get(_folded(name))


def _folded(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold().replace(".", ""))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


# Read at import: the development server raises on blocking calls inside a run.
_TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("weather.json").read_text("utf-8"))

SAMPLE_TIME: str = _TABLE["observed"]
CITIES = tuple(City(**{**row, "aliases": tuple(row["aliases"])}) for row in _TABLE["cities"])
_BY_NAME = {_folded(name): city for city in CITIES for name in (city.city, *city.aliases)}
