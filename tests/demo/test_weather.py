from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from chat_app.demo.tools import weather
from chat_app.demo.tools.cities import CITIES, known_city
from chat_app.demo.tools.weather import SAMPLE, UnknownPlaceError, current_weather

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

PLACE = {"name": "Los Angeles", "country": "United States", "latitude": 34.05, "longitude": -118.24}
NOW = {
    "time": "2026-07-01T09:15",
    "interval": 900,
    "temperature_2m": 24.3,
    "apparent_temperature": 25.1,
    "relative_humidity_2m": 51,
    "weather_code": 2,
    "wind_speed_10m": 8.6,
}


def live(place: dict[str, Any] | None = PLACE) -> tuple[httpx.MockTransport, list[httpx.URL]]:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        if "geocoding" in request.url.host:
            return httpx.Response(200, json={"results": [place]} if place else {})
        return httpx.Response(200, json={"current": NOW})

    return httpx.MockTransport(answer), asked


async def _refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no network", request=request)


async def _hang(_: httpx.Request) -> httpx.Response:
    await asyncio.sleep(30)
    return httpx.Response(200)


async def _overloaded(_: httpx.Request) -> httpx.Response:
    return httpx.Response(503, text="<html>busy</html>")


async def _nonsense(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text="<html>a hotel's login page</html>")


async def _other_shape(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"results": [{}]})


async def test_a_live_answer_is_told_with_its_source_and_time() -> None:
    transport, _ = live()
    assert await current_weather("Los Angeles", transport) == {
        "city": "Los Angeles",
        "country": "United States",
        "temperature_c": 24.3,
        "feels_like_c": 25.1,
        "sky": "partly cloudy",
        "wind_kmh": 8.6,
        "humidity": 51,
        "observed": "2026-07-01T09:15",
        "source": "api.open-meteo.com",
    }


@pytest.mark.parametrize(
    ("said", "city"),
    [("la", "Los Angeles"), ("NYC", "New York"), ("sf", "San Francisco"), ("munchen", "Munich")],
)
async def test_a_nickname_is_looked_up_by_the_citys_name(said: str, city: str) -> None:
    transport, asked = live()
    await current_weather(said, transport)
    assert asked[0].params["name"] == city


@pytest.mark.parametrize("trouble", [_refuse, _overloaded, _nonsense, _other_shape])
async def test_without_a_live_answer_a_big_city_has_sample_data_and_says_so(
    trouble: Callable[[httpx.Request], Coroutine[None, None, httpx.Response]],
) -> None:
    sample = await current_weather("tokyo", httpx.MockTransport(trouble))
    assert sample["source"] == SAMPLE
    assert (sample["city"], sample["country"]) == ("Tokyo", "Japan")


async def test_a_silent_source_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weather.PATIENCE_SECONDS <= 3
    monkeypatch.setattr(weather, "PATIENCE_SECONDS", 0.1)
    started = time.monotonic()
    sample = await current_weather("Paris", httpx.MockTransport(_hang))
    assert time.monotonic() - started < 15
    assert sample["source"] == SAMPLE


async def test_a_small_town_without_a_live_answer_is_refused_kindly() -> None:
    with pytest.raises(UnknownPlaceError, match=r"“Ulm” is not among.*Paris"):
        await current_weather("Ulm", httpx.MockTransport(_refuse))


async def test_a_place_that_the_live_source_does_not_know_is_named() -> None:
    transport, _ = live(place=None)
    with pytest.raises(UnknownPlaceError, match="no place called “Xyzzy”"):
        await current_weather("Xyzzy", transport)


def test_every_sample_is_plausible_and_every_name_leads_to_one_city() -> None:
    assert len(CITIES) >= 40
    for city in CITIES:
        assert -60 < city.temperature_c < 60
        assert 0 <= city.humidity <= 100
        assert 0 <= city.wind_kmh < 200
        assert all(known_city(name) is city for name in (city.city, *city.aliases))


@pytest.mark.parametrize(
    ("celsius", "wind_kmh", "humidity", "felt"),
    [(30, 0, 80, 37.2), (30, 0, 20, 28.8), (5, 36, 50, -4.6)],
)
def test_moist_air_feels_warmer_and_wind_feels_colder(
    celsius: float, wind_kmh: float, humidity: float, felt: float
) -> None:
    assert weather.apparent_temperature(celsius, wind_kmh, humidity) == felt
