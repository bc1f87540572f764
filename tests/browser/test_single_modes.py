"""The question of the how-to in a chat of one stream mode, which is chosen in the inspector."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

QUESTION = "whats the weather in la"
USUAL = ["values", "updates", "messages", "custom"]


def chosen(tab: Tab, mode: str) -> Locator:
    """The open Streams tab of a new chat, where this mode alone is chosen."""
    panel = tab.page.get_by_role("region", name="Inspector")
    panel.get_by_text("Modes: As the chat needs").click()
    for other in USUAL:
        if other != mode:
            panel.get_by_role("checkbox", name=other, exact=True).uncheck()
    expect(panel.get_by_text(f"Modes: {mode}")).to_be_visible()
    return panel


def seen(tab: Tab) -> list[tuple[str | None, str]]:
    """The conversation, without the seconds that a tool took, which not every mode tells."""
    tab.answered()
    return [(kind, re.sub(r"\n?[\d.]+ m?s\b", "", text)) for kind, text in tab.conversation()]


def test_the_weather_is_answered_the_same_in_each_mode_alone(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    tab = new_tab(viewport={"width": 1280, "height": 800}).open()
    tab.ask(QUESTION)
    expected = seen(tab)
    assert [kind for kind, _ in expected].count("tool") == 1
    tab.page.get_by_role("button", name="Inspector", exact=True).click()
    tab.page.get_by_role("tab", name="Streams").click()
    with app.agent().client() as agent:
        for mode in ("values", "updates", "messages"):
            tab.open()
            panel = chosen(tab, mode)
            tab.ask(QUESTION)
            assert seen(tab) == expected, mode
            events = panel.locator(".streams-row .name").all_inner_texts()
            assert mode in events
            assert {*events} <= {"metadata", mode, "end"}, "in a list that draws what is in view"
            [run] = agent.get(f"/threads/{tab.thread_id()}/runs").json()
            asked = "messages-tuple" if mode == "messages" else mode
            assert run["kwargs"]["stream_mode"] in ([asked], asked)
            tab.page.reload()
            tab.awake()
            assert seen(tab) == expected, mode
