"""Finished answers: text of every kind, media, steps."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.cases.model import png
from tests.helpers.files import wav
from tests.screenshots.content import (
    CODE,
    DIAGRAM,
    LONG_WORD,
    RIGHT_TO_LEFT,
    TABLES,
    TEXT,
    THOUGHT,
    call,
    said,
)
from tests.screenshots.state import SMALL, States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()

_FLIGHTS = json.dumps([{"flight": "TP 1901", "price": 189}, {"flight": "LH 1166", "price": 231}])
_STEPS = [
    *call("weather", {"city": "Rome"}, '{"city": "Rome", "temperature_c": 21, "sky": "fog"}'),
    *call("find_flights", {"to": "Rome", "on": "2026-12-04"}, _FLIGHTS),
    *call("book_hotel", {"city": "Rome"}, "No room is free.", status="error"),
]


@states("demo")
def answer_in_a_sentence(visit: Visit) -> None:
    visit.ask("what is 12 * 7")
    visit.tab.answered()


@states("demo", whole=True)
def answer_of_text(visit: Visit) -> None:
    visit.open_thread(said("What should I read first?", TEXT))


@states("demo", whole=True)
def answer_with_code(visit: Visit) -> None:
    visit.open_thread(said("Count the words of a text.", CODE))
    expect(visit.tab.page.locator(".prose [class^=hljs]").first).to_be_visible()


@states("demo", whole=True)
def answer_with_tables_and_formulas(visit: Visit) -> None:
    visit.open_thread(said("How do rivers flow?", TABLES))
    expect(visit.tab.page.locator(".prose math").first).to_be_visible()


@states("demo", whole=True)
def answer_with_a_diagram(visit: Visit) -> None:
    visit.open_thread(said("Draw the order of work.", DIAGRAM))
    expect(visit.tab.page.locator(".prose iframe, .prose svg, .prose img").first).to_be_visible()


@states("demo", whole=True)
def answer_from_right_to_left(visit: Visit) -> None:
    visit.open_thread(said("أخبرني عن مدن على البحر.", RIGHT_TO_LEFT))


@states("demo", whole=True)
def answer_with_very_long_words(visit: Visit) -> None:
    answer = f"{LONG_WORD}\n\n- `{LONG_WORD}`\n- https://example.com/{LONG_WORD}\n\n## {LONG_WORD}"
    visit.open_thread(said(f"What is {LONG_WORD}?", answer))


@states("demo", whole=True)
def answer_with_a_picture_and_a_sound(visit: Visit) -> None:
    sound = b64encode(wav(2)).decode()
    content = [
        {"type": "text", "text": "Here is the picture, and the sound."},
        {"type": "image", "mime_type": "image/png", "base64": png(60)},
        {"type": "audio", "mime_type": "audio/wav", "base64": sound},
    ]
    visit.open_thread(said("Show it and play it.", {"type": "ai", "content": content}))
    expect(visit.test_id("media").locator("img")).to_be_visible()


@states("several")
def answer_with_sources(visit: Visit) -> None:
    visit.ask("servertool", "shapes")
    visit.finished()


@states("several")
def answer_of_several_speakers(visit: Visit) -> None:
    visit.ask("named", "nodes")
    visit.finished()


@states("several")
def answer_of_a_graph_without_messages(visit: Visit) -> None:
    visit.tab.open()
    visit.choose("form")
    visit.tab.page.get_by_label("question").fill("How long is the Danube?")
    visit.test_id("send").click()
    expect(visit.log.get_by_text("until it was done")).to_be_visible()


@states("demo")
def steps_of_a_finished_turn(visit: Visit) -> None:
    visit.open_thread(said("A trip to Rome?", *_STEPS, "One flight is at 189 euros."))
    expect(visit.log.get_by_text("One flight is at 189 euros.")).to_be_visible()


@states("demo", whole=True)
def steps_opened(visit: Visit) -> None:
    visit.ask("think about it: compare the weather in Paris and Tokyo")
    visit.tab.answered()
    open_all(visit)


def open_all(visit: Visit) -> None:
    """Open every line of the conversation that opens, also those inside of others."""
    closed = visit.tab.page.locator(".log details:not([open]) > summary:visible")
    while closed.count():
        closed.first.click()


@states("demo", whole=True)
def steps_of_agents(visit: Visit) -> None:
    visit.ask("Research Lisbon and Tokyo")
    visit.tab.answered()


@states("demo")
def reasoning_opened(visit: Visit) -> None:
    thought = {"type": "reasoning", "reasoning": THOUGHT}
    content = [thought, {"type": "text", "text": "It leaves at ten and costs 12 euros."}]
    visit.open_thread(said("When does it leave?", {"type": "ai", "content": content}))
    open_all(visit)


@states("demo", text_size=200)
def answer_at_twice_the_text_size(visit: Visit) -> None:
    visit.open_thread(said("What should I read first?", TEXT))


@states("demo", devices=(SMALL,))
def answer_at_400_percent(visit: Visit) -> None:
    visit.open_thread(said("What should I read first?", TEXT))
