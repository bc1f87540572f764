"""The weather of a city: live from Open-Meteo, which asks for no key, or from bundled samples.

The two endpoints and their fields: https://open-meteo.com/en/docs and
https://open-meteo.com/en/docs/geocoding-api; sky codes are WMO code table 4677.
"""

from __future__ import annotations

import asyncio
import math
from typing import Any, TypedDict

import httpx

from chat_app.demo.tools.cities import CITIES, SAMPLE_TIME, City, known_city

GEOCODING = "https://geocoding-api.open-meteo.com/v1/search"
FORECAST = "https://api.open-meteo.com/v1/forecast"
SAMPLE = "sample data"
PATIENCE_SECONDS = 2.5

# Made at import: loading certificates blocks, and the server forbids that inside a run.
_TLS = httpx.create_ssl_context()


class Weather(TypedDict):
    """In °C, km/h and percent; `observed` is local time, `source` a host or "sample data"."""

    city: str
    country: str
    temperature_c: float
    feels_like_c: float
    sky: str
    wind_kmh: float
    humidity: float
    observed: str
    source: str


class UnknownPlaceError(LookupError):
    """No such city, as far as can be told; the text is for a person."""


async def current_weather(city: str, transport: httpx.AsyncBaseTransport | None = None) -> Weather:
    """The weather now, or a sample where no live answer comes within `PATIENCE_SECONDS`.

    Raises:
        UnknownPlaceError: the live source knows no such place, or it did not answer and there is
            no sample of it either.
    """
    known = known_city(city)
    try:
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            httpx.AsyncClient(verify=_TLS, transport=transport) as http,
        ):
            return await _live(http, known.city if known else city.strip())
    except (httpx.HTTPError, TimeoutError, KeyError, TypeError, ValueError):
        if known:
            return _sample(known)
    raise UnknownPlaceError(
        f"The live weather source does not answer, and “{city}” is not among the "
        f"{len(CITIES)} cities I have samples of. Paris, Tokyo or New York would work."
    )


async def _live(http: httpx.AsyncClient, name: str) -> Weather:
    found = await _get(http, GEOCODING, name=name, count=1, language="en")
    if not found.get("results"):
        raise UnknownPlaceError(f"I found no place called “{name}”.")
    place = found["results"][0]
    forecast = await _get(
        http,
        FORECAST,
        latitude=place["latitude"],
        longitude=place["longitude"],
        current="temperature_2m,apparent_temperature,relative_humidity_2m,weather_code,"
        "wind_speed_10m",
        timezone="auto",
    )
    now = forecast["current"]
    return Weather(
        city=place["name"],
        country=place.get("country", ""),
        temperature_c=now["temperature_2m"],
        feels_like_c=now["apparent_temperature"],
        sky=_SKY.get(now["weather_code"], "unknown"),
        wind_kmh=now["wind_speed_10m"],
        humidity=now["relative_humidity_2m"],
        observed=now["time"],
        source=httpx.URL(FORECAST).host,
    )


async def _get(http: httpx.AsyncClient, url: str, **params: str | float) -> dict[str, Any]:
    answer = await http.get(url, params=params)
    return answer.raise_for_status().json()


def apparent_temperature(celsius: float, wind_kmh: float, humidity: float) -> float:
    """How warm it feels in the shade, after Steadman, to a tenth of a degree."""
    vapour_pressure = humidity / 100 * 6.105 * math.exp(17.27 * celsius / (237.7 + celsius))
    return round(celsius + 0.33 * vapour_pressure - 0.7 * wind_kmh / 3.6 - 4, 1)


def _sample(known: City) -> Weather:
    return Weather(
        city=known.city,
        country=known.country,
        temperature_c=known.temperature_c,
        feels_like_c=apparent_temperature(known.temperature_c, known.wind_kmh, known.humidity),
        sky=known.sky,
        wind_kmh=known.wind_kmh,
        humidity=known.humidity,
        observed=SAMPLE_TIME,
        source=SAMPLE,
    )


_SKY = {
    0: "clear sky",
    1: "mainly clear",
    2: "partly cloudy",
    3: "overcast",
    45: "fog",
    48: "freezing fog",
    51: "light drizzle",
    53: "drizzle",
    55: "heavy drizzle",
    56: "freezing drizzle",
    57: "freezing drizzle",
    61: "light rain",
    63: "rain",
    65: "heavy rain",
    66: "freezing rain",
    67: "freezing rain",
    71: "light snow",
    73: "snow",
    75: "heavy snow",
    77: "snow grains",
    80: "showers",
    81: "showers",
    82: "violent showers",
    85: "snow showers",
    86: "snow showers",
    95: "thunderstorm",
    96: "thunderstorm with hail",
    99: "thunderstorm with hail",
}
