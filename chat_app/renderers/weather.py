"""The result of the demo's weather tool as a small card: condition and temperatures."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.renderers import ToolVar, renders
from chat_app.components.shared.icon import icon

SAMPLE = "sample data"
"""What the tool names as its source when there was no live answer."""


@renders("weather", requires=("city", "temperature_c", "sky"))
def weather(call: ToolVar) -> rx.Component:
    """One place; where the data is a sample, the card says so."""
    now = call.result
    return rx.el.div(
        _sky(now["sky"].to(str)),
        rx.el.strong(now["temperature_c"], "°"),
        rx.el.p(
            rx.el.b(
                now["city"], rx.cond(now["source"] == SAMPLE, rx.el.small(text.WEATHER_SAMPLE))
            ),
            now["sky"],
            _fact(now["feels_like_c"], *text.WEATHER_FEELS_LIKE),
        ),
        rx.el.p(
            _fact(now["wind_kmh"], *text.WEATHER_WIND),
            _fact(now["humidity"], *text.WEATHER_HUMIDITY),
            class_name="facts",
        ),
        class_name="weather",
    )


def _fact(value: rx.Var, before: str, after: str) -> rx.Component:
    return rx.cond(value.is_not_none(), rx.el.span(before, value, after))


def _sky(sky: rx.Var[str]) -> rx.Component:
    return rx.fragment(
        rx.match(
            sky,
            ("clear sky", "mainly clear", icon("sun", class_name="sunny")),
            ("partly cloudy", icon("cloud-sun", class_name="sunny")),
            ("overcast", icon("cloud")),
            ("fog", "freezing fog", "haze", icon("cloud-fog")),
            ("thunderstorm", "thunderstorm with hail", icon("cloud-lightning", class_name="wet")),
            ("light snow", "snow", "heavy snow", "snow grains", "snow showers", icon("cloud-snow")),
            icon("cloud-rain", class_name="wet"),
        )
    )
